// Kernel calls about the process: see wasmrun_process.h.
#include "wasmrun_process.h"

#include <sys/ioctl.h>
#include <sys/random.h>

ssize_t wasmrun_getrandom(void *buffer, size_t byte_count) {
  return getrandom(buffer, byte_count, 0);
}

int wasmrun_readable_byte_count(int descriptor, int *byte_count) {
  return ioctl(descriptor, FIONREAD, byte_count);
}
