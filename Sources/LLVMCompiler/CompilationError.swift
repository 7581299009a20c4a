// Why a module could not be compiled.

package import WasmModule

/// A failed compilation.
package enum CompilationError: Error, Hashable, Sendable {
  /// The module is wrong.
  case invalid(ModuleError)
  /// The module is right, but the compiler could not do it.
  case failed(String)
}
