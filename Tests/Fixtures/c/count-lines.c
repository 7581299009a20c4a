// Counts the lines and bytes of its standard input.
#include <stdio.h>

int main(void) {
  char buffer[4096];
  long lines = 0, bytes = 0;
  for (size_t count; (count = fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    bytes += (long)count;
    for (size_t i = 0; i < count; i++) lines += buffer[i] == '\n';
  }
  printf("%ld lines, %ld bytes, eof %d\n", lines, bytes, feof(stdin) != 0);
  return 0;
}
