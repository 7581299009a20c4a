// Looking at a module without running it.

package import SystemCalls
package import WasmModule

/// A module, and what is not in `Module` itself.
package struct ModuleInspection: Sendable {
  package var path: OSString
  package var byteCount: Int
  package var module: Module
  package var sections: [SectionExtent]
  /// By their proposals' names.
  package var features: [String]
}

extension Runner {
  /// What the module at `path` is made of. It is decoded and its declarations are validated, its
  /// bodies only read: `validate` checks these.
  package static func inspect(_ path: OSString) throws(RunnerError) -> ModuleInspection {
    let file = try ModuleFile(path)
    do throws(ModuleError) {
      let module = try Module.decode(file.bytes)
      try module.validateDeclarations(bytes: file.bytes)
      return ModuleInspection(
        path: path, byteCount: file.bytes.count, module: module,
        sections: try Module.sections(file.bytes),
        features: try module.features(bytes: file.bytes))
    } catch {
      throw .notRunnable(file, error)
    }
  }
}
