// Values on the command line: arguments of an invoked function.

import WasmModule
import WasmRuntime

extension Value {
  /// The value of `type` that `text` spells; nil where it spells none.
  ///
  /// Integers are decimal or, behind 0x, hexadecimal; with a sign, or unsigned up to the type's
  /// width. Floats are what C's strtod reads. Vectors and references have no spelling.
  init?(_ text: String, as type: WasmModule.ValueType) {
    switch type {
    case .i32:
      guard let bits = Self.integer(text, UInt32.self, Int32.self) else { return nil }
      self = .i32(Int32(bitPattern: bits))
    case .i64:
      guard let bits = Self.integer(text, UInt64.self, Int64.self) else { return nil }
      self = .i64(Int64(bitPattern: bits))
    case .f32:
      guard let value = Float(text) else { return nil }
      self = .f32(value)
    case .f64:
      guard let value = Double(text) else { return nil }
      self = .f64(value)
    default: return nil
    }
  }

  private static func integer<Bits: FixedWidthInteger, Signed: FixedWidthInteger>(
    _ text: String, _: Bits.Type, _: Signed.Type
  ) -> Bits? {
    let isNegative = text.hasPrefix("-")
    let unsigned = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let isHexadecimal = unsigned.hasPrefix("0x") || unsigned.hasPrefix("0X")
    let digits = isHexadecimal ? unsigned.dropFirst(2) : unsigned
    // A second sign is none.
    guard digits.first?.isHexDigit == true else { return nil }
    let radix = isHexadecimal ? 16 : 10
    guard isNegative else { return Bits(digits, radix: radix) }
    return Signed("-" + digits, radix: radix).map { Bits(truncatingIfNeeded: $0) }
  }
}
