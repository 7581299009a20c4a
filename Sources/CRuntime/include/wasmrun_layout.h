// The structures that machine code, builtins and Swift share. `VMContextLayout` in Swift is the
// contract; a test compares both. All of an instance's structures belong to its store.

#ifndef WASMRUN_LAYOUT_H
#define WASMRUN_LAYOUT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Statuses that the C side itself makes; see TrapCode and GuestStatus in CompilerInterface.
enum {
  WASMRUN_FINISHED = 0,
  WASMRUN_MEMORY_OUT_OF_BOUNDS = 2,
  WASMRUN_TABLE_OUT_OF_BOUNDS = 3,
  WASMRUN_INTEGER_DIVIDE_BY_ZERO = 7,
  WASMRUN_STACK_EXHAUSTED = 9,
  WASMRUN_ARRAY_OUT_OF_BOUNDS = 14,
  WASMRUN_HEAP_EXHAUSTED = 15,
  WASMRUN_UNCAUGHT_EXCEPTION = 16,
  WASMRUN_LAST_TRAP_CODE = 17,
};

/// Bytes of guest stack that must be left where Swift is called (CallingConvention.stackReserve).
#define WASMRUN_STACK_RESERVE (256 * 1024)

/// What machine code knows of a memory or a table: base, and length in bytes or elements.
struct wasmrun_definition {
  void *_Nullable base;
  uint64_t length;
};

struct wasmrun_instance;
struct wasmrun_heap;

/// Values of wasmrun_type.kind.
enum {
  WASMRUN_TYPE_FUNCTION,
  WASMRUN_TYPE_STRUCTURE,
  WASMRUN_TYPE_ARRAY,
};

/// A canonical type; see TypeRecordLayout and ObjectLayout in CompilerInterface.
struct wasmrun_type {
  uint32_t id;
  uint32_t kind;
  /// Of a structure its size, of an array its elements'.
  uint32_t byte_count;
  /// How many supertypes the type has.
  uint32_t depth;
  /// Of a structure how many offsets `reference_offsets` has; of an array 1 where its elements are
  /// references that the collector follows, else 0.
  uint32_t reference_count;
  uint32_t unused;
  const uint32_t *_Nullable reference_offsets;
  uint64_t unused2;
  /// `depth + 1` ids, the topmost first; zeros behind them, up to eight in all at least.
  uint32_t display[];
};

/// An array; see ObjectLayout.
struct wasmrun_array {
  const struct wasmrun_type *type;
  uint32_t length;
  uint32_t unused;
  uint8_t elements[];
};

/// References of a running function that the collector follows; see CallingConvention.
struct wasmrun_root_frame {
  struct wasmrun_root_frame *_Nullable parent;
  uint64_t count;
  uint64_t references[];
};

/// The fixed part of a VMContext. Where memory 0 is imported, `memory0.length` holds the address
/// of its definition; C finds memories through `instance` instead.
struct wasmrun_vmcontext {
  struct wasmrun_definition memory0;
  /// Lowest address of the guest stack that may be used.
  uintptr_t stack_limit;
  void *_Nullable argument_area;
  const void *_Nonnull const *_Nonnull builtins;
  /// Null in a host function's record.
  struct wasmrun_instance *_Nullable instance;
  uint32_t interrupt;
  uint32_t unused;
  /// The store's heap; it begins with the address of the innermost frame of roots.
  struct wasmrun_heap *heap;
};

/// A function as references point to it; a funcref table's element is a copy.
struct wasmrun_funcref {
  /// The table entry; null only for a host function that no module has imported yet.
  const void *_Nullable code;
  struct wasmrun_vmcontext *_Nullable vmcontext;
  /// The canonical type, at least 1.
  uint32_t type_id;
  /// In the index space of the module whose instance `vmcontext` is.
  uint32_t function_index;
  /// The original of which this is a copy; itself in the original.
  struct wasmrun_funcref *_Nullable identity;
};

/// What stands in for the VMContext of a host function.
struct wasmrun_host_record {
  struct wasmrun_vmcontext header;
  int32_t (*function)(void *_Nullable environment, uint64_t *slots);
  void *_Nullable environment;
};

/// A memory as an instance's builtins see it.
struct wasmrun_memory {
  struct wasmrun_definition *definition;
  /// The Swift LinearMemory, not retained here.
  void *owner;
};

/// A table as an instance's builtins see it.
struct wasmrun_table {
  struct wasmrun_definition *definition;
  /// The Swift ReferenceTable, not retained here.
  void *owner;
  /// 32 for function references, else 8.
  uint32_t element_byte_count;
};

/// A data segment; dropping it sets the count to 0.
struct wasmrun_data_segment {
  const uint8_t *_Nullable bytes;
  uint64_t byte_count;
};

/// An element segment's references; dropping it sets the count to 0.
struct wasmrun_element_segment {
  const uint64_t *_Nullable references;
  uint64_t count;
};

/// Swift's part of growing. Both return the old size (pages, elements) or -1.
struct wasmrun_growth {
  int64_t (*memory)(void *owner, uint64_t delta_pages);
  /// The new elements are null.
  int64_t (*table)(void *owner, uint64_t delta);
};

/// What builtins know of an instance; index spaces as in the module.
struct wasmrun_instance {
  struct wasmrun_memory *_Nullable memories;
  struct wasmrun_table *_Nullable tables;
  struct wasmrun_data_segment *_Nullable data_segments;
  struct wasmrun_element_segment *_Nullable element_segments;
  const struct wasmrun_growth *growth;
  /// The Swift Instance, not retained here.
  void *owner;
};

static_assert(sizeof(void *) == 8, "the ABI is x86-64's");
static_assert(sizeof(struct wasmrun_vmcontext) == 64, "VMContextLayout.headerByteCount");
static_assert(offsetof(struct wasmrun_vmcontext, stack_limit) == 16, "VMContextLayout.stackLimit");
static_assert(offsetof(struct wasmrun_vmcontext, interrupt) == 48, "VMContextLayout.interrupt");
static_assert(sizeof(struct wasmrun_funcref) == 32, "VMContextLayout.funcRefByteCount");
static_assert(offsetof(struct wasmrun_type, display) == 40, "TypeRecordLayout.display");
static_assert(offsetof(struct wasmrun_vmcontext, heap) == 56, "VMContextLayout.heap");
static_assert(sizeof(struct wasmrun_array) == 16, "ObjectLayout.arrayElements");
static_assert(sizeof(struct wasmrun_definition) == 16, "VMContextLayout.definitionByteCount");
static_assert(sizeof(struct wasmrun_host_record) == 80, "HostRecordLayout.byteCount");

#pragma clang assume_nonnull end

#endif
