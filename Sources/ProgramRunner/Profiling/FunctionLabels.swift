// What functions are called where they are shown to people: in backtraces, debuggers, profiles.

import WasmModule
import WasmRuntime

/// Labels of a module's functions: the name section's, else an export's, else the index.
struct FunctionLabels {
  private let module: WasmModule.Module
  private let names: FunctionNames
  /// What stands before each, such as the library's name.
  private let prefix: String

  /// `bytes` must stay valid.
  init(_ module: WasmModule.Module, bytes: UnsafeRawBufferPointer, library: String? = nil) {
    self.module = module
    names = module.functionNames(bytes: bytes)
    prefix = library.map { $0 + ": " } ?? ""
  }

  init(_ module: WasmRuntime.Module, library: String?) {
    self.init(module.declarations, bytes: module.bytes, library: library)
  }

  /// The label of function `index`, without control characters.
  subscript(_ index: UInt32) -> String {
    prefix
      + (names.printableName(of: index) ?? module.exportName(of: index, .function)
        ?? "function \(index)")
  }

  /// Whether function `index` has a name of its own.
  func hasName(_ index: UInt32) -> Bool { names.printableName(of: index) != nil }
}

extension WasmModule.Module {
  /// A name that something is exported under.
  func exportName(of index: UInt32, _ kind: ExternKind) -> String? {
    exports.first { $0.kind == kind && $0.index == index }?.name
  }
}
