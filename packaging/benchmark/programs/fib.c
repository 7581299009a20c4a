// Double recursion: the cost of a call.
#include <stdint.h>
#include <stdio.h>

static uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
  (void)argv;
  printf("%u\n", fib(40 + (uint32_t)argc));
  return 0;
}
