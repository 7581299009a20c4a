// Counts the solutions of the queens' problem by bit sets: branches and recursion.
#include <stdint.h>
#include <stdio.h>

static uint32_t place(uint32_t all, uint32_t columns, uint32_t left, uint32_t right) {
  if (columns == all) return 1;
  uint32_t solutions = 0;
  for (uint32_t open = all & ~(columns | left | right); open;) {
    uint32_t bit = open & -open;
    open ^= bit;
    solutions += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return solutions;
}

int main(int argc, char **argv) {
  (void)argv;
  uint32_t all = (1u << (13 + argc)) - 1, solutions = 0;
  for (uint32_t attacked = 0; attacked < 3; attacked++)
    solutions = solutions * 10 + place(all, 0, attacked, 0);
  printf("%u\n", solutions);
  return 0;
}
