// Values on the command line.

import Testing
import WasmModule
import WasmRuntime

@testable import ProgramRunner

@Suite struct InvocationArgumentTests {
  @Test(
    arguments: [
      ("0", 0), ("-1", -1), ("4294967295", -1), ("2147483648", .min),
      ("-2147483648", .min), ("+7", 7), ("0xff", 255), ("0XFFFFFFFF", -1), ("-0x1", -1),
    ] as [(String, Int32)])
  func integersOf32Bits(text: String, bits: Int32) {
    #expect(Value(text, as: .i32) == .i32(bits))
  }

  @Test(arguments: [
    "", "-", "+", "x", "1.0", "4294967296", "-2147483649", "--1", "+-1", "0x", "0x1g", " 1", "1 ",
    "0x-1",
  ])
  func noIntegers(text: String) { #expect(Value(text, as: .i32) == nil) }

  @Test func integersOf64Bits() {
    #expect(Value("-9223372036854775808", as: .i64) == .i64(.min))
    #expect(Value("18446744073709551615", as: .i64) == .i64(-1))
    #expect(Value("18446744073709551616", as: .i64) == nil)
    #expect(Value("-9223372036854775809", as: .i64) == nil)
  }

  @Test func floats() {
    #expect(Value("2.5", as: .f64) == .f64(2.5))
    if case .f64(let value)? = Value("-0", as: .f64) { #expect(value.bitPattern == 1 << 63) }
    #expect(Value("-0", as: .f64) == .f64(0))
    #expect(Value("1e-3", as: .f32) == .f32(0.001))
    #expect(Value("0x1p-2", as: .f32) == .f32(0.25))
    #expect(Value("-inf", as: .f64) == .f64(-.infinity))
    if case .f32(let value)? = Value("nan", as: .f32) {
      #expect(value.isNaN)
    } else {
      Issue.record("no NaN")
    }
    #expect(Value("2.5x", as: .f64) == nil)
    #expect(Value("", as: .f64) == nil)
  }

  @Test(arguments: [WasmModule.ValueType.v128, .funcref, .externref])
  func otherTypesHaveNoSpelling(type: WasmModule.ValueType) { #expect(Value("0", as: type) == nil) }
}
