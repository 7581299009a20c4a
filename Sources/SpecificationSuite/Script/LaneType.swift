// The number types that scripts write, alone or as the lanes of a vector.

import Runtime

/// How a v128 is divided, and the scalars of the same names; the raw value is the name in scripts.
package enum LaneType: String {
  case i8, i16, i32, i64, f32, f64

  /// The type by its name, when `laneCount` lanes of it fill a vector.
  init(name: String, laneCount: Int) throws {
    guard let type = LaneType(rawValue: name), type.bitCount * laneCount == 128 else {
      throw ScriptError("v128 of \(laneCount) lanes of \(name)")
    }
    self = type
  }

  package var bitCount: Int {
    switch self {
    case .i8: 8
    case .i16: 16
    case .i32, .f32: 32
    case .i64, .f64: 64
    }
  }

  /// All bits of a lane.
  var mask: UInt64 { .max >> UInt64(64 - bitCount) }

  /// The value of the scalar type with these bits; nil for i8 and i16, which are lanes only.
  func scalar(_ bits: UInt64) -> Value? {
    switch self {
    case .i8, .i16: nil
    case .i32: .i32(UInt32(bits))
    case .i64: .i64(bits)
    case .f32: .f32(bits: UInt32(bits))
    case .f64: .f64(bits: bits)
    }
  }

  /// Reads a decimal number of this width, signed or unsigned, as bits, zero-extended.
  func bits(_ text: String) throws -> UInt64 {
    if let unsigned = UInt64(text), unsigned <= mask { return unsigned }
    // Signed: the sign bit and all above it are equal.
    if let signed = Int64(text), (signed >> Int64(bitCount - 1)) == -1 {
      return UInt64(bitPattern: signed) & mask
    }
    throw ScriptError("\(text) is not a number of \(bitCount) bits")
  }
}
