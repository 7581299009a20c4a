// Integer and float operations at their edges, with operands that the compiler cannot fold.
// variants: O0 simd
// flags: -lc-printscan-long-double
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

static volatile int32_t i32[] = {0, 1, -1, 7, -7, INT32_MAX, INT32_MIN, 0x12345678};
static volatile int64_t i64[] = {0, 1, -1, 10000000000, -10000000000, INT64_MAX, INT64_MIN};
static volatile double f64[] = {0.5, -0.5, 1.5, 2.5, -2.5, 4294967295.0, -2147483649.0, 1e300};
static volatile float f32[] = {0.1f, -0.1f, 16777217.0f, 3.4e38f};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void integers32(void) {
  for (unsigned i = 0; i < COUNT(i32); i++) {
    uint32_t u = (uint32_t)i32[i];
    printf("%08x: clz %d ctz %d popcount %d rotl5 %08x shr %08x sar %08x ext8 %d ext16 %d", u,
           u ? __builtin_clz(u) : 32, u ? __builtin_ctz(u) : 32, __builtin_popcount(u),
           u << 5 | u >> 27, u >> 3, (uint32_t)(i32[i] >> 3), (int8_t)u, (int16_t)u);
    for (unsigned j = 1; j < COUNT(i32); j += 2)
      printf(" /%d=%d %%=%d", i32[j], i32[i] == INT32_MIN && i32[j] == -1 ? 0 : i32[i] / i32[j],
             i32[j] == -1 ? 0 : i32[i] % i32[j]);
    printf(" u/7=%u u%%7=%u\n", u / (uint32_t)i32[3], u % (uint32_t)i32[3]);
  }
}

static void integers64(void) {
  for (unsigned i = 0; i < COUNT(i64); i++) {
    uint64_t u = (uint64_t)i64[i];
    unsigned __int128 product = (unsigned __int128)u * u;
    printf("%016llx: /3 %lld %%3 %lld u/10 %llu square %016llx%016llx to f64 %.17g u %.17g\n",
           (unsigned long long)u, (long long)(i64[i] / 3), (long long)(i64[i] % 3),
           (unsigned long long)(u / 10), (unsigned long long)(product >> 64),
           (unsigned long long)product, (double)i64[i], (double)u);
  }
}

static void floats(void) {
  for (unsigned i = 0; i < COUNT(f64); i++)
    printf("%g: floor %g ceil %g trunc %g rint %g sqrt(abs) %.6g copysign %g f32 %.9g\n", f64[i],
           floor(f64[i]), ceil(f64[i]), trunc(f64[i]), rint(f64[i]), sqrt(fabs(f64[i])),
           copysign(1.0, f64[i]), (double)(float)f64[i]);
  for (unsigned i = 0; i < COUNT(f32); i++)
    printf("%.9g: *3 %.9g as int64 %lld\n", (double)f32[i], (double)(f32[i] * 3),
           fabsf(f32[i]) < 1e18f ? (long long)f32[i] : -1);
  long double third = 1.0L / (long double)i32[3];
  printf("long double 1/7 %.30Lf\n", third);
  printf("sin %.12f exp %.12f pow %.12f fmod %.12f\n", sin(f64[0]), exp(f64[0]),
         pow(f64[2], f64[3]), fmod(f64[7], f64[5]));
}

int main(void) {
  integers32();
  integers64();
  floats();
  return 0;
}
