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
  package static let exnref = ValueType.reference(.exception, nullable: true)

  /// A reference to `heapType`; `nullable` says whether null is one of its values.
  package static func reference(_ heapType: HeapType, nullable: Bool) -> ValueType {
    ValueType(rawValue: heapType.rawValue << 8 | (nullable ? 0x63 : 0x64))
  }

  @inline(__always)
  package var isReference: Bool { rawValue & 0xFF <= 0x64 && rawValue & 0xFF >= 0x63 }
  @inline(__always)
  package var isNullableReference: Bool { rawValue & 0xFF == 0x63 }
  /// A reference type without its null.
  @inline(__always)
  package var nonNull: ValueType { ValueType(rawValue: rawValue & ~0xFF | 0x64) }
  /// A reference type with null.
  @inline(__always)
  package var nullable: ValueType { ValueType(rawValue: rawValue & ~0xFF | 0x63) }
  /// Whether values of the type have a default: zero, or null. Spec: core 3.0 §3.3.10.
  @inline(__always)
  package var isDefaultable: Bool { rawValue & 0xFF != 0x64 }
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
    default:
      if let heapType { description(of: heapType) } else { "any type" }
    }
  }

  private func description(of heapType: HeapType) -> String {
    guard isNullableReference else { return "(ref \(heapType))" }
    return switch heapType {
    case .none: "nullref"
    case .noFunction: "nullfuncref"
    case .noExternal: "nullexternref"
    case .noException: "nullexnref"
    default: heapType.isDefined ? "(ref null \(heapType))" : "\(heapType)ref"
    }
  }
}

/// What a reference points at: an abstract heap type or a defined one. Spec: core 3.0 §2.3.3.
package struct HeapType: Hashable, Sendable, BitwiseCopyable {
  /// An abstract type's binary code, or a type index with bit 23 set. 0 is the bottom of all: what
  /// unreachable code finds.
  package let rawValue: UInt32

  @inline(__always)
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let noException = HeapType(rawValue: 0x74)
  package static let noFunction = HeapType(rawValue: 0x73)
  package static let noExternal = HeapType(rawValue: 0x72)
  package static let none = HeapType(rawValue: 0x71)
  package static let function = HeapType(rawValue: 0x70)
  package static let external = HeapType(rawValue: 0x6F)
  package static let any = HeapType(rawValue: 0x6E)
  package static let eq = HeapType(rawValue: 0x6D)
  package static let i31 = HeapType(rawValue: 0x6C)
  package static let structure = HeapType(rawValue: 0x6B)
  package static let array = HeapType(rawValue: 0x6A)
  package static let exception = HeapType(rawValue: 0x69)
  static let bottom = HeapType(rawValue: 0)

  /// The codes of all abstract heap types.
  static let abstractCodes: ClosedRange<UInt32> = 0x69...0x74

  /// Indices of defined types are below this.
  package static let definedLimit: UInt32 = 1 << 23

  /// The defined type at `index` (below `definedLimit`).
  package static func defined(_ index: UInt32) -> HeapType {
    HeapType(rawValue: index | definedLimit)
  }

  package var isDefined: Bool { rawValue & Self.definedLimit != 0 }

  /// The type index of a defined type; nil for an abstract one.
  package var typeIndex: UInt32? { isDefined ? rawValue & (Self.definedLimit - 1) : nil }
}

/// The four families of heap types that have nothing in common. Spec: core 3.0 §3.3.4.
package enum HeapTypeHierarchy: UInt8, Sendable {
  /// Structures, arrays, i31, and host values made internal.
  case any
  case function
  case external
  case exception

  /// The type that all others of the family match.
  package var top: HeapType {
    switch self {
    case .any: .any
    case .function: .function
    case .external: .external
    case .exception: .exception
    }
  }
}

extension HeapType {
  /// The family of an abstract heap type; nil for a defined one, whose definition says it.
  package var abstractHierarchy: HeapTypeHierarchy? {
    switch self {
    case .any, .eq, .i31, .structure, .array, .none: .any
    case .function, .noFunction: .function
    case .external, .noExternal: .external
    case .exception, .noException: .exception
    default: nil
    }
  }
}

extension HeapType: CustomStringConvertible {
  /// The type in the text format's spelling; a defined one by its index.
  package var description: String {
    switch self {
    case .noException: "noexn"
    case .noFunction: "nofunc"
    case .noExternal: "noextern"
    case .none: "none"
    case .function: "func"
    case .external: "extern"
    case .any: "any"
    case .eq: "eq"
    case .i31: "i31"
    case .structure: "struct"
    case .array: "array"
    case .exception: "exn"
    default: typeIndex.map(String.init) ?? "any type"
    }
  }
}
