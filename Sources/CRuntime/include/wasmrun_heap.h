// The garbage-collected heap of a store: structures and arrays.
//
// Objects never move. The collector marks from precise roots and sweeps everything at once; it runs
// when something is allocated, and at no other time. Roots are the frames that compiled functions
// keep (see CallingConvention), and the cells, tables, segments and handles made known here. How a
// reference's bits are read is on ObjectLayout's page in CompilerInterface.
//
// A heap belongs to one thread at a time, as its store does.

#ifndef WASMRUN_HEAP_H
#define WASMRUN_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "wasmrun_layout.h"

#pragma clang assume_nonnull begin

/// A reference that the host holds; in a list with its neighbours.
struct wasmrun_handle {
  uint64_t reference;
  struct wasmrun_handle *_Nullable next;
  struct wasmrun_handle *_Nullable previous;
};

/// What a heap has done so far, and holds.
struct wasmrun_heap_statistics {
  uint64_t collections;
  /// Bytes of objects, dead ones that are not found yet among them.
  uint64_t byte_count;
};

/// An empty heap that may take `limit` bytes; null where memory is lacking.
struct wasmrun_heap *_Nullable wasmrun_heap_create(uint64_t limit);

/// Gives back the heap and all objects in it.
void wasmrun_heap_destroy(struct wasmrun_heap *heap);

/// Lets the collector run at every allocation (for tests) or when it is worth it.
void wasmrun_heap_set_stress(struct wasmrun_heap *heap, bool is_on);

/// Between pause and resume nothing is collected; they nest.
void wasmrun_heap_pause(struct wasmrun_heap *heap);
void wasmrun_heap_resume(struct wasmrun_heap *heap);

struct wasmrun_heap_statistics wasmrun_heap_statistics(const struct wasmrun_heap *heap);

/// Frees every object that no root leads to.
void wasmrun_heap_collect(struct wasmrun_heap *heap);

// Roots. What is pointed to lives as long as the heap. False where memory is lacking.

bool wasmrun_heap_add_cell(struct wasmrun_heap *heap, const void *cell);
/// The elements of a table that holds 8 bytes each.
bool wasmrun_heap_add_table(struct wasmrun_heap *heap, const struct wasmrun_definition *table);
bool wasmrun_heap_add_segment(struct wasmrun_heap *heap,
                              const struct wasmrun_element_segment *segment);
/// `handle` stays where it is until it is removed.
void wasmrun_heap_add_handle(struct wasmrun_heap *heap, struct wasmrun_handle *handle);
void wasmrun_heap_remove_handle(struct wasmrun_heap *heap, struct wasmrun_handle *handle);

// Objects, all zeros but for their header. May collect. Null where the limit or the machine refuses.

void *_Nullable wasmrun_heap_new_structure(struct wasmrun_heap *heap,
                                           const struct wasmrun_type *type);
void *_Nullable wasmrun_heap_new_array(struct wasmrun_heap *heap, const struct wasmrun_type *type,
                                       uint32_t length);

#pragma clang assume_nonnull end

#endif
