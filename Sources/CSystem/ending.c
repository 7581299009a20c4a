// How the process ends by itself: see wasmrun_ending.h.
#define _GNU_SOURCE
#include "wasmrun_ending.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

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

/// Lets the process die of a signal, as it would have without a handler: once this one returns.
static void die_of(int signal) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);
  raise(signal);
}

static void put_back(int signal) {
  wasmrun_restore_stream_flags();
  die_of(signal);
}

static void end(int signal, siginfo_t *info, void *context) {
  (void)context;
  wasmrun_restore_stream_flags();
  // Others can send the signal as well, the guest among them.
  if (info->si_code != SI_KERNEL) {
    die_of(signal);
    return;
  }
  (void)!write(time_out.descriptor, time_out.message, strlen(time_out.message));
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
  static bool handles_signals;
  static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM};
  for (size_t index = 0; !handles_signals && index < sizeof signals / sizeof *signals; index++) {
    struct sigaction current, action = {.sa_handler = put_back, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (sigaction(signals[index], NULL, &current) == 0 && current.sa_handler == SIG_DFL)
      sigaction(signals[index], &action, NULL);
  }
  handles_signals = true;
  streams[descriptor].flags = flags;
  streams[descriptor].is_kept = 1;
}
