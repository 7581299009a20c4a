// Tables of references.

package import Runtime
import WasmModule

/// A table, of an instance or of the host. It keeps its store, and belongs to the store's thread.
public struct Table {
  package let core: ReferenceTable
  public let store: Store

  package init(_ core: ReferenceTable, in store: Store) {
    self.core = core
    self.store = store
  }

  /// Makes a table of the host, full of nulls, which lives as long as the store. Throws where a limit
  /// or the machine refuses, or the type's values have no null.
  public init(_ type: TableType, in store: Store) throws(ResourceError) {
    if let fault = type.fault {
      throw ResourceError(.wrongType, "there is no such table: \(fault)")
    }
    let table = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try store.core.makeTable(type.core)
    }
    self.init(table, in: store)
  }

  /// The type, with the size as it is now for a minimum.
  public var type: TableType { TableType(core.currentType) }

  public var count: UInt64 { core.count }

  /// The reference at `index`; nil outside of the table.
  public subscript(index: UInt64) -> Value? { core[index].map { Value($0, in: store) } }

  /// Puts `value` into the place `index`. Throws `.outOfBounds`, or `.wrongValue` where `value` is not
  /// of the element type or of another store.
  public func set(_ index: UInt64, _ value: Value) throws(AccessError) {
    guard let value = value.core(as: core.type.element, in: store) else { throw .wrongValue }
    guard core.set(index, value) else { throw .outOfBounds }
  }

  /// Adds nulls. The number of elements before; nil where a limit or the machine refuses, or the
  /// element type has no null. Spec: core 3.0 §4.6.11 (table.grow).
  @discardableResult
  public func grow(by count: UInt64) -> UInt64? {
    core.type.element.isNullableReference ? core.grow(by: count) : nil
  }
}
