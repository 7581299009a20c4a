// Instances: modules with their storage, linked.

package import Runtime
import WasmModule

/// What an instance exports, and modules import. Spec: core 3.0 §4.2.14.
public enum Extern {
  case function(Function)
  case table(Table)
  case memory(Memory)
  case global(Global)
  case tag(Tag)

  package init(_ core: Runtime.Extern, in store: Store) {
    self =
      switch core {
      case .function(let function): .function(Function(function, in: store))
      case .table(let table): .table(Table(table, in: store))
      case .memory(let memory): .memory(Memory(memory, in: store))
      case .global(let global): .global(Global(global, in: store))
      case .tag(let tag): .tag(Tag(tag, in: store))
      }
  }

  package var core: Runtime.Extern {
    switch self {
    case .function(let function): .function(function.core)
    case .table(let table): .table(table.core)
    case .memory(let memory): .memory(memory.core)
    case .global(let global): .global(global.core)
    case .tag(let tag): .tag(tag.core)
    }
  }

  var store: Store {
    switch self {
    case .function(let function): function.store
    case .table(let table): table.store
    case .memory(let memory): memory.store
    case .global(let global): global.store
    case .tag(let tag): tag.store
    }
  }

  /// The type that imports are matched with: sizes as they are now.
  public var type: ExternType { ExternType(core.type) }
}

/// A module's instance. It keeps its store, which keeps the instance. Spec: core 3.0 §4.2.6.
public struct Instance {
  package let core: Runtime.Instance
  public let store: Store

  package init(_ core: Runtime.Instance, in store: Store) {
    self.core = core
    self.store = store
  }

  /// Instantiates `module` with one value an import, in the order of `module.imports`: checks their
  /// types, lays out storage, copies active segments, calls the start function. What a failed attempt
  /// wrote to imported memories and tables stays written. Spec: core 3.0 §4.7.2.
  public init(
    _ module: Module, imports: [Extern] = [], in store: Store
  ) throws(InstantiationError) {
    guard imports.count == module.declarations.imports.count else {
      throw .refused(
        "the module has \(module.declarations.imports.count) imports, and gets \(imports.count)")
    }
    for (wanted, found) in zip(module.declarations.imports, imports) where found.store !== store {
      throw .link(LinkError(module: wanted.module, name: wanted.name, reason: .otherStore))
    }
    try self.init(module, checked: imports.map(\.core), in: store)
  }

  /// The same with as many imports as the module has, all of the store. The memories hold what
  /// `image` has before active segments are copied; `beforeStart` sees the instance before any of its
  /// code runs.
  package init(
    _ module: Module, values imports: [Extern], in store: Store, image: ModuleImage? = nil,
    beforeStart: (Instance) -> Void = { _ in }
  ) throws(InstantiationError) {
    try self.init(
      module, checked: imports.map(\.core), in: store, image: image, beforeStart: beforeStart)
  }

  init(
    _ module: Module, checked imports: [Runtime.Extern], in store: Store,
    image: ModuleImage? = nil, beforeStart: (Instance) -> Void = { _ in }
  ) throws(InstantiationError) {
    store.keep(module)
    do throws(Runtime.InstantiationError) {
      let instance = try store.core.instantiate(
        module.declarations, bytes: module.bytes, code: module.code, imports: imports,
        initialMemory: image?.initialMemory,
        beforeStart: { beforeStart(Instance($0, in: store)) })
      self.init(instance, in: store)
    } catch {
      throw InstantiationError(error, in: store)
    }
  }

  /// An instance in the state that `original` is in, which may be of another store; see
  /// `Runtime.Store.clone`.
  package init(
    cloning original: Instance, imports: [Extern], in store: Store
  ) throws(InstantiationError) {
    guard let module = original.module else { throw .refused("it is no module's instance") }
    store.keep(module)
    do throws(Runtime.InstantiationError) {
      let instance = try store.core.clone(
        original.core, bytes: module.bytes, imports: imports.map(\.core))
      self.init(instance, in: store)
    } catch {
      throw InstantiationError(error, in: store)
    }
  }

  /// The memories that it imports, in order. They are the original's, whatever store that is.
  package var importedMemories: [Memory] {
    core.importedMemories.map { Memory($0, in: store) }
  }

  /// The module that this is an instance of; nil only where it is the runtime's own.
  public var module: Module? { store.module(of: core.code) }

  /// What is exported under `name`; nil where there is nothing.
  public subscript(name: String) -> Extern? {
    core.export(name).map { Extern($0, in: store) }
  }

  /// The function exported under `name`; nil where there is none.
  public func function(_ name: String) -> Function? {
    core.function(name).map { Function($0, in: store) }
  }

  /// The memory exported under `name`; nil where there is none.
  public func memory(_ name: String) -> Memory? {
    core.memory(name).map { Memory($0, in: store) }
  }

  /// The global exported under `name`; nil where there is none.
  public func global(_ name: String) -> Global? {
    core.global(name).map { Global($0, in: store) }
  }

  /// The table exported under `name`; nil where there is none.
  public func table(_ name: String) -> Table? {
    core.table(name).map { Table($0, in: store) }
  }

  /// Memory 0, imported or not, exported or not; nil where there is none.
  package var firstMemory: Memory? { core.firstMemory.map { Memory($0, in: store) } }
}
