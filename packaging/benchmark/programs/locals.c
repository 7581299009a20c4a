// Locals whose address is taken, in small functions: in wasm each call moves __stack_pointer.
#include <stdint.h>
#include <stdio.h>

typedef struct {
  uint32_t low, high;
} Pair;

__attribute__((noinline)) static void split(uint64_t value, uint32_t *low, uint32_t *high) {
  *low = (uint32_t)value;
  *high = (uint32_t)(value >> 32);
}

__attribute__((noinline)) static uint32_t mix(const uint32_t *a, const uint32_t *b, Pair *out) {
  out->low = *a * 2654435761u + *b;
  out->high = *b ^ *a >> 7;
  return out->low ^ out->high;
}

__attribute__((noinline)) static uint64_t step(uint64_t value) {
  uint32_t low, high;
  Pair pair;
  split(value, &low, &high);
  uint32_t check = mix(&low, &high, &pair);
  return ((uint64_t)pair.low << 32 | pair.high) + check;
}

__attribute__((noinline)) static uint64_t walk(uint64_t value, int depth) {
  uint64_t kept[2] = {value, step(value)};
  uint64_t *which = &kept[kept[1] & 1];
  return depth == 0 ? *which : walk(kept[0] ^ *which, depth - 1) + *which;
}

int main(void) {
  uint64_t value = 88172645463325252u;
  for (int round = 0; round < 5000000; round++) value = (value ^ (uint64_t)round) * 6364136223846793005u + walk(value, 10);
  printf("%llu\n", (unsigned long long)value);
  return 0;
}
