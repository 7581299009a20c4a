// Asking for code that is not there yet; see CodeRegionLayout (CompilerInterface).
//
// The region is only read here. Nothing of this holds a lock or enters the C library, so that a
// fault in the stack's guard is the guest's trap.
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "builtins.h"
#include "wasmrun_code_region.h"

enum {
  /// Looks at the slot before the thread sleeps: most functions take the compiler some microseconds.
  SPIN_COUNT = 500,
  /// How often a sleeper looks whether the compiler is alive.
  PATIENCE_NANOSECONDS = 20000000,
  ENTRY_BYTES = 32,
  REQUEST_STUB = 16,
};

struct time {
  int64_t seconds;
  int64_t nanoseconds;
};

BUILTIN static long call_kernel(long number, long a, long b, long c, long d) {
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  return result;
}

static inline uint32_t load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

static inline struct wasmrun_code_requests *requests_of(const struct wasmrun_code_region *region) {
  return (struct wasmrun_code_requests *)((uintptr_t)region - region->requests_distance);
}

static inline const uint64_t *slot_of(const struct wasmrun_code_region *region, uint32_t function) {
  return (const uint64_t *)((uintptr_t)region + WASMRUN_REGION_SLOTS) + function;
}

/// The body of `function`; null as long as it has none.
BUILTIN static const void *body_of(const struct wasmrun_code_region *region, uint32_t function) {
  uint64_t code = __atomic_load_n(slot_of(region, function), __ATOMIC_SEQ_CST);
  uint64_t stub =
      (uintptr_t)region + region->text_offset + (uint64_t)function * ENTRY_BYTES + REQUEST_STUB;
  return code == stub ? NULL : (const void *)code;
}

/// Whether the compiler has ended: nobody has the other end of the pipe open.
BUILTIN static bool is_compiler_gone(const struct wasmrun_code_requests *requests) {
  char byte;
  return call_kernel(SYS_read, requests->life_descriptor, (long)&byte, 1, 0) == 0;
}

BUILTIN static void ask(struct wasmrun_code_requests *requests, uint32_t function) {
  // Each thread that asks has a place of its own, and counts once the request stands there: whoever
  // sees the count finds it. With more threads than places, those that are not heard ask again.
  uint32_t place = __atomic_fetch_add(&requests->function_places, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&requests->function_ring[place % WASMRUN_REQUEST_RING], function + 1,
                   __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&requests->function_requests, 1, __ATOMIC_SEQ_CST);
  if (load(&requests->function_sleepers) != 0)
    call_kernel(SYS_futex, (long)&requests->function_requests, FUTEX_WAKE, INT32_MAX, 0);
}

BUILTIN static void sleep_until_published(const struct wasmrun_code_region *region,
                                          struct wasmrun_code_requests *requests,
                                          uint32_t function) {
  struct time limit = {.nanoseconds = PATIENCE_NANOSECONDS};
  __atomic_fetch_add(&requests->code_waiters, 1, __ATOMIC_SEQ_CST);
  uint32_t publications = load(&region->publications);
  if (!body_of(region, function) && load(&region->state) == WASMRUN_REGION_READY)
    call_kernel(SYS_futex, (long)&region->publications, FUTEX_WAIT, (long)publications,
                (long)&limit);
  __atomic_fetch_sub(&requests->code_waiters, 1, __ATOMIC_SEQ_CST);
}

BUILTIN const void *wasmrun_await_code(struct wasmrun_vmcontext *vmcontext, uint32_t function,
                                       const struct wasmrun_code_region *region) {
  struct wasmrun_code_requests *requests = requests_of(region);
  const void *body = body_of(region, function);
  for (uint32_t round = 0; !body; ++round) {
    if (round % 8 == 0) ask(requests, function);
    for (int spin = 0; spin < SPIN_COUNT && !body; ++spin) {
      __builtin_ia32_pause();
      body = body_of(region, function);
    }
    if (body) break;
    if (load(&region->state) != WASMRUN_REGION_READY || is_compiler_gone(requests))
      wasmrun_raise(vmcontext, WASMRUN_NO_CODE);
    sleep_until_published(region, requests, function);
    body = body_of(region, function);
  }
  return body;
}

BUILTIN const void *wasmrun_loop_is_hot(struct wasmrun_vmcontext *vmcontext, uint32_t loop,
                                        const struct wasmrun_code_region *region) {
  (void)vmcontext;
  struct wasmrun_code_requests *requests = requests_of(region);
  const struct wasmrun_code_loop *loops =
      (const struct wasmrun_code_loop *)((uintptr_t)region + region->loops_offset);
  uint32_t function = loops[loop].function;
  uint32_t *heat = (uint32_t *)((uintptr_t)requests + WASMRUN_REQUEST_HEAT);
  // Counts only order the compilers' work, so that one that is lost does no harm.
  heat[function] += WASMRUN_LOOP_BUDGET;
  heat[region->function_count + loop] = WASMRUN_LOOP_BUDGET;
  uint64_t code = __atomic_load_n(&loops[loop].code, __ATOMIC_SEQ_CST);
  if (code != 0) return (const void *)code;
  uint32_t place = __atomic_fetch_add(&requests->loop_requests, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&requests->loop_ring[place % WASMRUN_REQUEST_RING], loop + 1, __ATOMIC_SEQ_CST);
  return NULL;
}
