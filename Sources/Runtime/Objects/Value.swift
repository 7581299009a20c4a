// Values as the host sees them, and as cells and slots hold them.

import CompilerInterface
package import WasmModule

/// A WebAssembly value. Floats are their bits, so that no NaN loses its payload on the way.
package enum Value: Hashable {
  case i32(UInt32)
  case i64(UInt64)
  case f32(bits: UInt32)
  case f64(bits: UInt64)
  case v128(low: UInt64, high: UInt64)
  case function(Function?)
  /// The host's own number, below `UInt64.max`; nil is null.
  case external(UInt64?)

  /// Whether the value may stand where `type` is asked for.
  package func matches(_ type: ValueType) -> Bool {
    switch self {
    case .i32: type == .i32
    case .i64: type == .i64
    case .f32: type == .f32
    case .f64: type == .f64
    case .v128: type == .v128
    case .function(let function):
      VMContextLayout.isFunctionReference(type) && (function != nil || type.isNullableReference)
    case .external(let number):
      type.heapType == .external && (number != nil || type.isNullableReference)
    }
  }

  /// The value's bits.
  var raw: RawValue {
    switch self {
    case .i32(let value), .f32(let value): RawValue(UInt64(value))
    case .i64(let value), .f64(let value): RawValue(value)
    case .v128(let low, let high): RawValue(low, high)
    case .function(let function): RawValue(function?.address ?? 0)
    case .external(let number): RawValue(number.map { $0 &+ 1 } ?? 0)
    }
  }

  /// The value of `type` that `raw` holds; upper bits that the type lacks are ignored.
  init(_ raw: RawValue, _ type: ValueType) {
    switch type {
    case .i32: self = .i32(UInt32(truncatingIfNeeded: raw.low))
    case .i64: self = .i64(raw.low)
    case .f32: self = .f32(bits: UInt32(truncatingIfNeeded: raw.low))
    case .f64: self = .f64(bits: raw.low)
    case .v128: self = .v128(low: raw.low, high: raw.high)
    default:
      if VMContextLayout.isFunctionReference(type) {
        self = .function(Function(address: raw.low))
      } else {
        self = .external(raw.low == 0 ? nil : raw.low - 1)
      }
    }
  }
}

/// A value's bits without its type: 4, 8 or 16 bytes of it count.
struct RawValue: Hashable {
  var low: UInt64
  var high: UInt64

  init(_ low: UInt64 = 0, _ high: UInt64 = 0) {
    self.low = low
    self.high = high
  }

  /// Writes as many bytes as values of `type` have.
  func store(at address: UnsafeMutableRawPointer, as type: ValueType) {
    switch type.byteCount {
    case 4: address.storeBytes(of: UInt32(truncatingIfNeeded: low), as: UInt32.self)
    case 8: address.storeBytes(of: low, as: UInt64.self)
    default:
      address.storeBytes(of: low, as: UInt64.self)
      address.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
    }
  }

  /// Reads as many bytes as values of `type` have.
  init(loading address: UnsafeRawPointer, as type: ValueType) {
    switch type.byteCount {
    case 4: self.init(UInt64(address.loadUnaligned(as: UInt32.self)))
    case 8: self.init(address.loadUnaligned(as: UInt64.self))
    default:
      self.init(
        address.loadUnaligned(as: UInt64.self),
        address.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}
