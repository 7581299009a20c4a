// What a compiler process said about how it went, and how it ended.

import SystemCalls

struct CompilerReport {
  var error: CompilerMessage?
  var end = ChildProcess.End.exited(0)

  /// Throws unless the compiler of the module at `path` succeeded.
  func check(_ path: OSString, hint: String? = nil) throws(EngineError) {
    let what = "cannot compile '\(path)'"
    switch error {
    case .invalid(let message): throw .notRunnable(path, message)
    case .failed(let message): throw EngineError(.failed, what, message, hint: hint)
    default: break
    }
    switch end {
    case .exited(0): return
    case .exited(let status):
      throw EngineError(.failed, what, "the compiler ended with status \(status)")
    case .killed(let signal):
      throw EngineError(
        .failed, what, "the compiler was killed by signal \(signal)",
        hint: signal == 9 ? "it may have been out of memory" : nil)
    }
  }
}
