// Exceptions: what they are made of, and where they are caught. Spec: core 3.0 §4.2.

#ifndef WASMRUN_EXCEPTIONS_H
#define WASMRUN_EXCEPTIONS_H

#include "wasmrun_layout.h"

#pragma clang assume_nonnull begin

/// A tag instance: its address is its identity. Lives as long as its store.
struct wasmrun_tag {
  /// The canonical type, at least 1.
  uint32_t type_id;
  /// In the index space of the instance that defines it.
  uint32_t index;
  /// Null for the host's.
  struct wasmrun_instance *_Nullable instance;
  /// How the tag's exceptions lie in the heap.
  const struct wasmrun_type *record;
};

/// An exception: an object of the heap. See ExceptionLayout.
struct wasmrun_exception {
  /// The tag's; the collector borrows the lowest bits.
  const struct wasmrun_type *record;
  const struct wasmrun_tag *tag;
  /// The values in slots, as SlotLayout places them.
  uint64_t payload[];
};

/// Where an exception is caught that passes a call in [start, end): offsets from the beginning of
/// an image's text, ascending. See PadRecord.
struct wasmrun_pad {
  uint32_t start;
  uint32_t end;
  uint32_t pad;
};

#pragma clang assume_nonnull end

#endif
