// What the heap's files share.

#ifndef HEAP_H
#define HEAP_H

#include "wasmrun_heap.h"

/// Cells are multiples of 16 bytes up to SMALL_LIMIT, then fewer sizes up to CELL_LIMIT; larger
/// objects have an allocation of their own.
enum {
  CELL_STEP = 16,
  SMALL_LIMIT = 512,
  CELL_LIMIT = 2048,
  SIZE_CLASS_COUNT = SMALL_LIMIT / CELL_STEP + 8,
  BLOCK_BYTE_COUNT = 256 * 1024,
  MARK_STACK_COUNT = 64 * 1024,
};

/// The lowest bits of an object's or a cell's first word. An object's word is its type's address.
enum {
  MARKED = 1,
  FREE = 2,
};

/// Cells of one size.
struct block {
  struct block *next;
  uint32_t cell_byte_count;
  /// The class that hands out the rest of the block, from `end` on, is `size_class`.
  uint32_t size_class;
  /// Behind the last cell that was ever handed out.
  uint8_t *end;
  uint64_t unused;
  uint8_t cells[];
};

struct large_object {
  struct large_object *next;
  uint64_t byte_count;
  uint64_t object[];
};

struct size_class {
  /// Free cells; each one's first word is the next one's address and FREE.
  uint64_t *free;
  /// The block whose cells have not all been handed out; its rest is all zeros.
  struct block *fresh;
};

struct pointer_list {
  const void **items;
  uint64_t count;
  uint64_t capacity;
};

struct wasmrun_heap {
  /// Machine code's, first for its sake: the innermost frame of roots.
  struct wasmrun_root_frame *frames;
  struct size_class classes[SIZE_CLASS_COUNT];
  struct block *blocks;
  struct large_object *large;
  /// Bytes of all objects, and how many of them make the collector run: 0 for at every allocation.
  uint64_t byte_count;
  uint64_t threshold;
  uint64_t limit;
  uint64_t collections;
  uint32_t pauses;
  bool is_stressed;
  /// An object did not fit on the mark stack.
  bool overflowed;
  uint64_t mark_count;
  uint64_t **mark_stack;
  struct pointer_list cells, tables, segments;
  struct wasmrun_handle handles;
};

/// The place of an object's cell; null unless one is there at once: small, without collecting, and
/// without a new block. Its content is zero. `byte_count` is a multiple of CELL_STEP.
///
/// Without calls, as most allocations are done with it; so it zeroes by itself, whatever the compiler
/// thinks of memset.
__attribute__((always_inline, no_builtin("memset"))) static inline void *wasmrun_heap_take_cell(
    struct wasmrun_heap *heap, uint64_t byte_count) {
  if (byte_count > SMALL_LIMIT || heap->byte_count + byte_count > heap->threshold) return 0;
  struct size_class *class = &heap->classes[byte_count / CELL_STEP - 1];
  uint64_t *cell = class->free;
  if (cell) {
    class->free = (uint64_t *)(*cell & ~(uint64_t)FREE);
    for (uint64_t place = 0; place < byte_count / 8; place += 2) {
      cell[place] = 0;
      cell[place + 1] = 0;
    }
  } else {
    // What was never handed out is zero.
    struct block *block = class->fresh;
    if (!block || block->end + byte_count > (uint8_t *)block + BLOCK_BYTE_COUNT) return 0;
    cell = (uint64_t *)block->end;
    block->end += byte_count;
  }
  heap->byte_count += byte_count;
  return cell;
}

/// Empties the mark stack and all that hangs on it, from the roots on.
void wasmrun_heap_mark(struct wasmrun_heap *heap);

/// Calls `scan` for every marked object.
void wasmrun_heap_for_each_marked(struct wasmrun_heap *heap,
                                  void (*scan)(struct wasmrun_heap *, uint64_t *object));

#endif
