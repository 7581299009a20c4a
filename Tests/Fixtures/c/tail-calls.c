// Mutual tail calls ten million deep: without real tail calls the stack would not last.
// flags: -mtail-call
#include <stdio.h>

static int odd(unsigned count, unsigned sum);

static int even(unsigned count, unsigned sum) {
  if (count == 0) return printf("even %u\n", sum);
  __attribute__((musttail)) return odd(count - 1, sum + count);
}

static int odd(unsigned count, unsigned sum) {
  if (count == 0) return printf("odd %u\n", sum);
  __attribute__((musttail)) return even(count - 1, sum ^ count);
}

static int (*volatile choose[])(unsigned, unsigned) = {even, odd};

static int bounce(unsigned count, unsigned which) {
  if (count == 0) return printf("bounced %u\n", which);
  if (count == 1) __attribute__((musttail)) return choose[which & 1](0, which);
  __attribute__((musttail)) return bounce(count - 1, which + 3);
}

int main(void) {
  even(10000000, 0);
  odd(9999999, 1);
  return bounce(5000000, 1) > 0 ? 0 : 1;
}
