// sched_yield, random_get, proc_raise; at its end the program raises the signal that it is told.
#include "check.h"

#include <stdlib.h>

// wasi-libc does not declare it any more.
__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_raise"))) int32_t
raise_signal(int32_t);

int main(int argc, char **argv) {
  OK(__wasi_sched_yield());
  uint8_t bytes[64] = {0}, zeros[64] = {0};
  OK(__wasi_random_get(bytes, 32));
  TRUE(memcmp(bytes, zeros, 32) != 0);
  TRUE(memcmp(bytes + 32, zeros, 32) == 0);
  OK(__wasi_random_get(bytes, 0));
  ERROR(__wasi_random_get(bytes, 0xFFFFFFFF), FAULT);
  EQUAL(raise_signal(0), __WASI_ERRNO_SUCCESS);
  EQUAL(raise_signal(31), __WASI_ERRNO_INVAL);
  EQUAL(raise_signal(-1), __WASI_ERRNO_INVAL);
  // SIGCHLD and SIGURG are ignored by default.
  EQUAL(raise_signal(16), __WASI_ERRNO_SUCCESS);
  EQUAL(raise_signal(22), __WASI_ERRNO_SUCCESS);
  int status = finish();
  fflush(stdout);
  if (argc > 1) raise_signal(atoi(argv[1]));
  return status;
}
