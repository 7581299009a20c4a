// How the process ends by itself: when its time is over, and what it puts back before.

#ifndef WASMRUN_ENDING_H
#define WASMRUN_ENDING_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// After so many nanoseconds, rounded up to microseconds, the process writes `message` to
/// `descriptor` and exits with `status`, whatever it is doing. `message` must stay valid. -1 with
/// errno set on failure.
int wasmrun_end_after(uint64_t nanoseconds, int descriptor, const char *message, int status);

/// Remembers that a standard stream, 0 to 2, had these status flags before somebody changed them.
/// Other processes share the open file: its flags are put back when the process ends, also by
/// SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM or SIGTERM, if these have their default effect.
void wasmrun_keep_stream_flags(int descriptor, int flags);

/// Puts back what was remembered. Safe in signal handlers.
void wasmrun_restore_stream_flags(void);

#pragma clang assume_nonnull end

#endif
