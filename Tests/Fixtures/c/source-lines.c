// Traps where debug information says on which line that is.
// flags: -g
// variants: O0
#include <stdio.h>
#include <stdlib.h>

static int half(int value) {
  if (value % 2 != 0) abort();
  return value / 2;
}

static int (*volatile halve)(int) = half;

int main(int argc, char **argv) {
  (void)argv;
  printf("%d\n", halve(10 * argc));
  fflush(stdout);
  printf("%d\n", halve(argc));
  return 0;
}
