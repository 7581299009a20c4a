// Kernel calls on memory: see wasmrun_virtual_memory.h.
#define _GNU_SOURCE
#include "wasmrun_virtual_memory.h"

#include <fcntl.h>
#include <sys/mman.h>

const int wasmrun_f_add_seals = F_ADD_SEALS;
const int wasmrun_content_seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

int wasmrun_memfd_create(const char *name) {
  return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int wasmrun_move_pages(void *from, size_t byte_count, void *to) {
  void *moved =
      mremap(from, byte_count, byte_count, MREMAP_MAYMOVE | MREMAP_FIXED, to);
  return moved == MAP_FAILED ? -1 : 0;
}
