// The builtins on linear memories. Spec: core 3.0 §4.6.12.
#include <string.h>

#include "builtins.h"

BUILTIN int64_t wasmrun_memory_grow(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                    uint64_t delta) {
  if (LACKS_STACK(vmcontext, WASMRUN_STACK_RESERVE))
    wasmrun_raise(vmcontext, WASMRUN_STACK_EXHAUSTED);
  const struct wasmrun_instance *instance = vmcontext->instance;
  return instance->growth->memory(instance->memories[memory].owner, delta);
}

BUILTIN int32_t wasmrun_memory_copy(struct wasmrun_vmcontext *vmcontext, uint32_t dst_memory,
                                    uint32_t src_memory, uint64_t dst, uint64_t src,
                                    uint64_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  const struct wasmrun_memory *memories = vmcontext->instance->memories;
  struct wasmrun_definition to = *memories[dst_memory].definition;
  struct wasmrun_definition from = *memories[src_memory].definition;
  if (!is_inside(dst, count, to.length) || !is_inside(src, count, from.length))
    return WASMRUN_MEMORY_OUT_OF_BOUNDS;
  if (count != 0) memmove((uint8_t *)to.base + dst, (const uint8_t *)from.base + src, count);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_memory_fill(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                    uint64_t dst, uint32_t byte, uint64_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  struct wasmrun_definition to = *vmcontext->instance->memories[memory].definition;
  if (!is_inside(dst, count, to.length)) return WASMRUN_MEMORY_OUT_OF_BOUNDS;
  if (count != 0) memset((uint8_t *)to.base + dst, (uint8_t)byte, count);
  return WASMRUN_FINISHED;
}

int32_t wasmrun_initialize_memory(struct wasmrun_instance *instance, uint32_t segment,
                                  uint32_t memory, uint64_t dst, uint64_t src, uint64_t count) {
  struct wasmrun_definition to = *instance->memories[memory].definition;
  struct wasmrun_data_segment from = instance->data_segments[segment];
  if (!is_inside(dst, count, to.length) || !is_inside(src, count, from.byte_count))
    return WASMRUN_MEMORY_OUT_OF_BOUNDS;
  if (count != 0) memcpy((uint8_t *)to.base + dst, from.bytes + src, count);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_memory_init(struct wasmrun_vmcontext *vmcontext, uint32_t segment,
                                    uint32_t memory, uint64_t dst, uint32_t src,
                                    uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  return wasmrun_initialize_memory(vmcontext->instance, segment, memory, dst, src, count);
}

BUILTIN void wasmrun_data_drop(struct wasmrun_vmcontext *vmcontext, uint32_t segment) {
  vmcontext->instance->data_segments[segment].byte_count = 0;
}
