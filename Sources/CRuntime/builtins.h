// What the builtins' files share.

#ifndef BUILTINS_H
#define BUILTINS_H

#include <stdbool.h>

#include "wasmrun_activation.h"
#include "wasmrun_builtins.h"
#include "wasmrun_exceptions.h"

/// Puts a function among the builtins: there a fault in the stack's guard is the guest's trap.
/// Nothing that holds a lock may be in it.
#define BUILTIN __attribute__((section("wasmrun_builtins"), noinline))

/// Bytes of stack that the C library's functions get at least (resolving a symbol at its first
/// call takes some thousand).
enum { C_STACK_RESERVE = 16 * 1024 };

/// Whether fewer than `reserve` bytes of guest stack are left. A macro, because it must see its
/// user's frame, and because that makes the user keep a frame pointer for backtraces.
#define LACKS_STACK(vmcontext, reserve) \
  ((uintptr_t)__builtin_frame_address(0) < (vmcontext)->stack_limit + (reserve))

/// Whether `count` things from `start` on lie inside `length`, whatever the numbers.
static inline bool is_inside(uint64_t start, uint64_t count, uint64_t length) {
  return count <= length && start <= length - count;
}

// The builtins; their contract is in Builtin (CompilerInterface).
int64_t wasmrun_memory_grow(struct wasmrun_vmcontext *, uint32_t memory, uint64_t delta);
int32_t wasmrun_memory_copy(struct wasmrun_vmcontext *, uint32_t dst_memory, uint32_t src_memory,
                            uint64_t dst, uint64_t src, uint64_t count);
int32_t wasmrun_memory_fill(struct wasmrun_vmcontext *, uint32_t memory, uint64_t dst,
                            uint32_t byte, uint64_t count);
int32_t wasmrun_memory_init(struct wasmrun_vmcontext *, uint32_t segment, uint32_t memory,
                            uint64_t dst, uint32_t src, uint32_t count);
void wasmrun_data_drop(struct wasmrun_vmcontext *, uint32_t segment);
int32_t wasmrun_table_set(struct wasmrun_vmcontext *, uint32_t table, uint64_t index,
                          uint64_t reference);
int64_t wasmrun_table_grow(struct wasmrun_vmcontext *, uint32_t table, uint64_t reference,
                           uint64_t delta);
int32_t wasmrun_table_fill(struct wasmrun_vmcontext *, uint32_t table, uint64_t index,
                           uint64_t reference, uint64_t count);
int32_t wasmrun_table_copy(struct wasmrun_vmcontext *, uint32_t dst_table, uint32_t src_table,
                           uint64_t dst, uint64_t src, uint64_t count);
int32_t wasmrun_table_init(struct wasmrun_vmcontext *, uint32_t segment, uint32_t table,
                           uint64_t dst, uint32_t src, uint32_t count);
void wasmrun_element_drop(struct wasmrun_vmcontext *, uint32_t segment);
void *wasmrun_struct_new(struct wasmrun_vmcontext *, const struct wasmrun_type *);
void *wasmrun_array_new(struct wasmrun_vmcontext *, const struct wasmrun_type *, uint32_t length);
void *wasmrun_array_new_data(struct wasmrun_vmcontext *, const struct wasmrun_type *,
                             uint32_t segment, uint32_t src, uint32_t length);
void *wasmrun_array_new_element(struct wasmrun_vmcontext *, const struct wasmrun_type *,
                                uint32_t segment, uint32_t src, uint32_t length);
int32_t wasmrun_array_fill(struct wasmrun_vmcontext *, struct wasmrun_array *, uint32_t index,
                           uint64_t low, uint64_t high, uint32_t count);
int32_t wasmrun_array_copy(struct wasmrun_vmcontext *, struct wasmrun_array *to, uint32_t dst,
                           const struct wasmrun_array *from, uint32_t src, uint32_t count);
int32_t wasmrun_array_init_data(struct wasmrun_vmcontext *, struct wasmrun_array *,
                                uint32_t segment, uint32_t dst, uint32_t src, uint32_t count);
int32_t wasmrun_array_init_element(struct wasmrun_vmcontext *, struct wasmrun_array *,
                                   uint32_t segment, uint32_t dst, uint32_t src, uint32_t count);
uint32_t wasmrun_is_subtype(struct wasmrun_vmcontext *, uint32_t id, uint32_t other);
uint32_t wasmrun_memory_notify(struct wasmrun_vmcontext *, uint32_t memory, uint64_t address,
                               uint32_t count);
uint32_t wasmrun_memory_wait32(struct wasmrun_vmcontext *, uint32_t memory, uint64_t address,
                               uint32_t expected, int64_t timeout);
uint32_t wasmrun_memory_wait64(struct wasmrun_vmcontext *, uint32_t memory, uint64_t address,
                               uint64_t expected, int64_t timeout);
/// `region` is the region of the code that calls.
struct wasmrun_code_region;
const void *wasmrun_await_code(struct wasmrun_vmcontext *, uint32_t function,
                               const struct wasmrun_code_region *region);
const void *wasmrun_loop_is_hot(struct wasmrun_vmcontext *, uint32_t loop,
                                const struct wasmrun_code_region *region);
_Noreturn void wasmrun_throw(struct wasmrun_vmcontext *, struct wasmrun_exception *);
_Noreturn void wasmrun_resume(struct wasmrun_vmcontext *, struct wasmrun_exception *);

#endif
