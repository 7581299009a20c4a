// System calls as machine code that has broken out would make them.

#ifndef SANDBOX_PROBE_H
#define SANDBOX_PROBE_H

#include <stdint.h>

/// A system call: its number and arguments.
struct probe_call {
  int64_t number;
  int64_t arguments[6];
};

/// How an instruction enters the kernel.
enum probe_entry {
  /// `syscall`, as 64-bit code does.
  probe_syscall,
  /// `int 0x80`, as 32-bit code does; the kernel takes the number for one of that architecture.
  probe_int80,
};

/// Forks; the child calls `lock_down`, then makes `call`. Returns the child's wait status, and its
/// result in `result`, which stays as it was where there was none; -1 where nothing could be tried.
/// A call that lasts two seconds is ended by SIGALRM.
int probe_make_call(void (*_Nonnull lock_down)(void *_Nonnull), void *_Nonnull context,
                    const struct probe_call *_Nonnull call, enum probe_entry entry,
                    int64_t *_Nonnull result);

/// Lets personality(2) fail with EPERM from now on, as LockPersonality= of a systemd unit does. -1 with
/// errno set on failure.
int probe_lock_personality(void);

/// The status with which a child ends whose lock-down failed; `lock_down` itself exits with it.
enum { probe_lock_down_failed = 99 };

#endif
