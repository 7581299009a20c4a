// Calls through tables of function pointers, chosen by data.
#include <stdint.h>
#include <stdio.h>

typedef uint32_t Step(uint32_t, uint32_t);

static uint32_t addStep(uint32_t x, uint32_t y) { return x + y; }
static uint32_t xorStep(uint32_t x, uint32_t y) { return x ^ y << 3; }
static uint32_t multiplyStep(uint32_t x, uint32_t y) { return x * (y | 1); }
static uint32_t rotateStep(uint32_t x, uint32_t y) { return (x << 7 | x >> 25) - y; }
static uint32_t notStep(uint32_t x, uint32_t y) { return ~x + (y >> 1); }
static uint32_t foldStep(uint32_t x, uint32_t y) { return (x >> 16 ^ x) + y; }
static uint32_t squareStep(uint32_t x, uint32_t y) { return x * x + y; }
static uint32_t minimumStep(uint32_t x, uint32_t y) { return x < y ? x + 13 : y; }

static Step *volatile steps[] = {
  addStep, xorStep, multiplyStep, rotateStep, notStep, foldStep, squareStep, minimumStep,
};

int main(void) {
  enum { length = 4096 };
  static uint8_t sequence[length];
  uint32_t state = 7, value = 1;
  for (int i = 0; i < length; i++) {
    state = state * 1103515245u + 12345u;
    // Runs of the same function, as in real dispatch, so that prediction mostly works.
    sequence[i] = state >> 30 ? sequence[i ? i - 1 : 0] : state >> 20 & 7;
  }
  for (int round = 0; round < 25000; round++)
    for (int i = 0; i < length; i++) value = steps[sequence[i]](value, (uint32_t)i + value);
  printf("%u\n", value);
  return 0;
}
