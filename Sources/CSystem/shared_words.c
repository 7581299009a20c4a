// Sleeping on a word of shared memory: see wasmrun_shared_words.h.
#define _GNU_SOURCE
#include "wasmrun_shared_words.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void wasmrun_futex_wait(const void *word, uint32_t expected, int64_t nanoseconds) {
  struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT, expected, &limit, NULL, 0);
}

void wasmrun_futex_wake(const void *word) {
  syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
