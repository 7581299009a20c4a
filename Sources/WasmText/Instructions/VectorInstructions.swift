// The instructions behind the prefixes of vectors and of atomic memory accesses.

extension InstructionRow {
  static let vector: [InstructionRow] = [
    InstructionRow(
      prefix: 0xFD, 0, .access,
      """
      v128.load/4 .load8x8_s/3 .load8x8_u/3 .load16x4_s/3 .load16x4_u/3 .load32x2_s/3 \
      .load32x2_u/3 .load8_splat/0 .load16_splat/1 .load32_splat/2 .load64_splat/3 .store/4
      """),
    InstructionRow(prefix: 0xFD, 12, .v128, "v128.const"),
    InstructionRow(prefix: 0xFD, 13, .shuffle, "i8x16.shuffle"),
    InstructionRow(
      prefix: 0xFD, 14,
      "i8x16.swizzle .splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"),
    InstructionRow(
      prefix: 0xFD, 21, .lane,
      """
      i8x16.extract_lane_s .extract_lane_u .replace_lane \
      i16x8.extract_lane_s .extract_lane_u .replace_lane \
      i32x4.extract_lane .replace_lane i64x2.extract_lane .replace_lane \
      f32x4.extract_lane .replace_lane f64x2.extract_lane .replace_lane
      """),
    InstructionRow(
      prefix: 0xFD, 35,
      """
      i8x16.eq .ne .lt_s .lt_u .gt_s .gt_u .le_s .le_u .ge_s .ge_u \
      i16x8.eq .ne .lt_s .lt_u .gt_s .gt_u .le_s .le_u .ge_s .ge_u \
      i32x4.eq .ne .lt_s .lt_u .gt_s .gt_u .le_s .le_u .ge_s .ge_u \
      f32x4.eq .ne .lt .gt .le .ge f64x2.eq .ne .lt .gt .le .ge \
      v128.not .and .andnot .or .xor .bitselect .any_true
      """),
    InstructionRow(
      prefix: 0xFD, 84, .accessLane,
      """
      v128.load8_lane/0 .load16_lane/1 .load32_lane/2 .load64_lane/3 \
      .store8_lane/0 .store16_lane/1 .store32_lane/2 .store64_lane/3
      """),
    InstructionRow(prefix: 0xFD, 92, .access, "v128.load32_zero/2 .load64_zero/3"),
    InstructionRow(
      prefix: 0xFD, 94,
      """
      f32x4.demote_f64x2_zero f64x2.promote_low_f32x4 \
      i8x16.abs .neg .popcnt .all_true .bitmask .narrow_i16x8_s .narrow_i16x8_u \
      f32x4.ceil .floor .trunc .nearest \
      i8x16.shl .shr_s .shr_u .add .add_sat_s .add_sat_u .sub .sub_sat_s .sub_sat_u \
      f64x2.ceil .floor i8x16.min_s .min_u .max_s .max_u f64x2.trunc i8x16.avgr_u \
      i16x8.extadd_pairwise_i8x16_s .extadd_pairwise_i8x16_u \
      i32x4.extadd_pairwise_i16x8_s .extadd_pairwise_i16x8_u
      """),
    InstructionRow(
      prefix: 0xFD, 128,
      """
      i16x8.abs .neg .q15mulr_sat_s .all_true .bitmask .narrow_i32x4_s .narrow_i32x4_u \
      .extend_low_i8x16_s .extend_high_i8x16_s .extend_low_i8x16_u .extend_high_i8x16_u \
      .shl .shr_s .shr_u .add .add_sat_s .add_sat_u .sub .sub_sat_s .sub_sat_u \
      f64x2.nearest i16x8.mul .min_s .min_u .max_s .max_u - .avgr_u \
      .extmul_low_i8x16_s .extmul_high_i8x16_s .extmul_low_i8x16_u .extmul_high_i8x16_u
      """),
    InstructionRow(
      prefix: 0xFD, 160,
      """
      i32x4.abs .neg - .all_true .bitmask - - \
      .extend_low_i16x8_s .extend_high_i16x8_s .extend_low_i16x8_u .extend_high_i16x8_u \
      .shl .shr_s .shr_u .add - - .sub - - - .mul .min_s .min_u .max_s .max_u .dot_i16x8_s - \
      .extmul_low_i16x8_s .extmul_high_i16x8_s .extmul_low_i16x8_u .extmul_high_i16x8_u
      """),
    InstructionRow(
      prefix: 0xFD, 192,
      """
      i64x2.abs .neg - .all_true .bitmask - - \
      .extend_low_i32x4_s .extend_high_i32x4_s .extend_low_i32x4_u .extend_high_i32x4_u \
      .shl .shr_s .shr_u .add - - .sub - - - .mul .eq .ne .lt_s .gt_s .le_s .ge_s \
      .extmul_low_i32x4_s .extmul_high_i32x4_s .extmul_low_i32x4_u .extmul_high_i32x4_u
      """),
    InstructionRow(
      prefix: 0xFD, 224,
      """
      f32x4.abs .neg - .sqrt .add .sub .mul .div .min .max .pmin .pmax \
      f64x2.abs .neg - .sqrt .add .sub .mul .div .min .max .pmin .pmax \
      i32x4.trunc_sat_f32x4_s .trunc_sat_f32x4_u f32x4.convert_i32x4_s .convert_i32x4_u \
      i32x4.trunc_sat_f64x2_s_zero .trunc_sat_f64x2_u_zero \
      f64x2.convert_low_i32x4_s .convert_low_i32x4_u
      """),
    InstructionRow(
      prefix: 0xFD, 256,
      """
      i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s .relaxed_trunc_f32x4_u \
      .relaxed_trunc_f64x2_s_zero .relaxed_trunc_f64x2_u_zero \
      f32x4.relaxed_madd .relaxed_nmadd f64x2.relaxed_madd .relaxed_nmadd \
      i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect \
      i64x2.relaxed_laneselect f32x4.relaxed_min .relaxed_max f64x2.relaxed_min .relaxed_max \
      i16x8.relaxed_q15mulr_s .relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s
      """),
  ]

  static let atomic: [InstructionRow] =
    [
      InstructionRow(
        prefix: 0xFE, 0, .access, "memory.atomic.notify/2 .atomic.wait32/2 .atomic.wait64/3"),
      InstructionRow(prefix: 0xFE, 3, .fence, "atomic.fence"),
      InstructionRow(
        prefix: 0xFE, 0x10, .access,
        """
        i32.atomic.load/2 i64.atomic.load/3 i32.atomic.load8_u/0 .atomic.load16_u/1 \
        i64.atomic.load8_u/0 .atomic.load16_u/1 .atomic.load32_u/2 \
        i32.atomic.store/2 i64.atomic.store/3 i32.atomic.store8/0 .atomic.store16/1 \
        i64.atomic.store8/0 .atomic.store16/1 .atomic.store32/2
        """),
    ] + readModifyWrite

  private static let readModifyWrite = ["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"]
    .enumerated().map { place, name in
      InstructionRow(
        prefix: 0xFE, 0x1E + 7 * UInt16(place), .access,
        """
        i32.atomic.rmw.\(name)/2 i64.atomic.rmw.\(name)/3 \
        i32.atomic.rmw8.\(name)_u/0 .atomic.rmw16.\(name)_u/1 \
        i64.atomic.rmw8.\(name)_u/0 .atomic.rmw16.\(name)_u/1 .atomic.rmw32.\(name)_u/2
        """)
    }
}
