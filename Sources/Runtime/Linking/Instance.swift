// An instance: a module with its storage and its imports.

import CRuntime
import CompilerInterface
package import WasmModule

/// A module instance; its store owns it. Spec: core 3.0 §4.2.6.
package final class Instance {
  package let module: Module
  package let code: LoadedCode
  package unowned let store: Store
  private let arena: Arena
  let layout: VMContextLayout
  /// The VMContext, `layout.byteCount` bytes.
  let context: UnsafeMutableRawPointer
  /// What builtins know of the instance.
  let record: UnsafeMutablePointer<wasmrun_instance>
  /// The index spaces, imports first; complete once `Instantiation` is done with them.
  var tables: [ReferenceTable] = []
  var memories: [LinearMemory] = []
  var globals: [GlobalCell] = []
  var tags: [Tag] = []

  /// The VMContext's fixed part.
  var header: UnsafeMutablePointer<wasmrun_vmcontext> {
    context.assumingMemoryBound(to: wasmrun_vmcontext.self)
  }

  /// Only storage; `Instantiation` fills it.
  init(store: Store, module: Module, code: LoadedCode) throws(ResourceError) {
    self.store = store
    self.module = module
    self.code = code
    arena = store.arena
    layout = VMContextLayout(module)
    // A line of the cache holds the header, the next the hot globals.
    context = try arena.allocateGlobals(
      module.globals[module.importedGlobalCount...].map(\.type), byteCount: layout.byteCount,
      alignment: 64)
    record = try arena.allocate(wasmrun_instance.self)
  }

  /// What is exported under `name`. Looks at all exports: a program asks for two or three, and a
  /// dictionary would cost each start more than that.
  package func export(_ name: String) -> Extern? {
    guard let export = module.export(named: name) else { return nil }
    let index = Int(export.index)
    return switch export.kind {
    case .function: module.referencePlace(of: export.index).map { .function(Function(cell($0))) }
    case .table: .table(tables[index])
    case .memory: .memory(memories[index])
    case .global: .global(globals[index])
    case .tag: .tag(tags[index])
    }
  }

  /// The function exported under `name`; nil where there is none.
  package func function(_ name: String) -> Function? {
    if case .function(let function) = export(name) { function } else { nil }
  }

  /// The memory exported under `name`; nil where there is none.
  package func memory(_ name: String) -> LinearMemory? {
    if case .memory(let memory) = export(name) { memory } else { nil }
  }

  /// Memory 0, imported or not; nil where there is none. Code's accesses without an index are to it.
  package var firstMemory: LinearMemory? { memories.first }

  /// The global exported under `name`; nil where there is none.
  package func global(_ name: String) -> GlobalCell? {
    if case .global(let global) = export(name) { global } else { nil }
  }

  /// The table exported under `name`; nil where there is none.
  package func table(_ name: String) -> ReferenceTable? {
    if case .table(let table) = export(name) { table } else { nil }
  }

  /// The record of the structure or array type `index`; nil for functions.
  func typeRecord(_ index: Int) -> UnsafePointer<wasmrun_type>? {
    guard let offset = layout.typeRecords[index] else { return nil }
    return context.load(fromByteOffset: offset, as: UnsafePointer<wasmrun_type>?.self)
  }

  /// The funcref at `place` among those of the module's referenced functions.
  func cell(_ place: Int) -> UnsafeMutablePointer<wasmrun_funcref> {
    (context + layout.funcRefs[place]).assumingMemoryBound(to: wasmrun_funcref.self)
  }
}
