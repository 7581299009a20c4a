// Sorts records by quicksort, then counts keys in an open-addressing hash table.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { count = 400000, tableSize = 1 << 20 };

typedef struct {
  uint32_t key, value;
} Record;

static Record record[count], table[tableSize];

static void sort(Record *low, Record *high) {
  while (high - low > 16) {
    uint32_t pivot = low[(high - low) / 2].key;
    Record *i = low, *j = high - 1;
    for (;;) {
      while (i->key < pivot) i++;
      while (j->key > pivot) j--;
      if (i >= j) break;
      Record swap = *i;
      *i++ = *j;
      *j-- = swap;
    }
    sort(low, i);
    low = i;
  }
  for (Record *i = low + 1; i < high; i++) {
    Record moved = *i;
    Record *j = i;
    for (; j > low && j[-1].key > moved.key; j--) *j = j[-1];
    *j = moved;
  }
}

static void add(uint32_t key, uint32_t amount) {
  uint32_t slot = key * 2654435769u >> 12;
  while (table[slot].value && table[slot].key != key) slot = (slot + 1) & (tableSize - 1);
  table[slot].key = key;
  table[slot].value += amount;
}

int main(void) {
  uint32_t state = 2463534242u, check = 0;
  for (int round = 0; round < 13; round++) {
    for (int i = 0; i < count; i++) {
      state ^= state << 13, state ^= state >> 17, state ^= state << 5;
      record[i] = (Record){state % 300000, (uint32_t)i};
    }
    sort(record, record + count);
    for (int i = 1; i < count; i++) check += record[i - 1].key > record[i].key;
    memset(table, 0, sizeof table);
    for (int i = 0; i < count; i++) add(record[i * 7919L % count].key, 1 + (record[i].value & 3));
    for (int i = 0; i < tableSize; i++) check = check * 33 + table[i].value;
  }
  printf("%u\n", check);
  return 0;
}
