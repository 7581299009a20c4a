// Standard output and standard error are two streams, and neither is a terminal in a test.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  fprintf(stderr, "to stderr\n");
  printf("to stdout\n");
  dprintf(STDOUT_FILENO, "tty %d %d\n", isatty(STDIN_FILENO), isatty(STDOUT_FILENO));
  return 0;
}
