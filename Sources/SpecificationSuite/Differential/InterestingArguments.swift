// Arguments at which code goes wrong, if anywhere: the ends of ranges, and bits from all over.

import Runtime
import WasmModule

/// Arguments for calls of exported functions, the same in every run.
struct InterestingArguments {
  private static let words: [UInt64] = [
    0, 1, .max, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x8000_0000_0000_0000,
    0x7FFF_FFFF_FFFF_FFFF, 31, 63, 0xFFFF, 0x1_0000_0000, 0xFF80, 0x55AA_55AA_55AA_55AA,
  ]
  private static let floats: [Float] = [
    0, -0.0, 1, -1.5, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    2_147_483_648, -2_147_483_904, 4_294_967_296, 0.49999997, 8_388_609.5, .nan,
  ]
  private static let doubles: [Double] = [
    0, -0.0, 1, -1.5, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    2_147_483_647.5, -9_223_372_036_854_775_808, 18_446_744_073_709_551_616, 0.49999999999999994,
    0x1p-1030, .nan,
  ]

  /// Arguments of `types` for call `round`. Small numbers at first, since they lie within memories
  /// and end loops soon. NaNs are canonical.
  static func values(_ types: [ValueType], round: Int) -> [Value] {
    types.enumerated().map { value($1, place: $0, round) }
  }

  private static func value(_ type: ValueType, place: Int, _ round: Int) -> Value {
    // Odd factors: every table is gone through in another order at each place.
    let choice = round * 5 + place * 3
    let word = round == 0 ? UInt64(place) : self.word(choice)
    return switch type {
    case .i32: .i32(UInt32(truncatingIfNeeded: word))
    case .i64: .i64(word)
    case .f32: .f32(bits: floats[choice % floats.count].bitPattern)
    case .f64: .f64(bits: doubles[choice % doubles.count].bitPattern)
    case .v128: .v128(low: word, high: self.word(choice + 1))
    case .externref: .external(round % 2 == 0 ? nil : UInt64(place))
    default: type == .exnref ? .exception(nil) : .function(nil)
    }
  }

  private static func word(_ choice: Int) -> UInt64 {
    if choice % 3 == 2 { return UInt64(choice) &* 0x9E37_79B9_7F4A_7C15 }
    return words[choice % words.count]
  }
}
