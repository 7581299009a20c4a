// Telling debuggers of code that no file of theirs has: GDB's JIT interface.

#ifndef WASMRUN_DEBUGGER_H
#define WASMRUN_DEBUGGER_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Tells a debugger, also one that comes later, of the ELF file of `byte_count` bytes at `file`, which
/// must stay there as long as the process lives. False where memory is lacking.
bool wasmrun_debugger_add(const void *file, uint64_t byte_count);

#pragma clang assume_nonnull end

#endif
