// Globals, and the tags of exceptions.

package import Runtime
import WasmModule

/// A global, of an instance or of the host. It keeps its store, and belongs to the store's thread.
///
/// A global has one cell, its only storage: for an instance's own within the instance's block, where
/// its code reaches the cell at a constant offset; for the host's in a block of its own. Whoever
/// imports a global uses the same cell. Cells live as long as their store, also when the instance that
/// defines them is not used any more.
public struct Global {
  package let core: GlobalCell
  public let store: Store

  package init(_ core: GlobalCell, in store: Store) {
    self.core = core
    self.store = store
  }

  /// Makes a global of the host, which lives as long as the store. Throws where `value` is not of the
  /// type, or the allocator or the machine refuses.
  public init(_ type: GlobalType, _ value: Value, in store: Store) throws(ResourceError) {
    guard let first = value.core(as: type.core.value, in: store) else {
      throw ResourceError(.wrongType, "the first value of a global is no \(type.value)")
    }
    let global = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try store.core.makeGlobal(type.core, first)
    }
    self.init(global, in: store)
  }

  public var type: GlobalType { GlobalType(core.type) }

  /// The value now.
  public var value: Value { Value(core.value, in: store) }

  /// Changes the value, for all who use the global. Throws `.immutable`, or `.wrongValue` where
  /// `value` is not of the type or of another store.
  public func set(_ value: Value) throws(AccessError) {
    guard core.type.isMutable else { throw .immutable }
    guard let value = value.core(as: core.type.value, in: store) else { throw .wrongValue }
    core.value = value
  }
}

/// A tag, which tells exceptions apart. It keeps its store.
public struct Tag {
  package let core: Runtime.Tag
  public let store: Store

  package init(_ core: Runtime.Tag, in store: Store) {
    self.core = core
    self.store = store
  }

  /// Makes a tag of the host for exceptions that carry `parameters`.
  public init(_ parameters: [ValueType], in store: Store) throws(ResourceError) {
    let tag = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try store.core.makeTag(FunctionType(parameters).core)
    }
    self.init(tag, in: store)
  }

  /// What exceptions of the tag carry, as a function's parameters.
  public var type: FunctionType { FunctionType(core.type) }
}
