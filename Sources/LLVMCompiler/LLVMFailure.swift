// Errors that LLVM does not return from.

internal import CLLVM
internal import Synchronization
internal import SystemCalls

/// LLVM's fatal errors: a fault of ours or of LLVM's, after which the process cannot go on.
enum LLVMFailure {
  /// The number of the descriptor that the report goes to.
  private static let descriptor = Atomic<Int32>(FileDescriptor.standardError.rawValue)

  /// From now on reports fatal errors on `progress` as `error failed MESSAGE` and ends the process.
  static func report(to progress: FileDescriptor) {
    descriptor.store(progress.rawValue, ordering: .relaxed)
    LLVMInstallFatalErrorHandler { reason in
      let text = reason.map { String(cString: $0) } ?? "unknown"
      let line = text.split(separator: "\n").joined(separator: " ")
      let progress = FileDescriptor(rawValue: LLVMFailure.descriptor.load(ordering: .relaxed))
      try? progress.writeLine("error failed LLVM: \(line)")
      endProcess(status: 1)
    }
  }
}
