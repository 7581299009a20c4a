// Instances of hand-made functions.

import CompilerInterface
import Runtime
import TestSupport
import WasmModule

enum HandMadeGuest {
  /// A store with one instance whose functions, all exported by their index, are `bodies`.
  static func make(
    _ bodies: [[UInt8]], hostFunctions: [HostFunctionDefinition] = [], memory: Limits? = nil,
    limits: Store.Limits = .init()
  ) throws -> (store: Store, instance: Instance) {
    let store = try Store(limits)
    let linker = Linker(store)
    try linker.define(hostFunctions)
    var builder = WasmBuilder()
    _ = builder.type(handMadeType)
    for function in hostFunctions {
      _ = builder.importFunction(function.module, function.name, [.i64, .i64], [.i64])
    }
    for index in bodies.indices {
      _ = builder.function([.i64, .i64], [.i64], export: String(index), Code(.unreachable))
    }
    if let memory { _ = builder.memory(memory, export: "memory") }
    return (store, try linker.instantiate(builder, bodies: bodies))
  }

  /// Where the import with `index` is in the VMContext of a module of this shape.
  static func importOffset(_ index: Int, of imports: Int, hasMemory: Bool = false) throws -> Int {
    var builder = WasmBuilder()
    for name in 0..<imports { _ = builder.importFunction("", "\(name)", [.i64, .i64], [.i64]) }
    return try builder.build().withUnsafeBytes {
      VMContextLayout(try Module.decode($0)).importedFunctions[index]
    }
  }
}

extension WasmBuilder {
  /// `count` functions of hand-made type, exported by their index.
  static func exporting(count: Int) -> WasmBuilder {
    var builder = WasmBuilder()
    for index in 0..<count {
      _ = builder.function([.i64, .i64], [.i64], export: String(index), Code(.unreachable))
    }
    return builder
  }
}
