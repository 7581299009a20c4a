// Entering guest code, leaving it, and recording where it stood.
#include "activation.h"

#include <stddef.h>

#include "builtins.h"
#include "exceptions.h"
#include "heap.h"

_Thread_local struct wasmrun_activation *wasmrun_current;

static bool contains(const struct wasmrun_stack *stack, uintptr_t address) {
  return address >= stack->guard && address < stack->top;
}

/// Where on `stack` a new activation begins; 0 means at the current stack pointer. A host function
/// of one store may have entered another store, whose guest calls back: then the first stack's
/// free part begins where it was left.
static uintptr_t free_part(const struct wasmrun_stack *stack) {
  if (contains(stack, (uintptr_t)__builtin_frame_address(0))) return 0;
  for (const struct wasmrun_activation *outer = wasmrun_current; outer; outer = outer->parent) {
    if (contains(stack, outer->host_stack_pointer)) return outer->host_stack_pointer;
  }
  return stack->top;
}

int32_t wasmrun_enter(const struct wasmrun_stack *stack, struct wasmrun_trap *trap,
                      const void *thunk, const void *code, void *vmcontext, uint64_t *slots) {
  struct wasmrun_activation activation = {
      .parent = wasmrun_current, .stack = stack, .trap = trap};
  uintptr_t stack_pointer = free_part(stack);
  // Frames that are dropped do not take their roots off.
  struct wasmrun_heap *heap = ((struct wasmrun_vmcontext *)vmcontext)->heap;
  struct wasmrun_root_frame *frames = heap->frames;
  wasmrun_current = &activation;
  int32_t status = wasmrun_switch(&activation, stack_pointer, thunk, code, vmcontext, slots);
  wasmrun_current = activation.parent;
  heap->frames = frames;
  return status;
}

// These run when little guest stack may be left, so they are among the builtins.

BUILTIN void wasmrun_append_frame(struct wasmrun_trap *trap, uintptr_t pc) {
  uint64_t index = trap->frame_count++;
  if (index < WASMRUN_FIRST_FRAMES)
    trap->first[index] = pc;
  else
    trap->last[index % WASMRUN_LAST_FRAMES] = pc;
}

BUILTIN void wasmrun_record_frames(struct wasmrun_activation *activation, uintptr_t pc,
                                   uintptr_t frame) {
  const struct wasmrun_stack *stack = activation->stack;
  struct wasmrun_trap *trap = activation->trap;
  trap->frame_count = 0;
  wasmrun_append_frame(trap, pc);
  while (frame >= stack->limit && frame <= stack->top - 16 && frame % 8 == 0) {
    const uintptr_t *slots = (const uintptr_t *)frame;
    wasmrun_append_frame(trap, slots[1] - 1);
    // Frames lie higher and higher; anything else is no chain, and would not end.
    if (slots[0] <= frame) break;
    frame = slots[0];
  }
}

BUILTIN void wasmrun_raise(struct wasmrun_vmcontext *vmcontext, int32_t status) {
  struct wasmrun_activation *activation = wasmrun_current;
  const uintptr_t *frame = __builtin_frame_address(0);
  // A host function passes on what nobody caught in a call that it made: see Store.stop.
  if (status == WASMRUN_UNCAUGHT_EXCEPTION)
    wasmrun_throw_past(vmcontext, activation->trap->exception, frame[0]);
  activation->trap->fault_address = 0;
  wasmrun_record_frames(activation, frame[1] - 1, frame[0]);
  wasmrun_leave(activation, status);
}
