// The table of builtins that compiled code calls; see Builtin in CompilerInterface.

#ifndef WASMRUN_BUILTINS_H
#define WASMRUN_BUILTINS_H

#include <stdbool.h>

#include "wasmrun_layout.h"

#pragma clang assume_nonnull begin

/// Places in the table: `Builtin.rawValue` of the same name.
enum wasmrun_builtin {
  WASMRUN_BUILTIN_RAISE,
  WASMRUN_BUILTIN_MEMORY_GROW,
  WASMRUN_BUILTIN_MEMORY_COPY,
  WASMRUN_BUILTIN_MEMORY_FILL,
  WASMRUN_BUILTIN_MEMORY_INIT,
  WASMRUN_BUILTIN_DATA_DROP,
  WASMRUN_BUILTIN_TABLE_SET,
  WASMRUN_BUILTIN_TABLE_GROW,
  WASMRUN_BUILTIN_TABLE_FILL,
  WASMRUN_BUILTIN_TABLE_COPY,
  WASMRUN_BUILTIN_TABLE_INIT,
  WASMRUN_BUILTIN_ELEMENT_DROP,
  WASMRUN_BUILTIN_IS_SUBTYPE,
  WASMRUN_BUILTIN_STRUCT_NEW,
  WASMRUN_BUILTIN_ARRAY_NEW,
  WASMRUN_BUILTIN_ARRAY_NEW_DATA,
  WASMRUN_BUILTIN_ARRAY_NEW_ELEMENT,
  WASMRUN_BUILTIN_ARRAY_FILL,
  WASMRUN_BUILTIN_ARRAY_COPY,
  WASMRUN_BUILTIN_ARRAY_INIT_DATA,
  WASMRUN_BUILTIN_ARRAY_INIT_ELEMENT,
  WASMRUN_BUILTIN_MEMORY_NOTIFY,
  WASMRUN_BUILTIN_MEMORY_WAIT32,
  WASMRUN_BUILTIN_MEMORY_WAIT64,
  WASMRUN_BUILTIN_THROW,
  WASMRUN_BUILTIN_RESUME,
  WASMRUN_BUILTIN_AWAIT_CODE,
  WASMRUN_BUILTIN_LOOP_IS_HOT,
  WASMRUN_BUILTIN_COUNT,
};

/// What `VMContextLayout.builtins` points to.
const void *_Nonnull const *_Nonnull wasmrun_builtin_table(void);

/// Makes a type known by its id; the record stays for ever. One thread at a time. False where memory
/// is lacking.
bool wasmrun_type_publish(const struct wasmrun_type *type);

/// The record of a type that was published; null for others.
const struct wasmrun_type *_Nullable wasmrun_type_find(uint32_t id);

// The same checks for instantiation, where Swift is the caller. Statuses as the builtins'.

/// Copies `count` bytes of data segment `segment` from `src` on to `dst` of memory `memory`.
int32_t wasmrun_initialize_memory(struct wasmrun_instance *instance, uint32_t segment,
                                  uint32_t memory, uint64_t dst, uint64_t src, uint64_t count);

/// Stores `reference` in `count` elements from `index` on.
int32_t wasmrun_fill_table(struct wasmrun_table *table, uint64_t index, uint64_t reference,
                           uint64_t count);

/// Stores `references` in the elements from `index` on.
int32_t wasmrun_store_elements(struct wasmrun_table *table, uint64_t index,
                               const uint64_t *_Nullable references, uint64_t count);

#pragma clang assume_nonnull end

#endif
