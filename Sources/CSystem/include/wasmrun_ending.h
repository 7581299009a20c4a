// How the process ends by itself: when its time is over, and what it puts back before.

#ifndef WASMRUN_ENDING_H
#define WASMRUN_ENDING_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// After so many nanoseconds, rounded up to microseconds, the process writes `message` to
/// `descriptor` and exits with `status`, whatever it is doing. `message` must stay valid. -1 with
/// errno set on failure.
int wasmrun_end_after(uint64_t nanoseconds, int descriptor, const char *message, int status);

/// Remembers that a standard stream, 0 to 2, had these status flags before somebody changed them.
/// Other processes share the open file: its flags are put back when the process ends, also by
/// SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM and their like, if these have their default
/// effect.
void wasmrun_keep_stream_flags(int descriptor, int flags);

/// Puts back what was remembered. Safe in signal handlers.
void wasmrun_restore_stream_flags(void);

/// From now on one record of the end is written to `descriptor` if a signal or the limit of
/// `wasmrun_end_after` ends the process: `before`, the members "outcome", "status" and "signal" in
/// JSON, `after`, the nanoseconds since `start` by the monotonic clock, and `}}`. The texts must stay
/// valid. Called again, what it says then counts. -1 with errno set where memory is lacking.
int wasmrun_record_ending(int descriptor, const char *before, const char *after, uint64_t start);

/// Writes the record of an end by `signal`, if one is wanted and none is written. Safe in signal
/// handlers.
void wasmrun_record_signal(int signal);

/// Whether no record of the end is written yet: then the caller writes one and says so by
/// `wasmrun_end_record`, and none will come from here. Signals that end the process wait from now on:
/// in other threads they end it, with the caller's status, when the record is written. Does not
/// return while another thread is writing the record, which ends the process.
bool wasmrun_take_ending_record(void);

/// Says that the record is written, and that the process exits with `status`.
void wasmrun_end_record(int status);

#pragma clang assume_nonnull end

#endif
