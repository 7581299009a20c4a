// Every status that wasmrun itself ends with.

import ProgramRunner

/// How wasmrun ends. A guest's own status can be any number, these among them.
///
/// Signals are not here: they have their default effect, so that whoever waits sees a process that
/// died of one (128 + its number in a shell).
package enum ExitStatus: Equatable, Sendable {
  case success
  /// What the guest exited with.
  case guest(status: UInt8)
  /// A command that looks for problems found some.
  case problemsFound
  /// The command line is wrong: EX_USAGE of <sysexits.h>.
  case usage
  /// The guest's time was over, as timeout(1) has it. The process ends so from a signal's handler.
  case timedOut
  /// wasmrun failed before the guest began, as env(1) and timeout(1) have it, or could not print what
  /// it was asked for.
  case failed
  /// The file was found, but cannot be run.
  case notRunnable
  case notFound
  /// The guest trapped: 128 + SIGABRT, though nothing is aborted and no core is left.
  case trapped

  /// The number for exit(3).
  package var code: Int32 {
    switch self {
    case .success: 0
    case .guest(let status): Int32(status)
    case .problemsFound: 1
    case .usage: 64
    case .timedOut: TimeLimit.exitStatus
    case .failed: 125
    case .notRunnable: 126
    case .notFound: 127
    case .trapped: 134
    }
  }
}
