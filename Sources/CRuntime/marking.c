// Marking: from the roots to every object that they lead to.
#include <stdlib.h>

#include "heap.h"

/// Marks what `reference` points to, if it is an object's address, and notes it for scanning.
static void mark(struct wasmrun_heap *heap, uint64_t reference) {
  // Null, i31s and host values have nothing to mark.
  if (reference == 0 || reference & 3) return;
  uint64_t *object = (uint64_t *)reference;
  if (*object & MARKED) return;
  const struct wasmrun_type *type = (const struct wasmrun_type *)*object;
  *object |= MARKED;
  if (type->reference_count == 0) return;
  if (heap->mark_stack && heap->mark_count < MARK_STACK_COUNT)
    heap->mark_stack[heap->mark_count++] = object;
  else
    heap->overflowed = true;
}

static void mark_all(struct wasmrun_heap *heap, const uint64_t *references, uint64_t count) {
  for (uint64_t place = 0; place < count; ++place) mark(heap, references[place]);
}

/// Marks what a marked object refers to.
static void scan(struct wasmrun_heap *heap, uint64_t *object) {
  const struct wasmrun_type *type = (const struct wasmrun_type *)(*object & ~(uint64_t)MARKED);
  if (type->kind == WASMRUN_TYPE_ARRAY) {
    const struct wasmrun_array *array = (const struct wasmrun_array *)object;
    if (type->reference_count)
      mark_all(heap, (const uint64_t *)array->elements, array->length);
    return;
  }
  for (uint32_t place = 0; place < type->reference_count; ++place)
    mark(heap, *(const uint64_t *)((const uint8_t *)object + type->reference_offsets[place]));
}

static void drain(struct wasmrun_heap *heap) {
  while (heap->mark_count > 0) scan(heap, heap->mark_stack[--heap->mark_count]);
}

static void scan_and_drain(struct wasmrun_heap *heap, uint64_t *object) {
  scan(heap, object);
  drain(heap);
}

static void mark_roots(struct wasmrun_heap *heap) {
  for (const struct wasmrun_root_frame *frame = heap->frames; frame; frame = frame->parent)
    mark_all(heap, frame->references, frame->count);
  for (uint64_t place = 0; place < heap->cells.count; ++place)
    mark(heap, *(const uint64_t *)heap->cells.items[place]);
  for (uint64_t place = 0; place < heap->tables.count; ++place) {
    const struct wasmrun_definition *table = heap->tables.items[place];
    mark_all(heap, table->base, table->length);
  }
  for (uint64_t place = 0; place < heap->segments.count; ++place) {
    const struct wasmrun_element_segment *segment = heap->segments.items[place];
    if (segment->count) mark_all(heap, segment->references, segment->count);
  }
  for (const struct wasmrun_handle *handle = heap->handles.next; handle != &heap->handles;
       handle = handle->next)
    mark(heap, handle->reference);
}

void wasmrun_heap_mark(struct wasmrun_heap *heap) {
  // Without a stack marking takes longer, but it works.
  if (!heap->mark_stack)
    heap->mark_stack = malloc(MARK_STACK_COUNT * sizeof *heap->mark_stack);
  mark_roots(heap);
  drain(heap);
  // What did not fit on the stack is marked but not scanned; so scan all that is marked once more.
  while (heap->overflowed) {
    heap->overflowed = false;
    wasmrun_heap_for_each_marked(heap, scan_and_drain);
  }
}
