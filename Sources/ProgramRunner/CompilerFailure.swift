// A compiler's failure in words for the user.

import SystemCalls
import WasmRuntime

extension CompilerReport {
  /// Throws unless the compiler of the module at `path` succeeded.
  func check(_ path: OSString, hint: String? = nil) throws(RunnerError) {
    switch failure {
    case nil: return
    case .invalid(let message): throw .notRunnable(path, message)
    case .some(let failure):
      throw RunnerError(
        .failed, "cannot compile '\(path)'", "\(failure)",
        hint: wasKilled ? "it may have been out of memory" : error == nil ? nil : hint)
    }
  }
}
