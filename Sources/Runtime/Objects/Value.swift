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
  /// The host's own number, below 2^62; nil is null.
  case external(UInt64?)
  /// A reference of the `any` family.
  case `internal`(InternalReference?)
  /// A guest's reference, made external (`extern.convert_any`).
  case externalized(InternalReference)
  case exception(Exception?)

  /// Whether the value may stand where `type`, which names types by ids, is asked for.
  package func matches(_ type: ValueType) -> Bool {
    switch self {
    case .i32: type == .i32
    case .i64: type == .i64
    case .f32: type == .f32
    case .f64: type == .f64
    case .v128: type == .v128
    case .function(let function):
      function.map { TypeRegistry.matches($0.referenceType, type) }
        ?? (type.isNullableReference && TypeRegistry.hierarchy(of: type) == .function)
    case .external(let number):
      number == nil
        ? type.isNullableReference && TypeRegistry.hierarchy(of: type) == .external
        : type.heapType == .external
    case .internal(let reference):
      reference.map { TypeRegistry.matches($0.type, type) }
        ?? (type.isNullableReference && TypeRegistry.hierarchy(of: type) == .any)
    case .externalized: type.heapType == .external
    case .exception(let exception):
      exception == nil
        ? type.isNullableReference && TypeRegistry.hierarchy(of: type) == .exception
        : type.heapType == .exception
    }
  }

  /// The value's bits.
  var raw: RawValue {
    switch self {
    case .i32(let value), .f32(let value): RawValue(UInt64(value))
    case .i64(let value), .f64(let value): RawValue(value)
    case .v128(let low, let high): RawValue(low, high)
    case .function(let function): RawValue(function?.address ?? 0)
    case .external(let number): RawValue(number.map { InternalReference.host($0).bits } ?? 0)
    case .internal(let reference): RawValue(reference?.bits ?? 0)
    case .externalized(let reference): RawValue(reference.bits)
    case .exception(let exception): RawValue(exception?.object.address ?? 0)
    }
  }

  /// The value of `type`, which names types by ids, that `raw` holds; upper bits that the type lacks are ignored.
  /// References to objects become handles on `heap`, their own.
  init(_ raw: RawValue, _ type: ValueType, in heap: ObjectHeap) {
    switch type {
    case .i32: self = .i32(UInt32(truncatingIfNeeded: raw.low))
    case .i64: self = .i64(raw.low)
    case .f32: self = .f32(bits: UInt32(truncatingIfNeeded: raw.low))
    case .f64: self = .f64(bits: raw.low)
    case .v128: self = .v128(low: raw.low, high: raw.high)
    default:
      switch TypeRegistry.hierarchy(of: type) {
      case .function: self = .function(Function(address: raw.low))
      case .external:
        switch InternalReference(bits: raw.low, in: heap) {
        case nil: self = .external(nil)
        case .host(let number): self = .external(number)
        case let reference?: self = .externalized(reference)
        }
      case .exception: self = .exception(Exception(address: raw.low, in: heap))
      default: self = .internal(InternalReference(bits: raw.low, in: heap))
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
