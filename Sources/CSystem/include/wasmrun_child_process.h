// Starting a helper, a program or a copy of this process; see ChildProcess in SystemCalls.

#ifndef WASMRUN_CHILD_PROCESS_H
#define WASMRUN_CHILD_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// The most descriptors that a child can be given.
enum { wasmrun_child_descriptor_limit = 8 };

/// Starts `path` with `arguments` (ended by NULL) and this process's environment.
///
/// The child's descriptors 0-2 are /dev/null, but 1 and 2 are `output` and `error` where these are not
/// -1; `descriptors` are its 3, 4, … in order, and it has no others. It leads a session of its own, so a terminal's signals do not reach it; it has no signal
/// blocked, and is killed when the calling thread ends. Returns its process id, or -1 with errno
/// set, also where the program cannot be executed. Thread-safe.
pid_t wasmrun_child_start(const char *path, char *_Nullable const *_Nonnull arguments,
                          const int *descriptors, int descriptor_count, int output, int error);

/// fork(2): 0 in the child, whose descriptors, session and signals are as those of
/// `wasmrun_child_start`; its process id, or -1 with errno set, in the parent. A child that cannot
/// be made so ends with status 127. The process must have one thread only: whatever locks others
/// hold would be held in the child for ever.
pid_t wasmrun_child_fork(const int *descriptors, int descriptor_count);

/// wait4(2), made again when interrupted: the exit status, or 256 + the signal's number. -1 with
/// errno set on failure. `user_microseconds` is set to the time that the processor spent in the child's
/// own code, and that of children which it waited for.
int wasmrun_child_wait(pid_t process, int64_t *_Nullable user_microseconds);

/// Makes the calling process the program at `path`, which is no longer killed when its parent ends
/// and has `inherited` open besides what is open now and not closed on exec. Returns only on failure,
/// with errno set.
void wasmrun_child_become(const char *path, char *const _Nullable *_Nonnull arguments,
                          int inherited);

/// In a child: it is no longer killed when the thread that started it ends. -1 with errno set on
/// failure.
int wasmrun_child_outlive_parent(void);

#pragma clang assume_nonnull end

#endif
