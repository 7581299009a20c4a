// How a guest's code ended, and what that means for the run.

import Runtime
import WASI
import WasmModule

/// The end of a thread of the guest, as it is before anything is made of it.
enum GuestResult {
  case outcome(RunOutcome)
  case invocation(InvocationError)
  case instantiation(InstantiationError, of: RunnableModule)
}

/// What such ends mean for the run.
struct GuestResultReader {
  let module: RunnableModule
  let hasLibraries: Bool
  let program: ProgramCode
  let sources: TrapSources
  let coreDump: CoreDumpFile?
  let observer: any RunnerObserver

  /// What `result` means, which a thread with `store` and `context` ended with. To be asked once.
  func outcome(
    of result: GuestResult, _ store: Store, _ context: WASIContext
  ) throws(RunnerError) -> RunOutcome {
    switch result {
    case .outcome(let outcome): return outcome
    case .invocation(let error): return try outcome(of: error, store, context)
    case .instantiation(let error, let failed):
      switch error {
      case .stopped(let error): return try outcome(of: error, store, context)
      case .link(let error): throw .notRunnable(failed.path, "\(error)")
      case .resource(let error): throw Guest.cannotStart(failed.path, error)
      case .invalid(let error): throw .notRunnable(failed.path, "\(error)")
      case .image(let why):
        throw RunnerError(.failed, "cannot use the code of '\(failed.path)'", why)
      }
    }
  }

  private func outcome(
    of error: InvocationError, _ store: Store, _ context: WASIContext
  ) throws(RunnerError) -> RunOutcome {
    switch error {
    case .noCode:
      throw program.compilers?.failure()
        ?? RunnerError(.failed, "cannot run '\(module.path)'", "a function has no code")
    case .trap(let trap):
      coreDump?.write(trap, store, sources, of: module.path, observer)
      // Of which memory the address is, is only clear where there is one.
      let hasOne = module.module.memories.count == 1 && !hasLibraries
      let memory = hasOne ? store.instances.last?.memory("memory") : nil
      return .trapped(
        TrapReport(
          trap, sources, memoryByteCount: memory?.byteCount))
    case .exit(let status): return .exited(status: status)
    case .stopped:
      if let status = context.exitStatus { return .exited(status: status) }
      throw RunnerError(.failed, "'\(module.path)' was stopped", "a host function gave no reason")
    case .host(let error): throw RunnerError(.failed, "'\(module.path)' was stopped", "\(error)")
    case .refused(let why): throw RunnerError(.failed, "cannot call into '\(module.path)'", why)
    }
  }
}
