// The kernel calls on memory that Swift does not see.

#ifndef WASMRUN_VIRTUAL_MEMORY_H
#define WASMRUN_VIRTUAL_MEMORY_H

#pragma clang assume_nonnull begin

/// memfd_create(2) with MFD_CLOEXEC; -1 and errno on failure. Thread-safe.
int wasmrun_memfd_create(const char *name);

#pragma clang assume_nonnull end

#endif
