// Divides by a zero that comes from the command line's length.
#include <stdio.h>

__attribute__((noinline)) static int share(int total, int parts) {
  volatile int kept = total;
  return kept / parts;
}

int main(int argc, char **argv) {
  (void)argv;
  printf("%d\n", share(100, argc - 1));
  return 0;
}
