// abort(): what was flushed arrives, what was not is lost, and the run ends in a trap.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  printf("flushed\n");
  fflush(stdout);
  printf("lost");
  abort();
}
