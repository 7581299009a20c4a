// Waiting at an address of a memory, and waking who waits there.
//
// All who wait are in one list, in the order in which they came, under one lock: so the comparison
// with the expected value and the beginning of the wait are one step for whoever notifies. Two
// addresses are the same if they are in the process, whatever instances they are reached through.
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "builtins.h"

/// Somebody who waits; on his own stack.
struct waiter {
  struct waiter *next;
  const void *address;
  pthread_cond_t woken;
  bool is_woken;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct waiter *first;

enum { WOKEN = 0, NOT_EQUAL = 1, TIMED_OUT = 2 };

static void append(struct waiter *waiter) {
  struct waiter **place = &first;
  while (*place) place = &(*place)->next;
  *place = waiter;
}

static void take_off(const struct waiter *waiter) {
  struct waiter **place = &first;
  while (*place != waiter) place = &(*place)->next;
  *place = waiter->next;
}

/// The time `nanoseconds` from now, or the end of time.
static struct timespec deadline(uint64_t nanoseconds) {
  static const uint64_t second = 1000000000;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  uint64_t sum = (uint64_t)time.tv_nsec + nanoseconds % second;
  time.tv_sec += (time_t)(nanoseconds / second + sum / second);
  time.tv_nsec = (long)(sum % second);
  return time;
}

// Not among the builtins: a fault in here would leave the lock taken.
__attribute__((noinline)) static uint32_t wait_at(const void *address, bool is_64_bit,
                                                  uint64_t expected, int64_t timeout) {
  struct waiter waiter = {.address = address};
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&waiter.woken, &attributes);
  pthread_condattr_destroy(&attributes);
  struct timespec end = {0};
  if (timeout >= 0) end = deadline((uint64_t)timeout);

  pthread_mutex_lock(&lock);
  uint64_t found = is_64_bit ? __atomic_load_n((const uint64_t *)address, __ATOMIC_SEQ_CST)
                             : __atomic_load_n((const uint32_t *)address, __ATOMIC_SEQ_CST);
  uint32_t result = NOT_EQUAL;
  if (found == expected) {
    append(&waiter);
    int error = 0;
    while (!waiter.is_woken && error == 0)
      error = timeout < 0 ? pthread_cond_wait(&waiter.woken, &lock)
                          : pthread_cond_timedwait(&waiter.woken, &lock, &end);
    // Who wakes takes off the list.
    if (!waiter.is_woken) take_off(&waiter);
    result = waiter.is_woken ? WOKEN : TIMED_OUT;
  }
  pthread_mutex_unlock(&lock);
  pthread_cond_destroy(&waiter.woken);
  return result;
}

__attribute__((noinline)) static uint32_t notify_at(const void *address, uint32_t count) {
  uint32_t woken = 0;
  pthread_mutex_lock(&lock);
  struct waiter **place = &first;
  while (*place && woken < count) {
    struct waiter *waiter = *place;
    if (waiter->address != address) {
      place = &waiter->next;
      continue;
    }
    *place = waiter->next;
    waiter->is_woken = true;
    pthread_cond_signal(&waiter->woken);
    ++woken;
  }
  pthread_mutex_unlock(&lock);
  return woken;
}

/// Where `byte_count` bytes at `address` are in the process; leaves the guest where they are
/// outside.
BUILTIN static const void *place(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                 uint64_t address, uint64_t byte_count) {
  if (LACKS_STACK(vmcontext, C_STACK_RESERVE)) wasmrun_raise(vmcontext, WASMRUN_STACK_EXHAUSTED);
  struct wasmrun_definition definition = *vmcontext->instance->memories[memory].definition;
  if (!is_inside(address, byte_count, definition.length))
    wasmrun_raise(vmcontext, WASMRUN_MEMORY_OUT_OF_BOUNDS);
  return (const uint8_t *)definition.base + address;
}

BUILTIN uint32_t wasmrun_memory_notify(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                       uint64_t address, uint32_t count) {
  return notify_at(place(vmcontext, memory, address, 4), count);
}

BUILTIN uint32_t wasmrun_memory_wait32(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                       uint64_t address, uint32_t expected, int64_t timeout) {
  return wait_at(place(vmcontext, memory, address, 4), false, expected, timeout);
}

BUILTIN uint32_t wasmrun_memory_wait64(struct wasmrun_vmcontext *vmcontext, uint32_t memory,
                                       uint64_t address, uint64_t expected, int64_t timeout) {
  return wait_at(place(vmcontext, memory, address, 8), true, expected, timeout);
}
