// The address ranges that the signal handler asks for: readable without a lock, at any moment.
//
// Entries are reused but never freed, so a reader never meets freed memory.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "builtins.h"
#include "wasmrun_activation.h"

/// Free while `byte_count` is 0. Whoever writes makes the count nonzero last and zero first, so a
/// reader that finds the same start before and after the count has a true pair.
struct range {
  _Atomic uintptr_t start;
  _Atomic uintptr_t byte_count;
  /// Of code only; written before the start.
  const struct wasmrun_pad *pads;
  uint64_t pad_count;
};

enum { CHUNK_RANGES = 64 };

struct chunk {
  struct range ranges[CHUNK_RANGES];
  struct chunk *_Atomic next;
};

static struct chunk lists[2];
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

static struct range *free_range(struct chunk *chunk) {
  for (;;) {
    for (int index = 0; index < CHUNK_RANGES; ++index) {
      if (atomic_load(&chunk->ranges[index].byte_count) == 0) return &chunk->ranges[index];
    }
    struct chunk *next = atomic_load(&chunk->next);
    if (!next) {
      next = calloc(1, sizeof *next);
      if (!next) return NULL;
      atomic_store(&chunk->next, next);
    }
    chunk = next;
  }
}

static bool add(enum wasmrun_range_kind kind, uintptr_t start, uintptr_t byte_count,
                const struct wasmrun_pad *pads, uint64_t pad_count) {
  pthread_mutex_lock(&writing);
  struct range *range = free_range(&lists[kind]);
  if (range) {
    range->pads = pads;
    range->pad_count = pad_count;
    atomic_store(&range->start, start);
    atomic_store(&range->byte_count, byte_count);
  }
  pthread_mutex_unlock(&writing);
  return range;
}

bool wasmrun_ranges_add(enum wasmrun_range_kind kind, uintptr_t start, uintptr_t byte_count) {
  return add(kind, start, byte_count, NULL, 0);
}

bool wasmrun_code_add(uintptr_t start, uintptr_t byte_count, const struct wasmrun_pad *pads,
                      uint64_t pad_count) {
  return add(WASMRUN_CODE, start, byte_count, pads, pad_count);
}

void wasmrun_ranges_remove(enum wasmrun_range_kind kind, uintptr_t start) {
  pthread_mutex_lock(&writing);
  for (struct chunk *chunk = &lists[kind]; chunk; chunk = atomic_load(&chunk->next)) {
    for (int index = 0; index < CHUNK_RANGES; ++index) {
      struct range *range = &chunk->ranges[index];
      if (atomic_load(&range->start) == start && atomic_load(&range->byte_count) != 0) {
        atomic_store(&range->byte_count, 0);
        atomic_store(&range->start, 0);
      }
    }
  }
  pthread_mutex_unlock(&writing);
}

BUILTIN static const struct range *find(enum wasmrun_range_kind kind, uintptr_t address) {
  for (struct chunk *chunk = &lists[kind]; chunk; chunk = atomic_load(&chunk->next)) {
    for (int index = 0; index < CHUNK_RANGES; ++index) {
      struct range *range = &chunk->ranges[index];
      uintptr_t start = atomic_load(&range->start);
      uintptr_t byte_count = atomic_load(&range->byte_count);
      if (address - start < byte_count && atomic_load(&range->start) == start) return range;
    }
  }
  return NULL;
}

bool wasmrun_ranges_contain(enum wasmrun_range_kind kind, uintptr_t address) {
  return find(kind, address);
}

BUILTIN uintptr_t wasmrun_code_pad(uintptr_t address) {
  const struct range *range = find(WASMRUN_CODE, address);
  if (!range) return 0;
  uintptr_t start = atomic_load(&range->start);
  uint64_t low = 0, high = range->pad_count;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (range->pads[middle].end <= address - start) low = middle + 1; else high = middle;
  }
  if (low == range->pad_count || address - start < range->pads[low].start) return 0;
  return start + range->pads[low].pad;
}
