// Canonical types: one number for all types that are equal, whatever module names them.

import Synchronization
package import WasmModule

/// The process's canonical types. `call_indirect` compares their ids, which are at least 1; a null
/// element's id is 0. Types are never forgotten.
///
/// Whatever the runtime keeps of types (of functions, tables, globals) names other types by their
/// ids, so that the types of several modules can be compared.
package enum TypeRegistry {
  private static let types = Mutex(CanonicalTypes())

  /// The ids of a valid module's types, in order.
  package static func ids(of module: Module) throws(ResourceError) -> [UInt32] {
    let ids = types.withLock { types -> [UInt32]? in
      let known = types.count
      let ids = types.add(module.types, groups: module.recursionGroups)
      // Whatever was added needs its record, even if not all could be: others may name it later.
      for id in known..<types.count {
        guard TypeRecord.publish(UInt32(id + 1), types) else { return nil }
      }
      return ids
    }
    guard let ids else { throw .tooManyTypes }
    return ids
  }

  /// The id of a function type that names no other types.
  package static func id(of type: FunctionType) throws(ResourceError) -> UInt32 {
    guard let ids = types.withLock({ $0.add([SubType(type)]) }) else { throw .tooManyTypes }
    return ids[0]
  }

  /// The function type with this id.
  package static func type(_ id: UInt32) -> FunctionType {
    types.withLock { $0.type(id).function ?? FunctionType() }
  }

  /// Whether type `id` is `other` or a declared subtype of it.
  static func isSubtype(_ id: UInt32, of other: UInt32) -> Bool {
    id == other || types.withLock { $0.isSubtype(id, of: other) }
  }

  /// Whether a value of type `found` serves where `expected` is asked for.
  static func matches(_ found: ValueType, _ expected: ValueType) -> Bool {
    found == expected || types.withLock { $0.matches(found, expected) }
  }

  /// The family of references of `type`; nil for numbers and vectors.
  package static func hierarchy(of type: ValueType) -> HeapTypeHierarchy? {
    guard let heapType = type.heapType else { return nil }
    return heapType.abstractHierarchy ?? types.withLock { $0.hierarchy(of: heapType) }
  }
}
