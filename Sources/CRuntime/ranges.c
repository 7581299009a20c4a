// The address ranges that the signal handler asks for: readable without a lock, at any moment.
//
// Entries are reused but never freed, so a reader never meets freed memory.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "builtins.h"
#include "wasmrun_activation.h"
#include "wasmrun_code_region.h"

/// Free while `byte_count` is 0. Whoever writes makes the count nonzero last and zero first, so a
/// reader that finds the same start before and after the count has a true pair.
struct range {
  _Atomic uintptr_t start;
  _Atomic uintptr_t byte_count;
  /// Of code only; written before the start.
  const struct wasmrun_pad *pads;
  uint64_t pad_count;
  /// Of a code region's text instead.
  const struct wasmrun_code_region *region;
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
                const struct wasmrun_pad *pads, uint64_t pad_count,
                const struct wasmrun_code_region *region) {
  pthread_mutex_lock(&writing);
  struct range *range = free_range(&lists[kind]);
  if (range) {
    range->pads = pads;
    range->pad_count = pad_count;
    range->region = region;
    atomic_store(&range->start, start);
    atomic_store(&range->byte_count, byte_count);
  }
  pthread_mutex_unlock(&writing);
  return range;
}

bool wasmrun_ranges_add(enum wasmrun_range_kind kind, uintptr_t start, uintptr_t byte_count) {
  return add(kind, start, byte_count, NULL, 0, NULL);
}

bool wasmrun_code_add(uintptr_t start, uintptr_t byte_count, const struct wasmrun_pad *pads,
                      uint64_t pad_count) {
  return add(WASMRUN_CODE, start, byte_count, pads, pad_count, NULL);
}

bool wasmrun_code_add_region(uintptr_t start, uintptr_t byte_count,
                             const struct wasmrun_code_region *region) {
  return add(WASMRUN_CODE, start, byte_count, NULL, 0, region);
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

/// The pad for a call at `offset`; 0 where there is none, and nothing is at offset 0.
BUILTIN static uintptr_t search(const struct wasmrun_pad *pads, uint64_t count, uintptr_t offset) {
  uint64_t low = 0, high = count;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (pads[middle].end <= offset) low = middle + 1; else high = middle;
  }
  return low == count || offset < pads[low].start ? 0 : pads[low].pad;
}

/// As `search`, in what the compilers have published so far.
BUILTIN static uintptr_t search_region(const struct wasmrun_code_region *region, uintptr_t offset) {
  for (int stage = 0; stage < 2; ++stage) {
    const void *pads = (const uint8_t *)region + region->pad_offsets[stage];
    uint32_t count = __atomic_load_n(&region->pad_counts[stage], __ATOMIC_SEQ_CST);
    uintptr_t pad = search(pads, count, offset);
    if (pad) return pad;
  }
  return 0;
}

BUILTIN uintptr_t wasmrun_code_pad(uintptr_t address) {
  const struct range *range = find(WASMRUN_CODE, address);
  if (!range) return 0;
  uintptr_t start = atomic_load(&range->start);
  uintptr_t offset = address - start;
  uintptr_t pad = range->region ? search_region(range->region, offset)
                                : search(range->pads, range->pad_count, offset);
  return pad ? start + pad : 0;
}
