// What a process does that made a forbidden system call: it says which one, and dies.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "line.h"
#include "wasmrun_ending.h"
#include "wasmrun_sandbox.h"

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

static struct {
  int descriptor;
  const char *before, *after;
} report;

static void handle(int signal, siginfo_t *info, void *context) {
  (void)context;
  // Somebody may also have sent the signal.
  if (info->si_code == SYS_SECCOMP) {
    struct line line = {0};
    append(&line, report.before);
    const char *name = wasmrun_system_call_name(info->si_syscall);
    if (name)
      append(&line, name);
    else
      append_number(&line, (unsigned)info->si_syscall);
    append(&line, report.after);
    (void)!write(report.descriptor, line.text, line.used);
  }
  wasmrun_record_signal(signal);
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
