// printf's number formatting: floats in every notation, 64-bit integers, padding, infinities.
// variants: O0 simd
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

int main(void) {
  const double values[] = {0.0, -0.0, 1.0, -2.5, 1.0 / 3.0, 1e21, 6.02214076e23, 5e-324, 1e-7};
  for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++)
    printf("%f %e %g %.17g %a\n", values[i], values[i], values[i], values[i], values[i]);
  volatile double zero = 0.0;
  printf("%f %f %f\n", 1.0 / zero, -1.0 / zero, fabs(zero / zero));
  printf("[%8.3f] [%-8.3f] [%+.2e] [%08.2f]\n", 3.14159, 3.14159, 31415.9, -3.14159);
  printf("[%5d] [%-5d] [%05d] [%+d] [%x] [%#X] [%o]\n", 42, 42, 42, 42, 0xbeef, 0xbeef, 8);
  printf("%" PRId64 " %" PRId64 " %" PRIu64 "\n", INT64_MIN, INT64_MAX, UINT64_MAX);
  printf("%c%c%c %s %.3s %%\n", 'a', 'b', 'c', "string", "truncated");
  return 0;
}
