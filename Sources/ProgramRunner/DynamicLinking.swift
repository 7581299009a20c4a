// Placing shared libraries and the program that uses them in one memory and one table.
//
// The modules import all that they share from `env`: memory, table, the stack pointer, and where
// their own data and functions begin. Addresses of each other's symbols are globals that they import
// from `GOT.mem` and `GOT.func`. Source: the WebAssembly tool conventions, "Dynamic Linking".

import SystemCalls
import WasmModule
import WasmRuntime

/// The program with its libraries, and what was made for them to share.
struct DynamicLinking {
  /// The libraries in the order in which they are instantiated, the program last.
  private let modules: [PlacedModule]
  private let memory: Memory
  private let table: WasmRuntime.Table
  private let stackPointer: WasmRuntime.Global
  private var addresses: [SymbolKey: WasmRuntime.Global] = [:]
  /// The table's places of functions whose address is asked for.
  private var functionPlaces: [String: UInt32] = [:]

  struct PlacedModule {
    let module: WasmModule.Module
    let memoryBase: UInt32
    let tableBase: UInt32
  }

  /// A symbol of the address table (`GOT`).
  private struct SymbolKey: Hashable {
    let isFunction: Bool
    let name: String
  }

  /// Room for the program's stack, which grows down from here to 0: beyond its end there is no memory.
  static let stackByteCount: UInt32 = 1 << 20
  private static let pageByteCount: UInt64 = 1 << 16

  /// Places `modules` one behind the other, and makes what they share in `store`. nil where the
  /// program, the last one, is no module of this kind.
  init?(
    _ modules: [RunnableModule], _ store: Store
  ) throws(RunnerError) {
    guard let program = modules.last,
      try Self.section(program) != nil
    else { return nil }
    var placed: [PlacedModule] = []
    var memoryEnd = UInt64(Self.stackByteCount)
    // The place 0 stays empty: a pointer that is 0 calls nothing.
    var tableEnd: UInt64 = 1
    for runnable in modules {
      let module = runnable.module
      guard let section = try Self.section(runnable) else {
        // Loaded without this section: it keeps its things to itself.
        placed.append(PlacedModule(module: module, memoryBase: 0, tableBase: 0))
        continue
      }
      memoryEnd = Self.aligned(memoryEnd, section.memoryAlignmentLog2)
      tableEnd = Self.aligned(tableEnd, section.tableAlignmentLog2)
      placed.append(
        PlacedModule(
          module: module, memoryBase: UInt32(truncatingIfNeeded: memoryEnd),
          tableBase: UInt32(truncatingIfNeeded: tableEnd)))
      memoryEnd += UInt64(section.memoryByteCount)
      tableEnd += UInt64(section.tableElementCount)
      guard memoryEnd <= 1 << 31, tableEnd <= 1 << 24 else {
        throw .notRunnable(runnable.path, "its libraries need more memory than there can be")
      }
    }
    let symbols = Self.functionSymbols(modules.map(\.module))
    for (index, name) in symbols.enumerated() {
      functionPlaces[name] = UInt32(tableEnd) + UInt32(index)
    }
    self.modules = placed
    do throws(ResourceError) {
      memory = try Memory(Self.memoryType(modules.map(\.module), end: memoryEnd), in: store)
      table = try WasmRuntime.Table(
        TableType(element: .funcref, minimum: tableEnd + UInt64(symbols.count)), in: store)
      stackPointer = try Self.global(Self.stackByteCount, isMutable: true, store)
      for runnable in modules {
        for wanted in runnable.module.imports {
          guard let key = Self.key(wanted), addresses[key] == nil else { continue }
          addresses[key] = try Self.global(
            Self.knownAddress(key.name, end: memoryEnd, memory) ?? 0, isMutable: true, store)
        }
      }
    } catch {
      throw Guest.cannotStart(program.path, error)
    }
  }

  static func section(
    _ runnable: RunnableModule
  ) throws(RunnerError) -> DynamicLinkingSection? {
    do throws(ModuleError) {
      return try runnable.module.dynamicLinking(bytes: runnable.bytes)
    } catch {
      throw .notRunnable(runnable.path, "\(error)")
    }
  }

  private static func global(
    _ value: UInt32, isMutable: Bool, _ store: Store
  ) throws(ResourceError) -> WasmRuntime.Global {
    try WasmRuntime.Global(
      GlobalType(.i32, isMutable: isMutable), .i32(Int32(bitPattern: value)), in: store)
  }

  private static func aligned(_ value: UInt64, _ log2: UInt32) -> UInt64 {
    (value + (1 << log2) - 1) & ~((1 << log2) - 1)
  }

  private static func key(_ wanted: WasmModule.Import) -> SymbolKey? {
    switch wanted.module {
    case "GOT.mem": SymbolKey(isFunction: false, name: wanted.name)
    case "GOT.func": SymbolKey(isFunction: true, name: wanted.name)
    default: nil
    }
  }

  private static func functionSymbols(_ modules: [WasmModule.Module]) -> [String] {
    var names: [String] = []
    for wanted in modules.flatMap(\.imports)
    where wanted.module == "GOT.func" && !names.contains(wanted.name) {
      names.append(wanted.name)
    }
    return names
  }

  /// As many pages as are used or asked for, and the largest maximum that all agree on.
  private static func memoryType(_ modules: [WasmModule.Module], end: UInt64)
    -> WasmRuntime.MemoryType
  {
    var minimum = (end + pageByteCount - 1) / pageByteCount
    var maximum: UInt64?
    for case .memory(let type) in modules.flatMap(\.imports).map(\.descriptor) {
      minimum = max(minimum, type.limits.minimum)
      if let own = type.limits.maximum { maximum = min(maximum ?? own, own) }
    }
    return MemoryType(minimum: minimum, maximum: maximum.map { max($0, minimum) })
  }

  /// What the linker of a static program would define.
  private static func knownAddress(
    _ name: String, end: UInt64, _ memory: Memory
  ) -> UInt32? {
    switch name {
    case "__heap_base": UInt32(aligned(end, 4))
    case "__heap_end": UInt32(clamping: memory.byteCount)
    case "__stack_low": 0
    case "__stack_high": stackByteCount
    default: nil
    }
  }

  // MARK: Imports.

  /// What module `index` gets for `wanted`; nil where this is not for it to say.
  func value(
    _ wanted: WasmModule.Import, moduleIndex index: Int, _ store: Store, _ importer: OSString
  ) throws(RunnerError) -> Extern? {
    if let key = Self.key(wanted), let global = addresses[key] {
      guard isDefined(key) else {
        throw .notRunnable(
          importer, "it wants the address of '\(key.name)', which no library defines")
      }
      return .global(global)
    }
    guard wanted.module == "env" else { return nil }
    switch wanted.name {
    case "memory": return .memory(memory)
    case "__indirect_function_table": return .table(table)
    case "__stack_pointer": return .global(stackPointer)
    case "__memory_base": return try constant(modules[index].memoryBase, store, importer)
    case "__table_base": return try constant(modules[index].tableBase, store, importer)
    default: return nil
    }
  }

  private func isDefined(_ key: SymbolKey) -> Bool {
    Self.knownAddress(key.name, end: 0, memory) != nil
      || modules.contains {
        $0.module.export(named: key.name)?.kind == (key.isFunction ? .function : .global)
      }
  }

  private func constant(
    _ value: UInt32, _ store: Store, _ importer: OSString
  ) throws(RunnerError) -> Extern {
    do throws(ResourceError) {
      return .global(try Self.global(value, isMutable: false, store))
    } catch {
      throw Guest.cannotStart(importer, error)
    }
  }

  // MARK: After instantiation.

  /// Tells all modules where the symbols of module `index` are. The first that defines one counts.
  func publish(_ instance: Instance, moduleIndex index: Int) {
    for (key, cell) in addresses {
      guard
        modules[..<index].allSatisfy({ $0.module.export(named: key.name) == nil })
      else { continue }
      if key.isFunction {
        guard let function = instance.function(key.name), let place = functionPlaces[key.name],
          (try? table.set(UInt64(place), .function(function))) != nil
        else { continue }
        try? cell.set(.i32(Int32(bitPattern: place)))
      } else if case .i32(let offset) = instance.global(key.name)?.value {
        try? cell.set(.i32(offset &+ Int32(bitPattern: modules[index].memoryBase)))
      }
    }
  }

  /// What a module wants to be called, once all symbols have their addresses, and before anything
  /// else of it.
  static let relocations = "__wasm_apply_data_relocs"
  /// A library's constructors, after the relocations of all.
  static let constructors = "__wasm_call_ctors"
}
