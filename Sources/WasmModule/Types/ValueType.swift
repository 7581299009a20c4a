// The types of values: numbers, vectors and references, as one 32-bit number each.

/// A value type. Spec: core 3.0 §2.3.5.
///
/// Packed so that the validator compares types as plain integers: the low byte is the binary
/// format's code, and for references the bits above it are the heap type.
package struct ValueType: Hashable, Sendable, BitwiseCopyable {
  package let rawValue: UInt32

  @inline(__always)
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let i32 = ValueType(rawValue: 0x7F)
  package static let i64 = ValueType(rawValue: 0x7E)
  package static let f32 = ValueType(rawValue: 0x7D)
  package static let f64 = ValueType(rawValue: 0x7C)
  package static let v128 = ValueType(rawValue: 0x7B)
  package static let funcref = ValueType.reference(.function, nullable: true)
  package static let externref = ValueType.reference(.external, nullable: true)

  /// A reference to `heapType`; `nullable` says whether null is one of its values.
  package static func reference(_ heapType: HeapType, nullable: Bool) -> ValueType {
    ValueType(rawValue: heapType.rawValue << 8 | (nullable ? 0x63 : 0x64))
  }

  package var isReference: Bool { rawValue & 0xFF <= 0x64 && rawValue & 0xFF >= 0x63 }
  package var isNullableReference: Bool { rawValue & 0xFF == 0x63 }
  package var isNumeric: Bool { rawValue >= 0x7C && rawValue <= 0x7F }
  package var isVector: Bool { rawValue == 0x7B }

  /// The heap type of a reference; nil for numbers and vectors.
  package var heapType: HeapType? { isReference ? HeapType(rawValue: rawValue >> 8) : nil }

  /// Bytes that a value takes in memory, a global's cell or an argument slot: 4, 8 or 16.
  package var byteCount: Int {
    switch rawValue {
    case 0x7F, 0x7D: 4
    case 0x7B: 16
    default: 8
    }
  }
}

extension ValueType: CustomStringConvertible {
  /// The type in the text format's spelling. Spec: core 3.0 §6.4.
  package var description: String {
    switch self {
    case .i32: "i32"
    case .i64: "i64"
    case .f32: "f32"
    case .f64: "f64"
    case .v128: "v128"
    case .funcref: "funcref"
    case .externref: "externref"
    default:
      if let heapType { "(ref \(isNullableReference ? "null " : "")\(heapType))" } else { "?" }
    }
  }
}

/// What a reference points at: an abstract heap type or a defined one. Spec: core 3.0 §2.3.3.
package struct HeapType: Hashable, Sendable {
  /// An abstract type's binary code, or a type index with bit 23 set.
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let function = HeapType(rawValue: 0x70)
  package static let external = HeapType(rawValue: 0x6F)

  /// The defined type at `index` (below 2^23; the limit of types is a million).
  package static func defined(_ index: UInt32) -> HeapType {
    HeapType(rawValue: index | 1 << 23)
  }

  /// The type index of a defined type; nil for an abstract one.
  package var typeIndex: UInt32? { rawValue & 1 << 23 != 0 ? rawValue & (1 << 23 - 1) : nil }
}

extension HeapType: CustomStringConvertible {
  package var description: String {
    switch self {
    case .function: "func"
    case .external: "extern"
    default: typeIndex.map(String.init) ?? "heap type 0x\(String(rawValue, radix: 16))"
    }
  }
}
