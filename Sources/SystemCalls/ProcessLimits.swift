// What the process gives up for ever, files aside: privileges, resources.

import CSystem

/// A resource of the process that has a limit.
package enum ProcessResource: Sendable {
  /// Bytes of a core file.
  case coreByteCount
  /// One more than the highest number that a descriptor can get.
  case descriptorCount
  /// Processes and threads of the user, root's aside, at which no other can be started.
  case processCount

  fileprivate var number: Int32 {
    switch self {
    case .coreByteCount: wasmrun_rlimit_core
    case .descriptorCount: wasmrun_rlimit_nofile
    case .processCount: wasmrun_rlimit_nproc
    }
  }
}

extension CurrentProcess {
  /// Lowers a resource's limits, the hard one too; one that is lower already stays. The
  /// corresponding C function is `setrlimit`.
  package static func limit(_ resource: ProcessResource, to value: UInt64) throws(Errno) {
    try checked(.setrlimit) { wasmrun_limit_resource(resource.number, value) }
  }

  /// Makes sure that no program this process executes has more rights than the process. The
  /// corresponding C function is `prctl` with `PR_SET_NO_NEW_PRIVS`.
  package static func forbidNewPrivileges() throws(Errno) {
    try checked(.prctl) { wasmrun_forbid_new_privileges() }
  }

  /// Makes sure that memory is executable only if that was asked for. The corresponding C function
  /// is `personality` without `READ_IMPLIES_EXEC`.
  package static func separateReadingFromExecuting() throws(Errno) {
    try checked(.personality) { wasmrun_separate_reading_from_executing() }
  }

  /// Handles the signal of system calls that a filter refuses: writes `before`, the call's name and
  /// `after` to `output`, in one piece, then lets the process die of SIGSYS. The corresponding C
  /// function is `sigaction`.
  package static func reportViolations(
    to output: FileDescriptor, before: StaticString, after: StaticString
  ) throws(Errno) {
    try checked(.sigaction) {
      wasmrun_report_violations(output.rawValue, cString(before), cString(after))
    }
  }
}

/// A static string's bytes, which a zero ends.
private func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
