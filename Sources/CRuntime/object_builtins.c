// The builtins on structures and arrays. Spec: core 3.0 §4.6.8.
//
// Those that make an object leave the guest themselves where it cannot be had.
#include <string.h>

#include "builtins.h"
#include "heap.h"

/// Leaves the guest unless there is stack for the collector and the C library.
#define NEEDS_STACK(vmcontext) \
  if (LACKS_STACK(vmcontext, COLLECTOR_STACK_RESERVE)) \
  wasmrun_raise(vmcontext, WASMRUN_STACK_EXHAUSTED)

#define NO_MEMSET __attribute__((no_builtin("memset")))

/// The collector does not recurse.
enum { COLLECTOR_STACK_RESERVE = 2 * C_STACK_RESERVE };

BUILTIN NO_MEMSET void *wasmrun_struct_new(struct wasmrun_vmcontext *vmcontext,
                                           const struct wasmrun_type *type) {
  const struct wasmrun_type **cell = wasmrun_heap_take_cell(vmcontext->heap, type->byte_count);
  if (cell) {
    *cell = type;
    return cell;
  }
  NEEDS_STACK(vmcontext);
  void *object = wasmrun_heap_new_structure(vmcontext->heap, type);
  if (!object) wasmrun_raise(vmcontext, WASMRUN_HEAP_EXHAUSTED);
  return object;
}

BUILTIN static struct wasmrun_array *new_array(struct wasmrun_vmcontext *vmcontext,
                                               const struct wasmrun_type *type, uint32_t length) {
  struct wasmrun_array *array = wasmrun_heap_new_array(vmcontext->heap, type, length);
  if (!array) wasmrun_raise(vmcontext, WASMRUN_HEAP_EXHAUSTED);
  return array;
}

BUILTIN NO_MEMSET void *wasmrun_array_new(struct wasmrun_vmcontext *vmcontext,
                                          const struct wasmrun_type *type, uint32_t length) {
  uint64_t byte_count = sizeof(struct wasmrun_array) + (uint64_t)length * type->byte_count;
  byte_count = (byte_count + CELL_STEP - 1) & ~(uint64_t)(CELL_STEP - 1);
  struct wasmrun_array *array = wasmrun_heap_take_cell(vmcontext->heap, byte_count);
  if (array) {
    array->type = type;
    array->length = length;
    return array;
  }
  NEEDS_STACK(vmcontext);
  return new_array(vmcontext, type, length);
}

BUILTIN void *wasmrun_array_new_data(struct wasmrun_vmcontext *vmcontext,
                                     const struct wasmrun_type *type, uint32_t segment,
                                     uint32_t src, uint32_t length) {
  NEEDS_STACK(vmcontext);
  struct wasmrun_data_segment from = vmcontext->instance->data_segments[segment];
  uint64_t byte_count = (uint64_t)length * type->byte_count;
  if (!is_inside(src, byte_count, from.byte_count))
    wasmrun_raise(vmcontext, WASMRUN_MEMORY_OUT_OF_BOUNDS);
  struct wasmrun_array *array = new_array(vmcontext, type, length);
  if (byte_count != 0) memcpy(array->elements, from.bytes + src, byte_count);
  return array;
}

BUILTIN void *wasmrun_array_new_element(struct wasmrun_vmcontext *vmcontext,
                                        const struct wasmrun_type *type, uint32_t segment,
                                        uint32_t src, uint32_t length) {
  NEEDS_STACK(vmcontext);
  const struct wasmrun_element_segment *from = &vmcontext->instance->element_segments[segment];
  if (!is_inside(src, length, from->count))
    wasmrun_raise(vmcontext, WASMRUN_TABLE_OUT_OF_BOUNDS);
  struct wasmrun_array *array = new_array(vmcontext, type, length);
  if (length != 0) memcpy(array->elements, from->references + src, (uint64_t)length * 8);
  return array;
}

BUILTIN int32_t wasmrun_array_fill(struct wasmrun_vmcontext *vmcontext, struct wasmrun_array *array,
                                   uint32_t index, uint64_t low, uint64_t high, uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  if (!is_inside(index, count, array->length)) return WASMRUN_ARRAY_OUT_OF_BOUNDS;
  uint32_t size = array->type->byte_count;
  uint8_t *place = array->elements + (uint64_t)index * size;
  if (size == 1) {
    memset(place, (uint8_t)low, count);
    return WASMRUN_FINISHED;
  }
  uint64_t value[2] = {low, high};
  for (uint32_t element = 0; element < count; ++element, place += size) memcpy(place, value, size);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_array_copy(struct wasmrun_vmcontext *vmcontext, struct wasmrun_array *to,
                                   uint32_t dst, const struct wasmrun_array *from, uint32_t src,
                                   uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  if (!is_inside(dst, count, to->length) || !is_inside(src, count, from->length))
    return WASMRUN_ARRAY_OUT_OF_BOUNDS;
  uint64_t size = to->type->byte_count;
  memmove(to->elements + dst * size, from->elements + src * size, count * size);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_array_init_data(struct wasmrun_vmcontext *vmcontext,
                                        struct wasmrun_array *array, uint32_t segment,
                                        uint32_t dst, uint32_t src, uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  struct wasmrun_data_segment from = vmcontext->instance->data_segments[segment];
  uint64_t size = array->type->byte_count;
  if (!is_inside(dst, count, array->length)) return WASMRUN_ARRAY_OUT_OF_BOUNDS;
  if (!is_inside(src, count * size, from.byte_count)) return WASMRUN_MEMORY_OUT_OF_BOUNDS;
  if (count != 0) memcpy(array->elements + dst * size, from.bytes + src, count * size);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_array_init_element(struct wasmrun_vmcontext *vmcontext,
                                           struct wasmrun_array *array, uint32_t segment,
                                           uint32_t dst, uint32_t src, uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  struct wasmrun_element_segment from = vmcontext->instance->element_segments[segment];
  if (!is_inside(dst, count, array->length)) return WASMRUN_ARRAY_OUT_OF_BOUNDS;
  if (!is_inside(src, count, from.count)) return WASMRUN_TABLE_OUT_OF_BOUNDS;
  if (count != 0)
    memcpy(array->elements + (uint64_t)dst * 8, from.references + src, (uint64_t)count * 8);
  return WASMRUN_FINISHED;
}
