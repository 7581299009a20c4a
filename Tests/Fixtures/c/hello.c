// The smallest real program: greets whoever is named on its command line.
#include <stdio.h>

int main(int argc, char **argv) {
  printf("hello, %s\n", argc > 1 ? argv[1] : "world");
  return 0;
}
