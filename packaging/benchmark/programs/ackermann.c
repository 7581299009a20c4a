// Ackermann's function: deep recursion whose argument is itself a call.
#include <stdint.h>
#include <stdio.h>

static uint32_t ackermann(uint32_t m, uint32_t n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

int main(int argc, char **argv) {
  (void)argv;
  uint32_t sum = 0;
  for (uint32_t round = 0; round < 3; round++)
    sum = sum * 31 + ackermann(3, 9 + (uint32_t)argc + round);
  printf("%u\n", sum);
  return 0;
}
