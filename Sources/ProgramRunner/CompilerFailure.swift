// A compiler's failure in words for the user.

import SystemCalls
import WasmRuntime

extension CompilerReport {
  /// Throws unless the compiler of the module at `path` succeeded, the baseline compiler or LLVM.
  func check(_ path: OSString, ofBaseline isBaseline: Bool) throws(RunnerError) {
    switch failure {
    case nil: return
    case .invalid(let message): throw .notRunnable(path, message)
    case .some(let failure):
      throw RunnerError(
        .failed, "cannot compile '\(path)'", "\(failure)",
        hint: wasKilled
          ? "it may have been out of memory"
          : isLacking && isBaseline ? "--compiler=llvm has all that wasmrun knows" : nil)
    }
  }
}

extension RunningCompilers {
  /// Waits until code of the module at `path` can be called; throws why there will be none.
  func waitUntilReady(_ path: OSString) throws(RunnerError) {
    if !waitUntilReady() { throw failure(path) }
  }

  /// Why a function that was called has no code. To be asked once, when that has happened.
  func failure(_ path: OSString) -> RunnerError {
    do throws(RunnerError) {
      try lastReport().check(path, ofBaseline: true)
    } catch {
      return error
    }
    return RunnerError(
      .failed, "cannot compile '\(path)'", "the compiler's process has ended",
      hint: "it may have been out of memory")
  }
}
