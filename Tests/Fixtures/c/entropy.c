// getentropy fills what it is asked to fill, differently each time, and refuses over 256 bytes.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
  unsigned char first[64] = {0}, second[64] = {0}, large[257];
  printf("getentropy %d %d\n", getentropy(first, 64), getentropy(second, 64));
  printf("differ %d\n", memcmp(first, second, 64) != 0);
  unsigned char seen = 0;
  for (int i = 0; i < 64; i++) seen |= first[i] | second[i];
  printf("every bit set somewhere: %d\n", seen == 0xff);
  printf("257 bytes: %d %s\n", getentropy(large, sizeof large), strerror(errno));
  return 0;
}
