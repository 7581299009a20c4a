// exit() below ten thousand frames: the status arrives and the output before it is flushed.
// variants: O0
// flags: -Wl,-z,stack-size=4194304
#include <stdio.h>
#include <stdlib.h>

static int descend(int depth, volatile int *above) {
  volatile int here = *above + 1;
  if (depth == 0) {
    printf("at depth %d\n", here);
    exit(7);
  }
  return descend(depth - 1, &here) + here;
}

int main(void) {
  volatile int start = 0;
  return descend(9999, &start);
}
