// The builtins on tables. Spec: core 3.0 §4.6.11.
//
// An element of a table of function references is a copy of the funcref, any other element the
// reference itself; null is all zeros in both.
#include <string.h>

#include "builtins.h"

static bool holds_functions(const struct wasmrun_table *table) {
  return table->element_byte_count == sizeof(struct wasmrun_funcref);
}

/// `index` must be inside the table.
static inline void store(const struct wasmrun_table *table, uint64_t index, uint64_t reference) {
  if (holds_functions(table)) {
    struct wasmrun_funcref *element = (struct wasmrun_funcref *)table->definition->base + index;
    *element = reference ? *(const struct wasmrun_funcref *)reference : (struct wasmrun_funcref){0};
  } else {
    ((uint64_t *)table->definition->base)[index] = reference;
  }
}

int32_t wasmrun_fill_table(struct wasmrun_table *table, uint64_t index, uint64_t reference,
                           uint64_t count) {
  if (!is_inside(index, count, table->definition->length)) return WASMRUN_TABLE_OUT_OF_BOUNDS;
  for (uint64_t place = 0; place < count; ++place) store(table, index + place, reference);
  return WASMRUN_FINISHED;
}

int32_t wasmrun_store_elements(struct wasmrun_table *table, uint64_t index,
                               const uint64_t *references, uint64_t count) {
  if (!is_inside(index, count, table->definition->length)) return WASMRUN_TABLE_OUT_OF_BOUNDS;
  for (uint64_t place = 0; place < count; ++place) store(table, index + place, references[place]);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_table_set(struct wasmrun_vmcontext *vmcontext, uint32_t table,
                                  uint64_t index, uint64_t reference) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  const struct wasmrun_table *to = &vmcontext->instance->tables[table];
  if (index >= to->definition->length) return WASMRUN_TABLE_OUT_OF_BOUNDS;
  store(to, index, reference);
  return WASMRUN_FINISHED;
}

BUILTIN int64_t wasmrun_table_grow(struct wasmrun_vmcontext *vmcontext, uint32_t table,
                                   uint64_t reference, uint64_t delta) {
  if (LACKS_STACK(vmcontext, WASMRUN_STACK_RESERVE))
    wasmrun_raise(vmcontext, WASMRUN_STACK_EXHAUSTED);
  const struct wasmrun_instance *instance = vmcontext->instance;
  struct wasmrun_table *to = &instance->tables[table];
  int64_t old = instance->growth->table(to->owner, delta);
  if (old >= 0 && reference) wasmrun_fill_table(to, (uint64_t)old, reference, delta);
  return old;
}

BUILTIN int32_t wasmrun_table_fill(struct wasmrun_vmcontext *vmcontext, uint32_t table,
                                   uint64_t index, uint64_t reference, uint64_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  return wasmrun_fill_table(&vmcontext->instance->tables[table], index, reference, count);
}

BUILTIN int32_t wasmrun_table_copy(struct wasmrun_vmcontext *vmcontext, uint32_t dst_table,
                                   uint32_t src_table, uint64_t dst, uint64_t src,
                                   uint64_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  const struct wasmrun_table *to = &vmcontext->instance->tables[dst_table];
  const struct wasmrun_table *from = &vmcontext->instance->tables[src_table];
  if (!is_inside(dst, count, to->definition->length) ||
      !is_inside(src, count, from->definition->length))
    return WASMRUN_TABLE_OUT_OF_BOUNDS;
  // Validation lets only tables of one kind of element meet here.
  uint64_t size = to->element_byte_count;
  if (count != 0)
    memmove((uint8_t *)to->definition->base + dst * size,
            (const uint8_t *)from->definition->base + src * size, count * size);
  return WASMRUN_FINISHED;
}

BUILTIN int32_t wasmrun_table_init(struct wasmrun_vmcontext *vmcontext, uint32_t segment,
                                   uint32_t table, uint64_t dst, uint32_t src, uint32_t count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) return WASMRUN_STACK_EXHAUSTED;
  struct wasmrun_element_segment from = vmcontext->instance->element_segments[segment];
  if (!is_inside(src, count, from.count)) return WASMRUN_TABLE_OUT_OF_BOUNDS;
  return wasmrun_store_elements(&vmcontext->instance->tables[table], dst,
                                count ? from.references + src : NULL, count);
}

BUILTIN void wasmrun_element_drop(struct wasmrun_vmcontext *vmcontext, uint32_t segment) {
  vmcontext->instance->element_segments[segment].count = 0;
}
