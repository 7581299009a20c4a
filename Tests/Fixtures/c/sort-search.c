// qsort and bsearch: calls through function pointers, from libc back into the program.
// variants: O0 simd
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  uint32_t key;
  char name[12];
} Entry;

static int byKey(const void *a, const void *b) {
  uint32_t x = ((const Entry *)a)->key, y = ((const Entry *)b)->key;
  return x < y ? -1 : x > y;
}

static int byNameDown(const void *a, const void *b) {
  return strcmp(((const Entry *)b)->name, ((const Entry *)a)->name);
}

int main(void) {
  enum { count = 2000 };
  static Entry entries[count];
  uint32_t state = 1;
  for (int i = 0; i < count; i++) {
    state = state * 747796405u + 2891336453u;
    entries[i].key = state >> 4;
    snprintf(entries[i].name, sizeof entries[i].name, "n%u", state >> 18);
  }
  int (*orders[])(const void *, const void *) = {byKey, byNameDown};
  for (int which = 0; which < 2; which++) {
    qsort(entries, count, sizeof entries[0], orders[which]);
    int wrong = 0;
    for (int i = 1; i < count; i++) wrong += orders[which](&entries[i - 1], &entries[i]) > 0;
    printf("wrong %d, first %u %s, last %u %s\n", wrong, entries[0].key, entries[0].name,
           entries[count - 1].key, entries[count - 1].name);
  }
  qsort(entries, count, sizeof entries[0], byKey);
  int found = 0;
  for (int i = 0; i < count; i++)
    found += bsearch(&entries[i], entries, count, sizeof entries[0], byKey) == &entries[i];
  printf("found %d of %d\n", found, count);
  return 0;
}
