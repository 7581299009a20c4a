// Why a module could not be compiled.

package import WasmModule

/// A failed compilation.
package enum BaselineError: Error, Hashable, Sendable {
  /// The module is wrong.
  case invalid(ModuleError)
  /// The module is right, but needs what this compiler leaves to LLVM; the text says what.
  case unsupported(String)
  /// The compiler could not do it.
  case failed(String)
}
