// Value types as the compiler distinguishes them: by size and register file.

internal import WasmModule

/// What a value needs of a machine. References are addresses, so they are `i64`.
enum ValueKind: UInt8 {
  case i32
  case i64
  case f32
  case f64
  case v128

  init(_ type: ValueType) {
    switch type {
    case .i32: self = .i32
    case .f32: self = .f32
    case .f64: self = .f64
    case .v128: self = .v128
    default: self = .i64
    }
  }

  /// From the binary format's code of a value type.
  init(code: UInt8) {
    switch code {
    case 0x7F: self = .i32
    case 0x7D: self = .f32
    case 0x7C: self = .f64
    case 0x7B: self = .v128
    default: self = .i64
    }
  }

  /// Its home is a vector register.
  @inline(__always) var isVector: Bool { rawValue >= 2 }
  /// An integer of 64 bits.
  @inline(__always) var isWide: Bool { self == .i64 }
  @inline(__always) var isDouble: Bool { self == .f64 }
}
