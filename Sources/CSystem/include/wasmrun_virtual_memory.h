// The kernel calls on memory that Swift does not see.

#ifndef WASMRUN_VIRTUAL_MEMORY_H
#define WASMRUN_VIRTUAL_MEMORY_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// For fcntl(2): its command, and the seals that together forbid every change of the content.
extern const int wasmrun_f_add_seals;
extern const int wasmrun_content_seals;

/// memfd_create(2) with MFD_CLOEXEC and MFD_ALLOW_SEALING; -1 and errno on failure. Thread-safe.
int wasmrun_memfd_create(const char *name);

/// mremap(2) of whole pages to `to`, in the place of what is there; -1 and errno on failure.
int wasmrun_move_pages(void *from, size_t byte_count, void *to);

#pragma clang assume_nonnull end

#endif
