// Sieve of Eratosthenes over bytes: strided stores.
#include <stdio.h>
#include <string.h>

enum { limit = 4000000 };

static unsigned char composite[limit + 1];

int main(void) {
  unsigned total = 0;
  for (int round = 0; round < 88; round++) {
    memset(composite, 0, sizeof composite);
    for (int i = 2; i * i <= limit; i++)
      if (!composite[i])
        for (int j = i * i; j <= limit; j += i) composite[j] = 1;
    for (int i = 2 + round; i <= limit; i++) total += !composite[i];
  }
  printf("%u\n", total);
  return 0;
}
