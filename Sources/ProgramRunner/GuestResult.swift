// How a guest's code ended, and what that means for the run.

import SystemCalls
import WASI
import WasmModule
import WasmRuntime

/// The end of a thread of the guest, as it is before anything is made of it.
enum GuestResult {
  case outcome(RunOutcome)
  case call(CallError)
  case instantiation(InstantiationError, of: RunnableModule)
}

/// What such ends mean for the run.
struct GuestResultReader {
  let path: OSString
  let program: LinkedModules
  let compilers: RunningCompilers?
  let coreDump: CoreDumpFile?
  let observer: any RunnerObserver

  /// What `result` means, which a thread with `store` and `context` ended with. To be asked once.
  func outcome(
    of result: GuestResult, _ store: Store, _ context: WASIContext
  ) throws(RunnerError) -> RunOutcome {
    switch result {
    case .outcome(let outcome): return outcome
    case .call(let error): return try outcome(of: error, store, context)
    case .instantiation(let error, let failed):
      switch error {
      case .stopped(let error): return try outcome(of: error, store, context)
      case .link(let error): throw .notRunnable(failed.path, "\(error)")
      case .resource(let error): throw Guest.cannotStart(failed.path, error)
      case .refused(let why): throw .notRunnable(failed.path, why)
      case .code(let why):
        throw RunnerError(.failed, "cannot use the code of '\(failed.path)'", why)
      }
    }
  }

  private func outcome(
    of error: CallError, _ store: Store, _ context: WASIContext
  ) throws(RunnerError) -> RunOutcome {
    switch error {
    case .noCode:
      throw compilers?.failure(path)
        ?? RunnerError(.failed, "cannot run '\(path)'", "a function has no code")
    case .trap(let trap):
      coreDump?.write(trap, store, program, of: path, observer)
      // Of which memory the address is, is only clear where there is one.
      let hasOne = program.main.declarations.memories.count == 1 && program.libraries.isEmpty
      let memory = hasOne ? store.instances.last?.memory("memory") : nil
      return .trapped(
        TrapReport(trap, program, memoryByteCount: memory?.byteCount))
    case .exit(let status): return .exited(status: status)
    case .stopped:
      if let status = context.exitStatus { return .exited(status: status) }
      throw RunnerError(.failed, "'\(path)' was stopped", "a host function gave no reason")
    case .host(let error): throw RunnerError(.failed, "'\(path)' was stopped", "\(error)")
    case .refused(let why): throw RunnerError(.failed, "cannot call into '\(path)'", why)
    }
  }
}
