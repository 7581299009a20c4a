// The code region as C sees it: CodeRegionLayout in CompilerInterface is the contract; a test
// compares both.

#ifndef WASMRUN_CODE_REGION_H
#define WASMRUN_CODE_REGION_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
  WASMRUN_REQUEST_RING = 64,
  WASMRUN_REQUEST_HEAT = 4096,
  WASMRUN_REGION_SLOTS = 4096,
  WASMRUN_LOOP_BUDGET = 20000,
  WASMRUN_REGION_READY = 1,
  /// GuestStatus.noCode
  WASMRUN_NO_CODE = 130,
};

struct wasmrun_code_requests {
  uint32_t function_requests;
  uint32_t function_sleepers;
  uint32_t code_waiters;
  int32_t life_descriptor;
  uint32_t loop_requests;
  uint32_t function_places;
  uint32_t unused[10];
  uint32_t function_ring[WASMRUN_REQUEST_RING];
  uint32_t loop_ring[WASMRUN_REQUEST_RING];
};

struct wasmrun_code_region {
  uint32_t state;
  uint32_t publications;
  uint32_t loop_count;
  uint32_t requests_distance;
  uint32_t log_counts[2];
  uint32_t pad_counts[2];
  uint32_t log_offsets[2];
  uint32_t pad_offsets[2];
  uint32_t loops_offset;
  uint32_t text_offset;
  uint32_t function_count;
};

struct wasmrun_code_loop {
  uint64_t code;
  uint32_t function;
  uint32_t ordinal;
};

static_assert(offsetof(struct wasmrun_code_requests, function_places) == 20, "functionPlaces");
static_assert(offsetof(struct wasmrun_code_requests, function_ring) == 64, "functionRing");
static_assert(offsetof(struct wasmrun_code_requests, loop_ring) == 320, "loopRing");
static_assert(offsetof(struct wasmrun_code_region, pad_offsets) == 40, "padOffsets");
static_assert(offsetof(struct wasmrun_code_region, function_count) == 56, "functionCountOffset");
static_assert(sizeof(struct wasmrun_code_loop) == 16, "loopByteCount");

/// Makes the text of a region known, whose pads are looked up as they are published. False where
/// memory for that is lacking. Thread-safe; undone by `wasmrun_ranges_remove`.
bool wasmrun_code_add_region(uintptr_t start, uintptr_t byte_count,
                             const struct wasmrun_code_region *region);

#pragma clang assume_nonnull end

#endif
