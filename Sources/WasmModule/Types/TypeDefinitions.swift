// What a module's type section defines: functions, structures, arrays, and who is whose subtype.

/// A function's parameters and results. Spec: core 3.0 §2.3.8.
package struct FunctionType: Hashable, Sendable {
  package var parameters: [ValueType]
  package var results: [ValueType]

  package init(parameters: [ValueType] = [], results: [ValueType] = []) {
    self.parameters = parameters
    self.results = results
  }
}

extension FunctionType: CustomStringConvertible {
  package var description: String {
    let list = { (types: [ValueType]) in types.map(\.description).joined(separator: " ") }
    return "[\(list(parameters))] -> [\(list(results))]"
  }
}

/// What a field or an element stores: a value, or the low bits of an i32.
/// Spec: core 3.0 §2.3.9 (`storagetype`).
package enum StorageType: Hashable, Sendable {
  case i8
  case i16
  case value(ValueType)

  /// The type of the values that instructions put in and take out.
  package var unpacked: ValueType {
    if case .value(let type) = self { type } else { .i32 }
  }

  package var isPacked: Bool {
    if case .value = self { false } else { true }
  }

  /// Bytes that it takes in a structure or an array: 1, 2, 4, 8 or 16.
  package var byteCount: Int {
    switch self {
    case .i8: 1
    case .i16: 2
    case .value(let type): type.byteCount
    }
  }
}

/// A structure's field or an array's element. Spec: core 3.0 §2.3.9.
package struct FieldType: Hashable, Sendable {
  package var storage: StorageType
  package var isMutable: Bool

  package init(_ storage: StorageType, isMutable: Bool) {
    self.storage = storage
    self.isMutable = isMutable
  }
}

/// Spec: core 3.0 §2.3.9 (`comptype`).
package enum CompositeType: Hashable, Sendable {
  case function(FunctionType)
  case structure([FieldType])
  case array(FieldType)

  /// The family that references to such a type belong to.
  package var hierarchy: HeapTypeHierarchy {
    if case .function = self { .function } else { .any }
  }
}

/// A defined type. Spec: core 3.0 §2.3.10 (`subtype`).
package struct SubType: Hashable, Sendable {
  /// Nothing may be a subtype of it.
  package var isFinal: Bool
  /// The index of the type that it is declared a subtype of.
  package var supertype: UInt32?
  package var composite: CompositeType

  package init(_ composite: CompositeType, isFinal: Bool = true, supertype: UInt32? = nil) {
    self.composite = composite
    self.isFinal = isFinal
    self.supertype = supertype
  }

  /// A final function type without supertype, as all were before WebAssembly 3.0.
  package init(_ type: FunctionType) { self.init(.function(type)) }

  /// The parameters and results of a function type; nil for others.
  package var function: FunctionType? {
    if case .function(let type) = composite { type } else { nil }
  }

  /// The fields of a structure, or the one of an array; empty for functions.
  package var fields: [FieldType] {
    switch composite {
    case .function: []
    case .structure(let fields): fields
    case .array(let element): [element]
    }
  }
}
