// Why a module does not get to run, in words for the user.

import SystemCalls

/// A failure before the guest began, or one that only wasmrun is to blame for.
package struct RunnerError: Error, Hashable, Sendable {
  /// Who has to do something about it.
  package enum Kind: Hashable, Sendable {
    /// There is no such file.
    case notFound
    /// The file is there, but is nothing that can be run.
    case notRunnable
    /// The command line asks for something that does not go together.
    case usage
    /// wasmrun or the machine failed.
    case failed
  }

  package var kind: Kind
  /// What failed, such as `cannot open 'app.wasm'`.
  package var what: String
  package var why: String
  /// What the user can do; nil where nobody knows.
  package var hint: String?

  package init(_ kind: Kind, _ what: String, _ why: String, hint: String? = nil) {
    self.kind = kind
    self.what = what
    self.why = why
    self.hint = hint
  }

  /// A call of the kernel that failed.
  static func failed(_ what: String, _ error: Errno) -> RunnerError {
    let hint: String? =
      switch error {
      case .tooManyOpenFiles: "ulimit -n says how many may be open; 64 are enough to start"
      case .fileTooLarge: "ulimit -f limits files, those in memory that hold code among them"
      case .wouldBlock: "ulimit -u says how many processes and threads a user may have"
      default: nil
      }
    return RunnerError(.failed, what, "\(error)", hint: hint)
  }

  /// A module that cannot be run, for this reason.
  static func notRunnable(_ path: OSString, _ why: String, hint: String? = nil) -> RunnerError {
    RunnerError(.notRunnable, "'\(path)' is not runnable", why, hint: hint)
  }
}
