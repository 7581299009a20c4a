// Numbers.

import Testing

@testable import WasmText

@Suite struct LiteralTests {
  /// The bits that a literal of a float format stands for; nil where it is refused.
  private static func bits32(_ literal: String) -> UInt32? {
    var literal = literal
    return literal.withUTF8 { try? FloatLiteral.bits32(UnsafeRawBufferPointer($0)) }
  }

  private static func bits64(_ literal: String) -> UInt64? {
    var literal = literal
    return literal.withUTF8 { try? FloatLiteral.bits64(UnsafeRawBufferPointer($0)) }
  }

  @Test(arguments: [
    ("0", [0x00]), ("-1", [0x7F]), ("+63", [0x3F]), ("64", [0xC0, 0x00]), ("-64", [0x40]),
    ("-65", [0xBF, 0x7F]), ("0x7fff_ffff", [0xFF, 0xFF, 0xFF, 0xFF, 0x07]),
    ("4294967295", [0x7F]), ("0x8000_0000", [0x80, 0x80, 0x80, 0x80, 0x78]),
    ("-0x8000_0000", [0x80, 0x80, 0x80, 0x80, 0x78]), ("1_0", [0x0A]), ("-0x0", [0x00]),
  ])
  func integersHaveTheirBits(literal: String, bytes: [UInt8]) throws {
    #expect(try body("i32.const \(literal) drop") == [0, 0x41] + bytes + [0x1A, 0x0B])
  }

  @Test func integersOf64BitsReachTheirLimits() throws {
    let most = Array(repeating: UInt8(0x80), count: 9) + [0x7F]
    for literal in ["-0x8000_0000_0000_0000", "9223372036854775808", "-9223372036854775808"] {
      #expect(try body("i64.const \(literal) drop") == [0, 0x42] + most + [0x1A, 0x0B])
    }
    #expect(try body("i64.const 18446744073709551615") == [0, 0x42, 0x7F, 0x0B])
  }

  @Test(arguments: [
    "4294967296", "-2147483649", "0x1_0000_0000", "99999999999999999999999999",
    "-0xffffffffffffffffff",
  ])
  func integersOutOfRangeAreRefused(literal: String) {
    #expect(
      refusal(of: "(func i32.const \(literal))")?.message.hasPrefix("constant out of range") == true
    )
  }

  @Test(arguments: [
    "1_", "1__0", "0x", "0x_1", "0xg", "1.0", "0b1", "-", "+", "1e3", "nan", "--1", "0X1",
  ])
  func whatIsNoIntegerIsRefused(literal: String) {
    #expect(
      refusal(of: "(func i32.const \(literal))")?.message.hasPrefix("expected an integer") == true)
  }

  @Test(arguments: [
    ("0", 0), ("-0.0", 0x8000_0000), ("1", 0x3F80_0000), ("+1.", 0x3F80_0000),
    ("0x1p-1", 0x3F00_0000),
    ("inf", 0x7F80_0000), ("-inf", 0xFF80_0000), ("nan", 0x7FC0_0000), ("-nan", 0xFFC0_0000),
    ("nan:0x1", 0x7F80_0001), ("nan:0x7f_ffff", 0x7FFF_FFFF), ("0x1.fffffep127", 0x7F7F_FFFF),
    // Halfway between the greatest number and the power of two behind it is too much, below not.
    ("0x1.fffffefffffffffp127", 0x7F7F_FFFF),
    ("340282356779733661637539395458142568447.9", 0x7F7F_FFFF),
    // Ties go to even; anything behind them, however far, breaks them.
    ("0x1.000001p0", 0x3F80_0000), ("0x1.000003p0", 0x3F80_0002),
    ("0x1.00000100000000000000000000000000000000000001p0", 0x3F80_0001),
    ("0x1000001.0000000000000000001p-24", 0x3F80_0001), ("16777217", 0x4B80_0000),
    ("16777217.00000000000000000000000000000000000001", 0x4B80_0001), ("16777219", 0x4B80_0002),
    // Below the normal numbers.
    ("0x1p-149", 1), ("0x1p-150", 0), ("0x1.000001p-150", 1), ("0x0.8p-149", 0), ("0x1.8p-149", 2),
    ("0x1.fffffcp-127", 0x007F_FFFF), ("0x1.fffffep-127", 0x0080_0000), ("1e-45", 1), ("7e-46", 0),
    ("0x1p-99999999999999999999", 0), ("0x0p99999999999999999999", 0),
    ("1e-99999999999999999999", 0),
    ("0.1", 0x3DCC_CCCD), ("1_0.0_1e+0_1", 0x42C8_3333), ("8.3e1_0", 0x519A_997C),
  ])
  func floatsOf32BitsAreRoundedOnce(literal: String, bits: UInt32) {
    #expect(Self.bits32(literal) == bits)
  }

  @Test(arguments: [
    ("0x1.0000000000000800000000000000000001p0", 0x3FF0_0000_0000_0001),
    ("0x1.00000000000008p0", 0x3FF0_0000_0000_0000),
    ("0x1.fffffffffffffp1023", 0x7FEF_FFFF_FFFF_FFFF),
    ("0x0.00000000000008p-1022", 0), ("0x0.0000000000001p-1022", 1), ("4.9e-324", 1),
    ("2.4e-324", 0),
    ("2.2250738585072011e-308", 0x000F_FFFF_FFFF_FFFF), ("9007199254740993", 0x4340_0000_0000_0000),
    ("9007199254740993.00000000000001", 0x4340_0000_0000_0001), ("1e22", 0x4480_F0CF_064D_D592),
    ("1e23", 0x44B5_2D02_C7E1_4AF6), ("0.3", 0x3FD3_3333_3333_3333),
    ("-1.7976931348623157e308", 0xFFEF_FFFF_FFFF_FFFF),
    ("nan:0x1", 0x7FF0_0000_0000_0001), ("0xffff_ffff_ffff_ffff_ffff", 0x44F0_0000_0000_0000),
    ("123456789012345678901234567890", 0x45F8_EE90_FF6C_373E),
  ])
  func floatsOf64BitsAreRoundedOnce(literal: String, bits: UInt64) {
    #expect(Self.bits64(literal) == bits)
  }

  @Test func hexadecimalFloatsAgreeWithTheStandardLibrary() {
    var state: UInt64 = 42
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 11
    }
    for _ in 0..<20_000 {
      let digits = String(next() << (next() & 31), radix: 16)
      let cut = Int(next() % UInt64(digits.count)) + 1
      let exponent = Int(next() % 2_300) - 1_150
      var literal = "0x\(digits.prefix(cut))"
      if cut < digits.count { literal += ".\(digits.dropFirst(cut))" }
      literal += "p\(exponent)"
      let double = Double(literal)
      #expect(
        Self.bits64(literal) == (double == .infinity ? nil : double?.bitPattern), "\(literal)")
      let float = Float(literal)
      #expect(Self.bits32(literal) == (float == .infinity ? nil : float?.bitPattern), "\(literal)")
    }
  }

  @Test(arguments: [
    "0x1p128", "0x1.ffffffp127", "340282356779733661637539395458142568448", "1e39",
    "-1e9999999999999999999",
    "nan:0x0", "nan:0x80_0000", "nan:0x1_0000_0000_0000_0000_0000",
  ])
  func floatsOutOfRangeAreRefused(literal: String) {
    #expect(Self.bits32(literal) == nil)
    let message = refusal(of: "(func f32.const \(literal))")?.message
    #expect(message?.isEmpty == false)
  }

  @Test(arguments: [
    "", "-", ".5", "1e", "1e+", "1_.0", "1._0", "1__0", "0x", "0x.8", "0x1p", "0x1.p+", "1.0f",
    "0x1e+3_",
    "in", "infinity", "nan:", "nan:1", "nan:0x", "nan:canonical", "1p3", "0x1.0_", "1e1_", "1e_1",
  ])
  func whatIsNoFloatIsRefused(literal: String) {
    #expect(Self.bits64(literal) == nil)
  }

  @Test func vectorsHoldTheirLanes() throws {
    #expect(
      try body("v128.const i16x8 0 -1 2 0xffff 4 5 6 -0x8000")
        == [0, 0xFD, 0x0C, 0, 0, 0xFF, 0xFF, 2, 0, 0xFF, 0xFF, 4, 0, 5, 0, 6, 0, 0, 0x80, 0x0B])
    #expect(
      try body("v128.const f32x4 1 inf -nan:0x1 0x1p-149")
        == [0, 0xFD, 0x0C, 0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x7F, 1, 0, 0x80, 0xFF, 1, 0, 0, 0, 0x0B])
    #expect(refusal(of: "(func v128.const i8x16 256)")?.message == "constant out of range: '256'")
    #expect(
      refusal(of: "(func v128.const i64x2 0)")?.message
        == "expected an integer of 64 bits, found ')'")
    #expect(
      refusal(of: "(func v128.const 0 0)")?.message.hasPrefix("expected the shape of a vector")
        == true)
  }
}
