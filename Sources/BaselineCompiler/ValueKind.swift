// Value types as the compiler distinguishes them: by size, register file, and what the collector sees.

internal import WasmModule

/// What a value needs of a machine. References to functions are plain addresses, so they are `i64`.
enum ValueKind: UInt8 {
  case i32
  case i64
  /// A reference that the collector follows: its slots are roots.
  case reference
  case f32
  case f64
  case v128

  static let count: UInt8 = 6

  /// A reference type's is in its module; see `ModuleTables.kind`.
  init(number type: ValueType) {
    switch type {
    case .i32: self = .i32
    case .f32: self = .f32
    case .f64: self = .f64
    case .v128: self = .v128
    default: self = .i64
    }
  }

  /// From the binary format's code of a value type of one byte. Spec: core 3.0 §5.3.3.
  init(code: UInt8) {
    switch code {
    case 0x7F: self = .i32
    case 0x7D: self = .f32
    case 0x7C: self = .f64
    case 0x7B: self = .v128
    // i64, funcref, nullfuncref.
    case 0x7E, 0x70, 0x73: self = .i64
    default: self = .reference
    }
  }

  /// Its home is a vector register.
  @inline(__always) var isVector: Bool { rawValue >= 3 }
  /// It takes all 64 bits of a general register.
  @inline(__always) var isWide: Bool { rawValue == 1 || rawValue == 2 }
  @inline(__always) var isDouble: Bool { self == .f64 }
}
