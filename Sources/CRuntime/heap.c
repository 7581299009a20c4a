// Allocating objects, and sweeping those that were not marked.
#include "heap.h"

#include <stdlib.h>
#include <string.h>

/// Objects of so many bytes in all are not worth a collection.
static const uint64_t MINIMUM_THRESHOLD = 4 << 20;
/// No object is as large, so that no sum wraps.
static const uint64_t OBJECT_LIMIT = UINT64_C(1) << 40;

static void set_threshold(struct wasmrun_heap *heap) {
  uint64_t room = heap->byte_count > MINIMUM_THRESHOLD ? heap->byte_count : MINIMUM_THRESHOLD;
  uint64_t threshold = heap->byte_count + room;
  if (threshold > heap->limit) threshold = heap->limit;
  heap->threshold = heap->is_stressed ? 0 : threshold;
}

struct wasmrun_heap *wasmrun_heap_create(uint64_t limit) {
  struct wasmrun_heap *heap = calloc(1, sizeof *heap);
  if (!heap) return NULL;
  heap->limit = limit;
  set_threshold(heap);
  heap->handles.next = heap->handles.previous = &heap->handles;
  return heap;
}

void wasmrun_heap_destroy(struct wasmrun_heap *heap) {
  for (struct block *block = heap->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  for (struct large_object *large = heap->large, *next; large; large = next) {
    next = large->next;
    free(large);
  }
  free(heap->mark_stack);
  free(heap->cells.items);
  free(heap->tables.items);
  free(heap->segments.items);
  free(heap);
}

void wasmrun_heap_set_stress(struct wasmrun_heap *heap, bool is_on) {
  heap->is_stressed = is_on;
  set_threshold(heap);
}

void wasmrun_heap_pause(struct wasmrun_heap *heap) { ++heap->pauses; }

void wasmrun_heap_resume(struct wasmrun_heap *heap) { --heap->pauses; }

struct wasmrun_heap_statistics wasmrun_heap_statistics(const struct wasmrun_heap *heap) {
  return (struct wasmrun_heap_statistics){heap->collections, heap->byte_count};
}

// Roots.

static bool append(struct pointer_list *list, const void *item) {
  if (list->count == list->capacity) {
    uint64_t capacity = list->capacity ? list->capacity * 2 : 16;
    const void **items = realloc(list->items, capacity * sizeof *items);
    if (!items) return false;
    list->items = items;
    list->capacity = capacity;
  }
  list->items[list->count++] = item;
  return true;
}

bool wasmrun_heap_add_cell(struct wasmrun_heap *heap, const void *cell) {
  return append(&heap->cells, cell);
}

bool wasmrun_heap_add_table(struct wasmrun_heap *heap, const struct wasmrun_definition *table) {
  return append(&heap->tables, table);
}

bool wasmrun_heap_add_segment(struct wasmrun_heap *heap,
                              const struct wasmrun_element_segment *segment) {
  return append(&heap->segments, segment);
}

void wasmrun_heap_add_handle(struct wasmrun_heap *heap, struct wasmrun_handle *handle) {
  handle->next = heap->handles.next;
  handle->previous = &heap->handles;
  handle->next->previous = handle;
  heap->handles.next = handle;
}

void wasmrun_heap_remove_handle(struct wasmrun_heap *heap, struct wasmrun_handle *handle) {
  (void)heap;
  handle->next->previous = handle->previous;
  handle->previous->next = handle->next;
}

// Allocating.

/// The class of cells for `byte_count`, a multiple of CELL_STEP, and their size.
static uint32_t size_class(uint64_t byte_count, uint32_t *cell_byte_count) {
  if (byte_count <= SMALL_LIMIT) {
    *cell_byte_count = (uint32_t)byte_count;
    return (uint32_t)(byte_count / CELL_STEP - 1);
  }
  static const uint16_t sizes[] = {640, 768, 896, 1024, 1280, 1536, 1792, CELL_LIMIT};
  uint32_t place = 0;
  while (sizes[place] < byte_count) ++place;
  *cell_byte_count = sizes[place];
  return SMALL_LIMIT / CELL_STEP + place;
}

static struct block *add_block(struct wasmrun_heap *heap, uint32_t class, uint32_t byte_count) {
  // Of this size, so the C library gets zeroed pages of its own for it, and touches none.
  struct block *block = calloc(1, BLOCK_BYTE_COUNT);
  if (!block) return NULL;
  block->next = heap->blocks;
  block->cell_byte_count = byte_count;
  block->size_class = class;
  block->end = block->cells;
  heap->blocks = block;
  heap->classes[class].fresh = block;
  return block;
}

static void *allocate_cell(struct wasmrun_heap *heap, uint64_t byte_count) {
  uint32_t cell_byte_count;
  uint32_t index = size_class(byte_count, &cell_byte_count);
  struct size_class *class = &heap->classes[index];
  uint64_t *cell = class->free;
  if (cell) {
    class->free = (uint64_t *)(*cell & ~(uint64_t)FREE);
    memset(cell, 0, byte_count);
  } else {
    struct block *block = class->fresh;
    if (!block || block->end + cell_byte_count > (uint8_t *)block + BLOCK_BYTE_COUNT)
      block = add_block(heap, index, cell_byte_count);
    if (!block) return NULL;
    cell = (uint64_t *)block->end;
    block->end += cell_byte_count;
  }
  heap->byte_count += cell_byte_count;
  return cell;
}

static void *allocate_large(struct wasmrun_heap *heap, uint64_t byte_count) {
  struct large_object *large = calloc(1, sizeof *large + byte_count);
  if (!large) return NULL;
  large->next = heap->large;
  large->byte_count = byte_count;
  heap->large = large;
  heap->byte_count += byte_count;
  return large->object;
}

static void *allocate(struct wasmrun_heap *heap, uint64_t byte_count) {
  byte_count = (byte_count + CELL_STEP - 1) & ~(uint64_t)(CELL_STEP - 1);
  if (byte_count >= OBJECT_LIMIT) return NULL;
  if (heap->pauses == 0 && heap->byte_count + byte_count > heap->threshold)
    wasmrun_heap_collect(heap);
  if (heap->byte_count + byte_count > heap->limit) return NULL;
  return byte_count <= CELL_LIMIT ? allocate_cell(heap, byte_count)
                                  : allocate_large(heap, byte_count);
}

void *wasmrun_heap_new_structure(struct wasmrun_heap *heap, const struct wasmrun_type *type) {
  const struct wasmrun_type **object = allocate(heap, type->byte_count);
  if (object) *object = type;
  return object;
}

void *wasmrun_heap_new_array(struct wasmrun_heap *heap, const struct wasmrun_type *type,
                             uint32_t length) {
  uint64_t byte_count = sizeof(struct wasmrun_array) + (uint64_t)length * type->byte_count;
  struct wasmrun_array *array = allocate(heap, byte_count);
  if (!array) return NULL;
  array->type = type;
  array->length = length;
  return array;
}

// Collecting.

/// Frees the unmarked cells of `block` and unmarks the others. False where there are no others and
/// the block is better given back: `kept` counts the bytes of empty blocks that stay.
static bool sweep_block(struct wasmrun_heap *heap, struct block *block, uint64_t *kept) {
  struct size_class *class = &heap->classes[block->size_class];
  uint64_t *first = class->free;
  bool is_used = false;
  for (uint8_t *place = block->cells; place < block->end; place += block->cell_byte_count) {
    uint64_t *cell = (uint64_t *)place;
    if (*cell & MARKED) {
      *cell &= ~(uint64_t)MARKED;
      heap->byte_count += block->cell_byte_count;
      is_used = true;
    } else {
      *cell = (uint64_t)first | FREE;
      first = cell;
    }
  }
  if (!is_used) {
    if (*kept + BLOCK_BYTE_COUNT > MINIMUM_THRESHOLD) return false;
    *kept += BLOCK_BYTE_COUNT;
  }
  class->free = first;
  return true;
}

static void sweep(struct wasmrun_heap *heap) {
  heap->byte_count = 0;
  for (uint32_t index = 0; index < SIZE_CLASS_COUNT; ++index)
    heap->classes[index].free = NULL;
  uint64_t kept = 0;
  for (struct block **link = &heap->blocks; *link;) {
    struct block *block = *link;
    if (sweep_block(heap, block, &kept)) {
      link = &block->next;
      continue;
    }
    if (heap->classes[block->size_class].fresh == block)
      heap->classes[block->size_class].fresh = NULL;
    *link = block->next;
    free(block);
  }
  for (struct large_object **link = &heap->large; *link;) {
    struct large_object *large = *link;
    if (large->object[0] & MARKED) {
      large->object[0] &= ~(uint64_t)MARKED;
      heap->byte_count += large->byte_count;
      link = &large->next;
    } else {
      *link = large->next;
      free(large);
    }
  }
}

void wasmrun_heap_collect(struct wasmrun_heap *heap) {
  wasmrun_heap_mark(heap);
  sweep(heap);
  ++heap->collections;
  set_threshold(heap);
}

void wasmrun_heap_for_each_marked(struct wasmrun_heap *heap,
                                  void (*scan)(struct wasmrun_heap *, uint64_t *object)) {
  for (struct block *block = heap->blocks; block; block = block->next) {
    for (uint8_t *place = block->cells; place < block->end; place += block->cell_byte_count) {
      if (*(uint64_t *)place & MARKED) scan(heap, (uint64_t *)place);
    }
  }
  for (struct large_object *large = heap->large; large; large = large->next) {
    if (large->object[0] & MARKED) scan(heap, large->object);
  }
}
