// Kernel calls on memory: see wasmrun_virtual_memory.h.
#define _GNU_SOURCE
#include "wasmrun_virtual_memory.h"

#include <sys/mman.h>

int wasmrun_memfd_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
