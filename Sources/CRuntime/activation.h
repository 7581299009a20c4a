// What the files of CRuntime share about activations.

#ifndef ACTIVATION_H
#define ACTIVATION_H

#include "wasmrun_activation.h"

/// One entry into guest code, on the stack of `wasmrun_enter`.
struct wasmrun_activation {
  /// The stack pointer to go back to; written by `wasmrun_switch`, first for its sake.
  uintptr_t host_stack_pointer;
  /// The activation around this one on the same thread.
  struct wasmrun_activation *parent;
  const struct wasmrun_stack *stack;
  struct wasmrun_trap *trap;
};

/// The thread's innermost activation; null outside of guest code. Initial-exec, because only then
/// a signal handler may read it.
extern _Thread_local struct wasmrun_activation *wasmrun_current
    __attribute__((tls_model("initial-exec")));

/// Saves the callee-saved registers and the stack pointer in `activation`, continues at
/// `stack_pointer` (0: where it is) and calls `thunk(code, vmcontext, slots)`. In switch.S.
int32_t wasmrun_switch(struct wasmrun_activation *activation, uintptr_t stack_pointer,
                       const void *thunk, const void *code, void *vmcontext, uint64_t *slots);

/// Makes the `wasmrun_switch` of `activation` return `status`. In switch.S.
_Noreturn void wasmrun_leave(struct wasmrun_activation *activation, int32_t status);

/// Adds a frame to a backtrace. Async-signal-safe.
void wasmrun_append_frame(struct wasmrun_trap *trap, uintptr_t pc);

/// Records a backtrace: `pc`, then the callers that the frame pointers from `frame` on tell.
/// Async-signal-safe; reads the activation's stack only.
void wasmrun_record_frames(struct wasmrun_activation *activation, uintptr_t pc, uintptr_t frame);

#endif
