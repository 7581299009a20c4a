// Recursion sixty thousand frames deep and large objects on the shadow stack.
// variants: O0
// flags: -Wl,-z,stack-size=33554432
#include <alloca.h>
#include <stdio.h>
#include <string.h>

static unsigned depthSum(unsigned depth, volatile unsigned *above) {
  volatile unsigned here[4] = {depth, *above, depth ^ 1, 3};
  if (depth == 0) return here[1];
  return depthSum(depth - 1, here) * 31 + here[2];
}

static unsigned bigFrame(unsigned size) {
  unsigned char *block = alloca(size);
  memset(block, (int)(size & 0xff), size);
  unsigned sum = 0;
  for (unsigned i = 0; i < size; i += 4093) sum += block[i];
  return size > 1000 ? sum + bigFrame(size / 2) : sum;
}

int main(void) {
  volatile unsigned start = 1;
  printf("%u\n", depthSum(60000, &start));
  printf("%u\n", bigFrame(8000001));
  return 0;
}
