// SHA-256 over a buffer, chained: 32-bit rotates and additions in one long dependent loop.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t roundConstant[64];

static uint32_t rotate(uint32_t x, int count) { return x >> count | x << (32 - count); }

/// The fractional part of a root of each prime, by integer search instead of a table.
static void makeConstants(uint32_t *state) {
  int found = 0;
  for (uint32_t n = 2; found < 64; n++) {
    int prime = 1;
    for (uint32_t d = 2; d * d <= n; d++) prime &= n % d != 0;
    if (!prime) continue;
    // 40 fraction bits of the cube root: the largest x with x^3 <= n * 2^120, in 128-bit steps.
    unsigned __int128 low = 0, high = (unsigned __int128)8 << 34;
    while (high - low > 1) {
      unsigned __int128 middle = (low + high) / 2;
      // (middle / 2^34)^3 compared with n.
      unsigned __int128 cube = middle * middle * middle;
      if (cube <= (unsigned __int128)n << 102) low = middle; else high = middle;
    }
    roundConstant[found] = (uint32_t)(low >> 2);
    if (found < 8) {
      unsigned __int128 below = 0, above = (unsigned __int128)8 << 40;
      while (above - below > 1) {
        unsigned __int128 middle = (below + above) / 2;
        if (middle * middle <= (unsigned __int128)n << 80) below = middle; else above = middle;
      }
      state[found] = (uint32_t)(below >> 8);
    }
    found++;
  }
}

static void compress(uint32_t *state, const uint8_t *block) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
           (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + roundConstant[i] + w[i];
    uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

int main(void) {
  uint32_t initial[8], state[8];
  makeConstants(initial);
  // "abc", whose digest begins with ba7816bf: the constants are right.
  uint8_t message[64] = {'a', 'b', 'c', 0x80};
  message[63] = 24;
  memcpy(state, initial, sizeof state);
  compress(state, message);
  printf("%08x ", state[0]);

  static uint8_t buffer[1 << 16];
  for (unsigned i = 0; i < sizeof buffer; i++) buffer[i] = (uint8_t)(i * 167 >> 3);
  memcpy(state, initial, sizeof state);
  for (int round = 0; round < 1600; round++)
    for (unsigned i = 0; i < sizeof buffer; i += 64) compress(state, buffer + i);
  for (int i = 0; i < 8; i++) printf("%08x", state[i]);
  printf("\n");
  return 0;
}
