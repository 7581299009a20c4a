// Leaves by exit(42): buffered output is flushed and the atexit handlers run, last one first.
#include <stdio.h>
#include <stdlib.h>

static void first(void) { printf("registered first\n"); }
static void second(void) { printf("registered second\n"); }

int main(void) {
  atexit(first);
  atexit(second);
  printf("no newline at the end of this, ");
  exit(42);
}
