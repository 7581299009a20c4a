// A compressor of the Lempel-Ziv kind with a hash of three bytes, and its decompressor.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { size = 1 << 20, window = 1 << 15, hashSize = 1 << 14, longest = 66, tries = 12 };

static uint8_t input[size], packed[size + size / 8 + 64], output[size];
static int32_t head[hashSize], previous[window];

static void makeText(void) {
  static const char *const words[] = {"the", "river", "runs", "below", "stone", "and", "light"};
  uint32_t state = 99;
  for (int i = 0; i < size;) {
    state = state * 22695477u + 1;
    const char *word = words[(state >> 20) % 7];
    while (*word && i < size) input[i++] = (uint8_t)*word++;
    if (i < size) input[i++] = state >> 28 == 3 ? (uint8_t)(state >> 12) : ' ';
  }
}

static uint32_t hash3(const uint8_t *at) {
  return ((uint32_t)at[0] << 16 ^ (uint32_t)at[1] << 8 ^ at[2]) * 2654435761u >> 18;
}

static int matchLength(const uint8_t *a, const uint8_t *b, int limit) {
  int length = 0;
  while (length < limit && a[length] == b[length]) length++;
  return length;
}

static int pack(void) {
  uint8_t *to = packed, *flags = NULL;
  int bit = 8;
  memset(head, 0xff, sizeof head);
  for (int i = 0; i < size;) {
    if (bit == 8) flags = to++, *flags = 0, bit = 0;
    int best = 2, distance = 0, limit = size - i < longest ? size - i : longest;
    if (limit > 2) {
      int32_t at = head[hash3(input + i)];
      for (int n = 0; n < tries && at >= 0 && i - at < window; n++) {
        int length = matchLength(input + at, input + i, limit);
        if (length > best) best = length, distance = i - at;
        at = previous[at & (window - 1)];
      }
    }
    int advance = distance ? best : 1;
    if (distance) {
      *flags |= (uint8_t)(1 << bit);
      *to++ = (uint8_t)distance, *to++ = (uint8_t)(distance >> 8), *to++ = (uint8_t)(best - 3);
    } else {
      *to++ = input[i];
    }
    bit++;
    for (; advance--; i++)
      if (i + 2 < size) {
        uint32_t slot = hash3(input + i);
        previous[i & (window - 1)] = head[slot];
        head[slot] = i;
      }
  }
  return (int)(to - packed);
}

static void unpack(void) {
  const uint8_t *from = packed;
  uint8_t *to = output;
  for (int bit = 8, flags = 0; to < output + size; bit++) {
    if (bit == 8) flags = *from++, bit = 0;
    if (flags >> bit & 1) {
      int distance = from[0] | from[1] << 8;
      for (int length = from[2] + 3; length--; to++) *to = to[-distance];
      from += 3;
    } else {
      *to++ = *from++;
    }
  }
}

int main(void) {
  uint32_t check = 0;
  makeText();
  for (int round = 0; round < 30; round++) {
    int length = pack();
    memset(output, 0, sizeof output);
    unpack();
    check = check * 31 + (uint32_t)length;
    for (int i = 0; i < length; i++) check = check * 33 + packed[i];
    if (memcmp(input, output, size) != 0) return 1;
    input[round * 1000 + 17] ^= 0x15;
  }
  printf("%u\n", check);
  return 0;
}
