// Values on the command line.

import Runtime
import Testing
import WasmModule

@testable import ProgramRunner

@Suite struct InvocationArgumentTests {
  @Test(
    arguments: [
      ("0", 0), ("-1", UInt32.max), ("4294967295", .max), ("2147483648", 1 << 31),
      ("-2147483648", 1 << 31), ("+7", 7), ("0xff", 255), ("0XFFFFFFFF", .max), ("-0x1", .max),
    ] as [(String, UInt32)])
  func integersOf32Bits(text: String, bits: UInt32) {
    #expect(Value(text, as: .i32) == .i32(bits))
  }

  @Test(arguments: [
    "", "-", "+", "x", "1.0", "4294967296", "-2147483649", "--1", "+-1", "0x", "0x1g", " 1", "1 ",
    "0x-1",
  ])
  func noIntegers(text: String) { #expect(Value(text, as: .i32) == nil) }

  @Test func integersOf64Bits() {
    #expect(Value("-9223372036854775808", as: .i64) == .i64(1 << 63))
    #expect(Value("18446744073709551615", as: .i64) == .i64(.max))
    #expect(Value("18446744073709551616", as: .i64) == nil)
    #expect(Value("-9223372036854775809", as: .i64) == nil)
  }

  @Test func floats() {
    #expect(Value("2.5", as: .f64) == .f64(bits: (2.5).bitPattern))
    #expect(Value("-0", as: .f64) == .f64(bits: 1 << 63))
    #expect(Value("1e-3", as: .f32) == .f32(bits: Float(0.001).bitPattern))
    #expect(Value("0x1p-2", as: .f32) == .f32(bits: Float(0.25).bitPattern))
    #expect(Value("-inf", as: .f64) == .f64(bits: (-Double.infinity).bitPattern))
    #expect(Value("nan", as: .f32) == .f32(bits: Float.nan.bitPattern))
    #expect(Value("2.5x", as: .f64) == nil)
    #expect(Value("", as: .f64) == nil)
  }

  @Test(arguments: [ValueType.v128, .funcref, .externref])
  func otherTypesHaveNoSpelling(type: ValueType) { #expect(Value("0", as: type) == nil) }

  @Test func valuesArePrinted() {
    let cases: [(Value, String)] = [
      (.i32(.max), "-1"), (.i64(1 << 63), "-9223372036854775808"),
      (.f32(bits: Float(0.1).bitPattern), "0.1"), (.f64(bits: (0.1).bitPattern), "0.1"),
      (.f64(bits: (1e21).bitPattern), "1e+21"), (.f64(bits: 1 << 63), "-0.0"),
      (.f64(bits: Double.infinity.bitPattern), "inf"), (.f32(bits: Float.nan.bitPattern), "nan"),
      (.v128(low: 0xAB, high: 1), "0x000000000000000100000000000000ab"), (.function(nil), "null"),
      (.external(nil), "null"), (.external(7), "external 7"), (.internal(nil), "null"),
      (.internal(.i31(0x7FFF_FFFF)), "i31 -1"), (.externalized(.i31(5)), "external i31 5"),
      (.internal(.host(3)), "host 3"),
    ]
    for (value, text) in cases { #expect("\(value)" == text) }
  }
}
