// What a process does that made a forbidden system call: it says which one, and dies.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wasmrun_sandbox.h"

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

static struct {
  int descriptor;
  const char *before, *after;
} report;

/// Appends `text` to what is already in `line`; cut off at its end.
static size_t append(char *line, size_t size, size_t used, const char *text) {
  size_t count = strlen(text);
  if (count > size - used) count = size - used;
  memcpy(line + used, text, count);
  return used + count;
}

static size_t append_number(char *line, size_t size, size_t used, unsigned number) {
  char digits[12] = "";
  size_t place = sizeof digits - 1;
  do {
    digits[--place] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return append(line, size, used, digits + place);
}

static void handle(int signal, siginfo_t *info, void *context) {
  (void)context;
  // Somebody may also have sent the signal.
  if (info->si_code == SYS_SECCOMP) {
    char line[512];
    size_t used = append(line, sizeof line, 0, report.before);
    const char *name = wasmrun_system_call_name(info->si_syscall);
    if (name)
      used = append(line, sizeof line, used, name);
    else
      used = append_number(line, sizeof line, used, (unsigned)info->si_syscall);
    used = append(line, sizeof line, used, report.after);
    (void)!write(report.descriptor, line, used);
  }
  // The disposition is the default one again (SA_RESETHAND), so this is the end.
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal);
}

int wasmrun_report_violations(int descriptor, const char *before, const char *after) {
  report.descriptor = descriptor;
  report.before = before;
  report.after = after;
  struct sigaction action = {
      .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  return sigaction(SIGSYS, &action, NULL);
}
