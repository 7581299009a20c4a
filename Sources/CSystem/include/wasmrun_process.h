// Kernel calls about the process that Swift cannot make itself. All return -1 and set errno on
// failure, unless they say otherwise.

#ifndef WASMRUN_PROCESS_H
#define WASMRUN_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// getrandom(2) without flags: waits only for the pool's first filling; may fill only a part.
ssize_t wasmrun_getrandom(void *_Nonnull buffer, size_t byte_count);

/// Bytes that can be read from a descriptor without waiting, by ioctl(2) FIONREAD.
int wasmrun_readable_byte_count(int descriptor, int *_Nonnull byte_count);

#endif
