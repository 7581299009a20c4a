// GDB's JIT interface: a list of ELF files in memory, and a function that it sets a breakpoint on.
// Names and layout are GDB's ("JIT Compilation Interface" in its manual); LLDB knows them, too.
#include "wasmrun_debugger.h"

#include <stdlib.h>

#define SEEN_BY_DEBUGGERS __attribute__((visibility("default"), used))

struct jit_code_entry {
  struct jit_code_entry *next_entry;
  struct jit_code_entry *prev_entry;
  const char *symfile_addr;
  uint64_t symfile_size;
};

enum { JIT_REGISTER_FN = 1 };

struct jit_descriptor {
  uint32_t version;
  uint32_t action_flag;
  struct jit_code_entry *relevant_entry;
  struct jit_code_entry *first_entry;
};

SEEN_BY_DEBUGGERS struct jit_descriptor __jit_debug_descriptor = {.version = 1};

SEEN_BY_DEBUGGERS __attribute__((noinline)) void __jit_debug_register_code(void);

void __jit_debug_register_code(void) {
  // Else calls could be left out.
  __asm__ volatile("" ::: "memory");
}

bool wasmrun_debugger_add(const void *file, uint64_t byte_count) {
  struct jit_code_entry *entry = calloc(1, sizeof *entry);
  if (!entry) return false;
  entry->symfile_addr = file;
  entry->symfile_size = byte_count;
  entry->next_entry = __jit_debug_descriptor.first_entry;
  if (entry->next_entry) entry->next_entry->prev_entry = entry;
  __jit_debug_descriptor.first_entry = entry;
  __jit_debug_descriptor.relevant_entry = entry;
  __jit_debug_descriptor.action_flag = JIT_REGISTER_FN;
  __jit_debug_register_code();
  return true;
}
