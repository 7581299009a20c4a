// LLVM's code with every load in it: a third opinion where a trap is missing.

import CompilerInterface
import Runtime
import WasmModule

/// Compiles a module once more, when it is first asked.
final class ExactJudge {
  private let module: Module
  private let bytes: ModuleBytes
  private let options: CodegenOptions
  private var loaded: LoadedModule?

  init(module: Module, bytes: ModuleBytes, options: CodegenOptions) {
    self.module = module
    self.bytes = bytes
    self.options = options
  }

  /// Whether the last of the calls `rounds` of a function, in a new instance, is outside of a memory.
  func traps(
    _ export: Export, rounds: ClosedRange<Int>, memoryByteLimit: Int
  ) throws(CommandError) -> Bool {
    let loaded = try compiled()
    let observer = try Observer(loaded, memoryByteLimit: memoryByteLimit)
    var trap: TrapCode?
    for round in rounds { trap = observer.call(export, round).trap }
    return trap == .memoryOutOfBounds
  }

  private func compiled() throws(CommandError) -> LoadedModule {
    if let loaded { return loaded }
    var exact = options
    exact.makesEveryLoad = true
    let result = try ModuleLoader(folder: "", options: exact, compiler: .llvm)
      .compile(module, bytes)
    loaded = result
    return result
  }
}
