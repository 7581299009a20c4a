// Swaps two names of a directory, as fast as the kernel can, until it is killed: whoever opens one of
// them meanwhile finds now the one file, now the other.
//
//     name-swapper A B      with the directory open as descriptor 3
#define _GNU_SOURCE
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 3) return 64;
  while (renameat2(3, argv[1], 3, argv[2], RENAME_EXCHANGE) == 0) continue;
  perror("renameat2");
  return 1;
}
