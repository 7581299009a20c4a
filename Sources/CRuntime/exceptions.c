// Throwing: a walk over the guest's frames to the first that has a pad for the call it stands in.
//
// Nothing is registered before and nothing is asked of frames without a pad. A frame is entered
// with pc, sp and fp: no call preserves any other register, and calls take nothing from the machine
// stack, so that sp at a call is where the callee's frame ends.
#include "exceptions.h"

#include "heap.h"

/// Takes the frames of roots off that lie below `stack_pointer`: their functions are left.
BUILTIN static void drop_roots(struct wasmrun_heap *heap, uintptr_t stack_pointer) {
  while (heap->frames && (uintptr_t)heap->frames < stack_pointer)
    heap->frames = heap->frames->parent;
}

/// Looks for a pad from the frame of `frame` (the callee's) outward; comes back where there is
/// none. Each call on the way is added to the trap record.
BUILTIN static void unwind(struct wasmrun_activation *activation, struct wasmrun_heap *heap,
                           struct wasmrun_exception *exception, uintptr_t frame,
                           bool is_recorded) {
  const struct wasmrun_stack *stack = activation->stack;
  while (frame >= stack->limit && frame <= stack->top - 16 && frame % 8 == 0) {
    const uintptr_t *slots = (const uintptr_t *)frame;
    uintptr_t call = slots[1] - 1;
    if (!is_recorded) wasmrun_append_frame(activation->trap, call);
    is_recorded = false;
    uintptr_t pad = wasmrun_code_pad(call);
    if (pad) {
      drop_roots(heap, frame + 16);
      wasmrun_enter_pad(pad, frame + 16, slots[0], exception);
    }
    if (slots[0] <= frame) return;
    frame = slots[0];
  }
}

BUILTIN _Noreturn static void leave_uncaught(struct wasmrun_activation *activation,
                                             struct wasmrun_exception *exception) {
  activation->trap->fault_address = 0;
  activation->trap->exception = exception;
  wasmrun_leave(activation, WASMRUN_UNCAUGHT_EXCEPTION);
}

BUILTIN void wasmrun_throw_past(struct wasmrun_vmcontext *vmcontext,
                                struct wasmrun_exception *exception, uintptr_t frame) {
  struct wasmrun_activation *activation = wasmrun_current;
  activation->trap->frame_count = 0;
  unwind(activation, vmcontext->heap, exception, frame, false);
  leave_uncaught(activation, exception);
}

// Both are called by a helper of the image that has a frame of its own: its caller throws.

BUILTIN void wasmrun_throw(struct wasmrun_vmcontext *vmcontext, struct wasmrun_exception *exception) {
  const uintptr_t *frame = __builtin_frame_address(0);
  wasmrun_throw_past(vmcontext, exception, frame[0]);
}

BUILTIN void wasmrun_resume(struct wasmrun_vmcontext *vmcontext, struct wasmrun_exception *exception) {
  struct wasmrun_activation *activation = wasmrun_current;
  const uintptr_t *frame = __builtin_frame_address(0);
  // The frame's call is on record since the pad was found.
  unwind(activation, vmcontext->heap, exception, frame[0], true);
  leave_uncaught(activation, exception);
}
