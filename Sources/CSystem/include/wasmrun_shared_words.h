// Words in memory that several processes share: atomic access, and waiting for a change.

#ifndef WASMRUN_SHARED_WORDS_H
#define WASMRUN_SHARED_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

static inline uint32_t wasmrun_load32(const void *word) {
  return __atomic_load_n((const uint32_t *)word, __ATOMIC_SEQ_CST);
}

static inline void wasmrun_store32(void *word, uint32_t value) {
  __atomic_store_n((uint32_t *)word, value, __ATOMIC_SEQ_CST);
}

static inline uint32_t wasmrun_add32(void *word, uint32_t value) {
  return __atomic_fetch_add((uint32_t *)word, value, __ATOMIC_SEQ_CST);
}

static inline uint64_t wasmrun_load64(const void *word) {
  return __atomic_load_n((const uint64_t *)word, __ATOMIC_SEQ_CST);
}

static inline void wasmrun_store64(void *word, uint64_t value) {
  __atomic_store_n((uint64_t *)word, value, __ATOMIC_SEQ_CST);
}

/// Stores `value` if the word is `expected`; whether it was.
static inline bool wasmrun_replace64(void *word, uint64_t expected, uint64_t value) {
  return __atomic_compare_exchange_n((uint64_t *)word, &expected, value, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
}

/// Sleeps while the word is `expected`, for `nanoseconds` at most; wakes too early at times.
/// futex(2), between processes.
void wasmrun_futex_wait(const void *word, uint32_t expected, int64_t nanoseconds);

/// Wakes all who sleep on the word.
void wasmrun_futex_wake(const void *word);

#pragma clang assume_nonnull end

#endif
