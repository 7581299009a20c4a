// How the process ends, and what it puts back before.

import CSystem
import Glibc

/// Ends the process without running anything that was registered for its end, but puts back the
/// flags of streams that it shares. The corresponding C function is `_exit`.
package func endProcess(status: Int32) -> Never {
  wasmrun_restore_stream_flags()
  _exit(status)
}

extension CurrentProcess {
  /// Lets the process write `message` to standard error and exit with `status` once so many
  /// nanoseconds are over, whatever it is doing then. The corresponding C function is `setitimer`.
  package static func end(
    afterNanoseconds nanoseconds: UInt64, message: String, status: Int32
  ) throws(Errno) {
    // For the rest of the process's life.
    guard let text = strdup(message) else { throw .noMemory }
    try checked(.setitimer) { wasmrun_end_after(nanoseconds, STDERR_FILENO, text, status) }
  }
}

extension FileDescriptor {
  /// Lets the process put back these status flags of a standard stream when it ends: other
  /// processes share the open file. The first call for a stream counts.
  package func restoreAtEnd(_ flags: OpenFlags) {
    wasmrun_keep_stream_flags(rawValue, flags.rawValue)
  }
}
