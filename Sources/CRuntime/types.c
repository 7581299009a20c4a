// The process's type records, found by canonical id: readable without a lock, never freed.
#include <stdatomic.h>
#include <stdlib.h>

#include "builtins.h"

enum { CHUNK_RECORDS = 4096, CHUNK_COUNT = (1 << 23) / CHUNK_RECORDS };

typedef const struct wasmrun_type *_Atomic entry;

static entry *_Atomic chunks[CHUNK_COUNT];

bool wasmrun_type_publish(const struct wasmrun_type *type) {
  entry *_Atomic *slot = &chunks[type->id / CHUNK_RECORDS];
  entry *chunk = atomic_load(slot);
  if (!chunk) {
    // Only the registry's lock holder comes here.
    chunk = calloc(CHUNK_RECORDS, sizeof *chunk);
    if (!chunk) return false;
    atomic_store(slot, chunk);
  }
  atomic_store(&chunk[type->id % CHUNK_RECORDS], type);
  return true;
}

BUILTIN const struct wasmrun_type *wasmrun_type_find(uint32_t id) {
  entry *chunk = atomic_load_explicit(&chunks[id / CHUNK_RECORDS], memory_order_acquire);
  return chunk ? atomic_load_explicit(&chunk[id % CHUNK_RECORDS], memory_order_acquire) : NULL;
}

BUILTIN uint32_t wasmrun_is_subtype(struct wasmrun_vmcontext *vmcontext, uint32_t id,
                                    uint32_t other) {
  (void)vmcontext;
  if (id == other) return 1;
  // Types without a record have no supertypes.
  const struct wasmrun_type *type = wasmrun_type_find(id);
  if (!type) return 0;
  const struct wasmrun_type *above = wasmrun_type_find(other);
  uint32_t depth = above ? above->depth : 0;
  return depth <= type->depth && type->display[depth] == other;
}
