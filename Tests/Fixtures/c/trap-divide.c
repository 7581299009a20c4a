// Divides by a zero that comes from the command line's length.
#include <stdio.h>

static int share(int total, int parts) {
  volatile int kept = total;
  return kept / parts;
}

static int (*volatile sharer)(int, int) = share;

int main(int argc, char **argv) {
  (void)argv;
  printf("%d\n", sharer(100, argc - 1));
  return 0;
}
