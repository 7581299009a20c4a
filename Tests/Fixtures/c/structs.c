// Structures by value, variable arguments, unions and bit fields across calls.
// variants: O0
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
  double x, y;
  int tag;
} Point;

typedef struct {
  unsigned low : 5, middle : 11, high : 16;
} Fields;

__attribute__((noinline)) static Point add(Point a, Point b) {
  return (Point){a.x + b.x, a.y + b.y, a.tag * 10 + b.tag};
}

__attribute__((noinline)) static double mixed(int count, ...) {
  va_list arguments;
  va_start(arguments, count);
  double sum = 0;
  for (int i = 0; i < count; i++) {
    sum += va_arg(arguments, int);
    sum += va_arg(arguments, double);
    sum += (double)va_arg(arguments, int64_t);
  }
  va_end(arguments);
  return sum;
}

int main(void) {
  Point sum = {0, 0, 0};
  for (int i = 1; i < 5; i++) sum = add(sum, (Point){i * 0.5, i * -0.25, i});
  printf("%g %g %d\n", sum.x, sum.y, sum.tag);
  printf("%g\n", mixed(3, 1, 0.5, (int64_t)1 << 40, 2, 0.25, (int64_t)-5, 3, 0.125, (int64_t)9));
  Fields fields = {31, 1025, 65535};
  fields.low++;
  fields.middle += 3;
  printf("%u %u %u\n", fields.low, fields.middle, fields.high);
  union {
    float value;
    uint32_t bits;
  } both = {.value = -1.5f};
  printf("%08x\n", both.bits);
  return 0;
}
