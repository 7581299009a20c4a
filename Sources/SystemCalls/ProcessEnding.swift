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

/// The record of how the process ended, where something other than `WasmrunTool` ends it.
package enum EndingRecord {
  /// From now on, a signal or the limit of `CurrentProcess.end` that ends the process leaves one line
  /// at `descriptor`: `before`, the JSON members `outcome`, `status` and `signal`, `after`, the
  /// nanoseconds since `start` by the monotonic clock, and `}}`. Called again, what it says then
  /// counts.
  package static func prepare(
    at descriptor: FileDescriptor, before: String, after: String, start: UInt64
  ) {
    // For the rest of the process's life.
    guard let before = strdup(before), let after = strdup(after) else { return }
    _ = wasmrun_record_ending(descriptor.rawValue, before, after, start)
  }

  /// Writes `text` as the record of a process that is about to exit with `status`, unless there is one
  /// already. Signals that would end the process wait from now on. Other threads may still run; one
  /// that ends the process meanwhile ends it with `status`, and not before all is written.
  package static func write(
    _ text: String, at descriptor: FileDescriptor, status: Int32
  ) throws(Errno) {
    // Made before, as nothing may be waited for that a thread in a handler could hold.
    let bytes = Array(text.utf8)
    guard wasmrun_take_ending_record() else { return }
    defer { wasmrun_end_record(status) }
    try descriptor.writeAll(bytes)
  }

  /// Writes the record of an end by a signal. Safe in signal handlers.
  package static let signalWriter: @convention(c) (Int32) -> Void = wasmrun_record_signal
}
