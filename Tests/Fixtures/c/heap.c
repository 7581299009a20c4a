// malloc, calloc, realloc and free in a pattern that grows memory to about 100 MB.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state = 12345;
static uint32_t next(void) { return state = state * 1664525u + 1013904223u; }

int main(void) {
  enum { slots = 512 };
  static unsigned char *block[slots];
  static size_t size[slots];
  unsigned bad = 0;
  for (int round = 0; round < 20000; round++) {
    unsigned slot = next() >> 8 & (slots - 1);
    for (size_t i = 0; i < size[slot]; i += 509) bad += block[slot][i] != (slot & 0xff);
    size_t wanted = next() >> 8 & 0x7fff;
    block[slot] = realloc(block[slot], wanted + 1);
    if (!block[slot]) return 1;
    memset(block[slot], (int)slot & 0xff, wanted + 1);
    size[slot] = wanted + 1;
  }
  printf("corrupted %u\n", bad);
  size_t pagesBefore = __builtin_wasm_memory_size(0);
  enum { large = 100 << 20 };
  uint64_t *zeroed = calloc(large / 8, 8);
  if (!zeroed) return 2;
  uint64_t any = 0;
  for (size_t i = 0; i < large / 8; i += 512) any |= zeroed[i];
  zeroed[large / 8 - 1] = 77;
  printf("zeroed %d grown %d last %llu\n", any == 0,
         __builtin_wasm_memory_size(0) - pagesBefore >= large >> 16,
         (unsigned long long)zeroed[large / 8 - 1]);
  free(zeroed);
  void *volatile tooMuch = malloc(0xfff00000u);
  printf("4 GiB more: %s\n", tooMuch ? "got" : "refused");
  return 0;
}
