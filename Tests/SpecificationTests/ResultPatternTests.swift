// Which values match which expected results.

import Runtime
import SpecificationSuite
import Testing

struct ResultPatternTests {
  @Test func numbersMatchByTypeAndBits() {
    #expect(ResultPattern.value(.i32(1)).matches(.i32(1)))
    #expect(!ResultPattern.value(.i32(1)).matches(.i32(2)))
    #expect(!ResultPattern.value(.i32(1)).matches(.i64(1)))
    #expect(!ResultPattern.value(.i32(1)).matches(.f32(bits: 1)))
  }

  @Test func zeroesOfBothSignsDiffer() {
    #expect(!ResultPattern.value(.f32(bits: 0)).matches(.f32(bits: 0x8000_0000)))
    #expect(!ResultPattern.value(.f64(bits: 0)).matches(.f64(bits: 1 << 63)))
  }

  @Test(arguments: [
    (0x7FC0_0000 as UInt32, true, true), (0xFFC0_0000, true, true),
    (0x7FC0_0001, false, true), (0xFFFF_FFFF, false, true),
    (0x7F80_0001, false, false), (0x7FA0_0000, false, false),
    (0x7F80_0000, false, false), (0x3F80_0000, false, false),
  ])
  func nansOf32Bits(_ bits: UInt32, isCanonical: Bool, isArithmetic: Bool) {
    #expect(ResultPattern.nan(.f32, .canonical).matches(.f32(bits: bits)) == isCanonical)
    #expect(ResultPattern.nan(.f32, .arithmetic).matches(.f32(bits: bits)) == isArithmetic)
  }

  @Test(arguments: [
    (0x7FF8_0000_0000_0000 as UInt64, true, true), (0xFFF8_0000_0000_0000, true, true),
    (0x7FF8_0000_0000_0001, false, true), (0xFFFF_FFFF_FFFF_FFFF, false, true),
    (0x7FF0_0000_0000_0001, false, false), (0x7FF4_0000_0000_0000, false, false),
    (0x7FF0_0000_0000_0000, false, false), (0x3FF0_0000_0000_0000, false, false),
  ])
  func nansOf64Bits(_ bits: UInt64, isCanonical: Bool, isArithmetic: Bool) {
    #expect(ResultPattern.nan(.f64, .canonical).matches(.f64(bits: bits)) == isCanonical)
    #expect(ResultPattern.nan(.f64, .arithmetic).matches(.f64(bits: bits)) == isArithmetic)
  }

  @Test func nanOfOtherTypeDoesNotMatch() {
    #expect(!ResultPattern.nan(.f32, .arithmetic).matches(.f64(bits: 0x7FF8_0000_0000_0000)))
    #expect(!ResultPattern.nan(.f64, .arithmetic).matches(.f32(bits: 0x7FC0_0000)))
    #expect(!ResultPattern.nan(.f32, .arithmetic).matches(.i32(0x7FC0_0000)))
  }

  @Test func vectorsMatchLaneByLane() {
    let vector = Value.v128(low: 0xFFFF_FFFF_0000_0001, high: 0x0000_0003_0000_0002)
    let lanes: [ResultPattern.Lane] = [.bits(1), .bits(0xFFFF_FFFF), .bits(2), .bits(3)]
    #expect(ResultPattern.vector(.i32, lanes).matches(vector))
    for index in lanes.indices {
      var wrong = lanes
      wrong[index] = .bits(9)
      #expect(!ResultPattern.vector(.i32, wrong).matches(vector))
    }
    #expect(!ResultPattern.vector(.i32, lanes).matches(.i32(1)))
  }

  @Test func vectorsOfBytesAndOfDoubles() {
    let vector = Value.v128(low: 0x0807_0605_0403_0201, high: 0x7FF8_0000_0000_0000)
    let bytes = (1...8).map { ResultPattern.Lane.bits($0) }
    let upper = [0, 0, 0, 0, 0, 0, 0xF8, 0x7F].map { ResultPattern.Lane.bits($0) }
    #expect(ResultPattern.vector(.i8, bytes + upper).matches(vector))
    #expect(
      ResultPattern.vector(.f64, [.bits(0x0807_0605_0403_0201), .nan(.canonical)]).matches(vector))
    #expect(
      !ResultPattern.vector(.f64, [.nan(.canonical), .nan(.canonical)]).matches(vector))
  }

  @Test func references() {
    #expect(ResultPattern.value(.external(7)).matches(.external(7)))
    #expect(!ResultPattern.value(.external(7)).matches(.external(8)))
    #expect(!ResultPattern.value(.external(0)).matches(.external(nil)))
    #expect(ResultPattern.anyExternal.matches(.external(0)))
    #expect(!ResultPattern.anyExternal.matches(.external(nil)))
    #expect(!ResultPattern.anyExternal.matches(.function(nil)))
    #expect(!ResultPattern.anyFunction.matches(.function(nil)))
    #expect(!ResultPattern.anyFunction.matches(.external(1)))
  }

  @Test func nulls() {
    #expect(ResultPattern.anyNull.matches(.external(nil)))
    #expect(ResultPattern.anyNull.matches(.function(nil)))
    #expect(!ResultPattern.anyNull.matches(.external(0)))
    #expect(!ResultPattern.anyNull.matches(.i32(0)))
    #expect(!ResultPattern.value(.function(nil)).matches(.external(nil)))
  }

  @Test func eitherMatchesAnyOfItsPatterns() {
    let pattern = ResultPattern.either([.value(.i32(1)), .value(.i32(2))])
    #expect(pattern.matches(.i32(1)))
    #expect(pattern.matches(.i32(2)))
    #expect(!pattern.matches(.i32(3)))
    #expect(!ResultPattern.either([]).matches(.i32(0)))
  }

  @Test func unsupportedPatternsMatchNothingAndSaySo() {
    let pattern = ResultPattern.either([.value(.i32(1)), .unsupported(type: "anyref")])
    #expect(!ResultPattern.unsupported(type: "anyref").matches(.i32(0)))
    #expect(pattern.unsupportedType == "anyref")
    #expect(ResultPattern.anyNull.unsupportedType == nil)
  }
}
