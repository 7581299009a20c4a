// What a compiler process said about how it went, and how it ended.

package import SystemCalls

package struct CompilerReport {
  package var error: CompilerMessage?
  package var end = ChildProcess.End.exited(0)

  package init() {}

  /// Why there is no code; nil where the compiler succeeded.
  package var failure: CompileError? {
    switch error {
    case .invalid(let message): return .invalid(message)
    case .unsupported(let message), .failed(let message): return .failed(message)
    default: break
    }
    switch end {
    case .exited(0): return nil
    case .exited(let status): return .failed("the compiler ended with status \(status)")
    case .killed(let signal): return .failed("the compiler was killed by signal \(signal)")
    }
  }

  /// Whether another compiler may have what this one lacks.
  package var isLacking: Bool { if case .unsupported = error { true } else { false } }

  /// Whether it was killed as the kernel kills where memory is short.
  package var wasKilled: Bool { error == nil && end == .killed(signal: 9) }
}
