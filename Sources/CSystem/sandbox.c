// Giving up rights for ever: see wasmrun_sandbox.h.
#define _GNU_SOURCE
#include "wasmrun_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

const int wasmrun_rlimit_core = RLIMIT_CORE;
const int wasmrun_rlimit_nofile = RLIMIT_NOFILE;
const int wasmrun_rlimit_nproc = RLIMIT_NPROC;

int wasmrun_landlock_version(void) {
  return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

int wasmrun_landlock_create_ruleset(uint64_t files, uint64_t network, uint64_t scopes) {
  // As of version 6; Debian 12's header knows the first field only. A kernel that knows less takes
  // the longer structure as long as what it does not know is 0.
  struct {
    uint64_t handled_access_fs, handled_access_net, scoped;
  } attributes = {files, network, scopes};
  return (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
}

int wasmrun_landlock_allow_beneath(int ruleset, int directory, uint64_t access) {
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = directory};
  return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

int wasmrun_landlock_restrict(int ruleset) {
  return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

int wasmrun_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// The process's execution domain; -1 with errno set on failure. Where a filter forbids the call, as
/// systemd's LockPersonality= does also for asking, a file tells.
static int current_personality(void) {
  int current = personality(0xffffffff);
  if (current != -1 || errno != EPERM) return current;
  int file = open("/proc/self/personality", O_RDONLY | O_CLOEXEC);
  char digits[16] = {0};
  ssize_t count = file == -1 ? -1 : read(file, digits, sizeof digits - 1);
  if (file != -1) close(file);
  errno = EPERM;
  return count > 0 ? (int)strtoul(digits, NULL, 16) : -1;
}

int wasmrun_separate_reading_from_executing(void) {
  int current = current_personality();
  if (current == -1) return -1;
  if (!(current & READ_IMPLIES_EXEC)) return 0;
  return personality((unsigned)(current & ~READ_IMPLIES_EXEC)) == -1 ? -1 : 0;
}

int wasmrun_limit_resource(int resource, uint64_t value) {
  struct rlimit limit;
  if (getrlimit((unsigned)resource, &limit) == -1) return -1;
  if (limit.rlim_max < value) value = limit.rlim_max;
  limit.rlim_cur = limit.rlim_max = value;
  return setrlimit((unsigned)resource, &limit);
}
