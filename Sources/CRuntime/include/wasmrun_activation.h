// Entering guest code, and the ways out of it.
//
// The guest runs on a stack of its own. `wasmrun_enter` switches to it; a host function that calls
// back enters again, further down the same stack. A trap leaves the innermost activation: its
// guest frames are dropped where they are, and `wasmrun_enter` returns the reason. So only frames
// of machine code and of builtins are ever dropped, never a Swift frame.

#ifndef WASMRUN_ACTIVATION_H
#define WASMRUN_ACTIVATION_H

#include <stdbool.h>
#include <stdint.h>

#include "wasmrun_exceptions.h"
#include "wasmrun_layout.h"

#pragma clang assume_nonnull begin

/// A guest stack. It grows down from `top` to `limit`; below that, down to `guard`, nothing is
/// accessible.
struct wasmrun_stack {
  uintptr_t guard;
  uintptr_t limit;
  uintptr_t top;
};

enum {
  WASMRUN_FIRST_FRAMES = 64,
  WASMRUN_LAST_FRAMES = 32,
};

/// Where and why guest code stopped.
struct wasmrun_trap {
  /// The address accessed, where a signal told it, else 0.
  uintptr_t fault_address;
  /// Where the status is WASMRUN_UNCAUGHT_EXCEPTION: which.
  struct wasmrun_exception *_Nullable exception;
  /// Frames in all; those neither in `first` nor in `last` are not kept.
  uint64_t frame_count;
  /// Innermost first. Each is an address inside the frame's current instruction: for a trapping
  /// instruction its start, for a call its last byte.
  uintptr_t first[WASMRUN_FIRST_FRAMES];
  /// Frame i, for i from WASMRUN_FIRST_FRAMES on, is at i % WASMRUN_LAST_FRAMES while it is one of
  /// the last.
  uintptr_t last[WASMRUN_LAST_FRAMES];
};

/// Installs the signal handlers, once a process, and gives the calling thread a signal stack,
/// once a thread. Every thread that enters guest code calls it before. False, with errno set,
/// where the system refuses.
bool wasmrun_prepare_thread(void);

/// Lets `observer` know before the process dies of a signal that is no trap, in the signal's handler.
void wasmrun_observe_crashes(void (*observer)(int signal));

/// Calls `code` through `thunk` (see CallingConvention) on `stack`. Returns 0, or the status with
/// which the guest was left; then `trap` says where.
int32_t wasmrun_enter(const struct wasmrun_stack *stack, struct wasmrun_trap *trap,
                      const void *thunk, const void *code, void *vmcontext, uint64_t *slots);

/// Leaves the current activation with `status`. The builtin of that name.
_Noreturn void wasmrun_raise(struct wasmrun_vmcontext *vmcontext, int32_t status);

/// The kinds of address ranges that the signal handler asks for.
enum wasmrun_range_kind {
  /// Machine code of images.
  WASMRUN_CODE,
  /// Reservations of linear memories, guard areas included.
  WASMRUN_MEMORY,
};

/// Makes the machine code of an image known, with its pads, which stay where they are. False where
/// memory for that is lacking. Thread-safe.
bool wasmrun_code_add(uintptr_t start, uintptr_t byte_count, const struct wasmrun_pad *_Nullable pads,
                      uint64_t pad_count);

/// The address of the pad for a call that `address` is in; 0 where there is none. The image must not
/// be removed meanwhile.
uintptr_t wasmrun_code_pad(uintptr_t address);

/// Makes a range known; false where memory for that is lacking. Thread-safe.
bool wasmrun_ranges_add(enum wasmrun_range_kind kind, uintptr_t start, uintptr_t byte_count);

/// Forgets the range that begins at `start`. Thread-safe.
void wasmrun_ranges_remove(enum wasmrun_range_kind kind, uintptr_t start);

/// Whether `address` is in a known range. Async-signal-safe: takes no lock.
bool wasmrun_ranges_contain(enum wasmrun_range_kind kind, uintptr_t address);

#pragma clang assume_nonnull end

#endif
