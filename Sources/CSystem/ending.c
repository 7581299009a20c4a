// How the process ends by itself: see wasmrun_ending.h.
#define _GNU_SOURCE
#include "wasmrun_ending.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "line.h"

static struct {
  int descriptor, status;
  const char *message;
} time_out;

static struct {
  volatile sig_atomic_t is_kept;
  int flags;
} streams[3];

void wasmrun_restore_stream_flags(void) {
  for (int stream = 0; stream < 3; stream++) {
    if (streams[stream].is_kept) fcntl(stream, F_SETFL, streams[stream].flags);
  }
}

struct record {
  pid_t process;
  int descriptor;
  const char *before, *after;
  uint64_t start;
};
/// Null where none is wanted. Never freed, since a signal may come at any time.
static struct record *_Atomic record;

/// A thread's own: its address says which thread that is.
static _Thread_local char own_mark;
/// Of the thread that writes the record and ends the process then. Null until there is one.
static char *_Atomic writer;
/// What the process exits with once the record is written; -1 before, and where a signal ends it.
static atomic_int recorded_status = -1;

/// Those that end a process and that nobody else here handles.
static const int ending_signals[] = {
    SIGHUP,    SIGINT,  SIGQUIT, SIGABRT,   SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM,
    SIGTERM,   SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT};

static const struct record *wanted_record(void) {
  const struct record *wanted = atomic_load(&record);
  // A child has the handlers, too, and other files.
  return wanted && wanted->process == getpid() ? wanted : NULL;
}

/// Whether the calling thread has to write the record. Where another one is writing it, that one
/// ends the process: the calling one, which would end it too early and otherwise than the record
/// says, stays here until then. It asks for nothing meanwhile that other threads may wait for.
static bool take_record(void) {
  char *nobody = NULL;
  if (atomic_compare_exchange_strong(&writer, &nobody, &own_mark)) return true;
  if (nobody == &own_mark) return false;
  while (true) {
    int status = atomic_load(&recorded_status);
    if (status >= 0) _exit(status);
    struct timespec moment = {.tv_nsec = 1000000};
    // What the sandbox allows for sleeping.
    clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL);
  }
}

/// Writes the record, which this thread has taken. `outcome` are its members about the end.
static void write_record(const struct record *wanted, const struct line *outcome) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct line rest = {0};
  append_number(&rest,
                (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - wanted->start);
  append(&rest, "}}\n");
  struct iovec parts[] = {{(void *)wanted->before, strlen(wanted->before)},
                          {(void *)outcome->text, outcome->used},
                          {(void *)wanted->after, strlen(wanted->after)},
                          {rest.text, rest.used}};
  (void)!writev(wanted->descriptor, parts, sizeof parts / sizeof *parts);
}

void wasmrun_record_signal(int signal) {
  const struct record *wanted = wanted_record();
  if (!wanted || !take_record()) return;
  struct line outcome = {0};
  append(&outcome, "\"outcome\":\"signaled\",\"status\":");
  append_number(&outcome, 128 + (uint64_t)signal);
  append(&outcome, ",\"signal\":\"SIG");
  const char *name = sigabbrev_np(signal);
  if (name) append(&outcome, name);
  append(&outcome, "\"");
  write_record(wanted, &outcome);
}

/// Lets the process die of a signal, as it would have without a handler: once this one returns.
static void die_of(int signal) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);
  raise(signal);
}

static void put_back(int signal) {
  wasmrun_restore_stream_flags();
  wasmrun_record_signal(signal);
  die_of(signal);
}

/// Handles the signals that end the process, where that is their effect.
static void handle_ending_signals(void) {
  static bool are_handled;
  enum { COUNT = sizeof ending_signals / sizeof *ending_signals };
  for (size_t index = 0; !are_handled && index < COUNT; index++) {
    struct sigaction current, action = {.sa_handler = put_back, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (sigaction(ending_signals[index], NULL, &current) == 0 && current.sa_handler == SIG_DFL)
      sigaction(ending_signals[index], &action, NULL);
  }
  are_handled = true;
}

static void end(int signal, siginfo_t *info, void *context) {
  (void)context;
  wasmrun_restore_stream_flags();
  // Others can send the signal as well, the guest among them.
  if (info->si_code != SI_KERNEL) {
    wasmrun_record_signal(signal);
    die_of(signal);
    return;
  }
  const struct record *wanted = wanted_record();
  const bool is_writer = wanted && take_record();
  (void)!write(time_out.descriptor, time_out.message, strlen(time_out.message));
  if (is_writer) {
    struct line outcome = {0};
    append(&outcome, "\"outcome\":\"timeout\",\"status\":");
    append_number(&outcome, (uint64_t)time_out.status);
    write_record(wanted, &outcome);
  }
  _exit(time_out.status);
}

int wasmrun_end_after(uint64_t nanoseconds, int descriptor, const char *message, int status) {
  time_out.descriptor = descriptor;
  time_out.message = message;
  time_out.status = status;
  // On the signal stack: the guest's may be full.
  struct sigaction action = {.sa_sigaction = end, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGALRM, &action, NULL) == -1) return -1;
  // Whoever started this process may have blocked the signal, which a child inherits.
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  if (sigprocmask(SIG_UNBLOCK, &alarm, NULL) == -1) return -1;
  uint64_t microseconds = nanoseconds / 1000 + (nanoseconds % 1000 != 0);
  struct itimerval timer = {.it_value = {.tv_sec = (time_t)(microseconds / 1000000),
                                         .tv_usec = (suseconds_t)(microseconds % 1000000)}};
  return setitimer(ITIMER_REAL, &timer, NULL);
}

void wasmrun_keep_stream_flags(int descriptor, int flags) {
  if (descriptor < 0 || descriptor > 2 || streams[descriptor].is_kept) return;
  handle_ending_signals();
  streams[descriptor].flags = flags;
  streams[descriptor].is_kept = 1;
}

int wasmrun_record_ending(int descriptor, const char *before, const char *after,
                          uint64_t start) {
  struct record *wanted = malloc(sizeof *wanted);
  if (!wanted) return -1;
  *wanted = (struct record){getpid(), descriptor, before, after, start};
  atomic_store(&record, wanted);
  handle_ending_signals();
  return 0;
}

bool wasmrun_take_ending_record(void) {
  sigset_t signals;
  sigemptyset(&signals);
  enum { COUNT = sizeof ending_signals / sizeof *ending_signals };
  for (size_t index = 0; index < COUNT; index++) sigaddset(&signals, ending_signals[index]);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  return take_record();
}

void wasmrun_end_record(int status) { atomic_store(&recorded_status, status); }
