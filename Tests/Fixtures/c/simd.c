// 128-bit vectors by intrinsics: integer, saturating, float, shuffles, lane access, comparisons.
// flags: -O3 -msimd128
#include <stdio.h>
#include <wasm_simd128.h>

static void print(const char *name, v128_t value) {
  unsigned char bytes[16];
  wasm_v128_store(bytes, value);
  printf("%-10s", name);
  for (int i = 0; i < 16; i++) printf("%02x", bytes[i]);
  printf("\n");
}

int main(void) {
  volatile unsigned char source[32];
  for (int i = 0; i < 32; i++) source[i] = (unsigned char)(i * 37 + 200);
  v128_t a = wasm_v128_load((const void *)source);
  v128_t b = wasm_v128_load((const void *)(source + 11));
  print("add8", wasm_i8x16_add(a, b));
  print("adds8", wasm_i8x16_add_sat(a, b));
  print("subu8", wasm_u8x16_sub_sat(a, b));
  print("avgr", wasm_u8x16_avgr(a, b));
  print("mul16", wasm_i16x8_mul(a, b));
  print("q15", wasm_i16x8_q15mulr_sat(a, b));
  print("dot", wasm_i32x4_dot_i16x8(a, b));
  print("extmul", wasm_i64x2_extmul_high_i32x4(a, b));
  print("mul64", wasm_i64x2_mul(a, b));
  print("shl", wasm_i32x4_shl(a, 5));
  print("sar8", wasm_i8x16_shr(a, 3));
  print("lt", wasm_i16x8_lt(a, b));
  print("minu", wasm_u8x16_min(a, b));
  print("swizzle", wasm_i8x16_swizzle(a, wasm_v128_and(b, wasm_i8x16_splat(0x1f))));
  print("shuffle", wasm_i8x16_shuffle(a, b, 0, 31, 2, 29, 4, 27, 6, 25, 8, 23, 10, 21, 12, 19, 14, 17));
  print("narrow", wasm_i8x16_narrow_i16x8(a, b));
  print("select", wasm_v128_bitselect(a, b, wasm_i32x4_splat(0x00ff00ff)));
  print("popcnt", wasm_i8x16_popcnt(a));
  printf("bitmask %x all %d any %d lane %d\n", wasm_i8x16_bitmask(a), wasm_i8x16_all_true(a),
         wasm_v128_any_true(b), wasm_i16x8_extract_lane(a, 3));
  volatile float floats[8] = {1.5f, -2.5f, 3e9f, -0.0f, 0.25f, 7.5f, -3e9f, 0.0f};
  v128_t f = wasm_v128_load((const void *)floats), g = wasm_v128_load((const void *)(floats + 4));
  print("addf", wasm_f32x4_add(f, g));
  print("minf", wasm_f32x4_min(f, g));
  print("pmaxf", wasm_f32x4_pmax(f, g));
  print("nearest", wasm_f32x4_nearest(f));
  print("trunc", wasm_i32x4_trunc_sat_f32x4(f));
  print("truncu", wasm_u32x4_trunc_sat_f32x4(g));
  print("promote", wasm_f64x2_promote_low_f32x4(f));
  print("convert", wasm_f64x2_convert_low_i32x4(a));
  print("sqrt", wasm_f64x2_sqrt(wasm_f64x2_convert_low_u32x4(b)));
  return 0;
}
