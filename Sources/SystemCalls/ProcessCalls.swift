// Random bytes, yielding, raising: calls that concern the process and no file.

import CSystem
import Glibc

/// Random bytes of the kernel's.
package enum RandomSource {
  /// Fills all of `buffer`. The corresponding C function is `getrandom`.
  package static func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Errno) {
    var done = 0
    while done < buffer.count {
      done += try checked(.getrandom) {
        wasmrun_getrandom(buffer.baseAddress! + done, buffer.count - done)
      }
    }
  }
}

/// The thread of control that calls.
package enum CurrentProcess {
  /// Ends the process at once, whatever its other threads do. The corresponding C function is
  /// `_exit`.
  package static func exit(_ status: Int32) -> Never { _exit(status) }

  /// Lets others run first. The corresponding C function is `sched_yield`.
  package static func yield() { _ = sched_yield() }

  /// Leaves the processor to others: adds `steps` (up to 19) to the niceness of all threads that
  /// the process will have. The corresponding C function is `nice`.
  package static func lowerPriority(by steps: Int32) { _ = nice(steps) }

  /// Sends a signal to the calling thread, whose default effect it has even where the runtime
  /// handles that signal itself. The corresponding C function is `raise`.
  package static func raise(_ signal: Int32) throws(Errno) {
    guard signal >= 1, signal < 32 else { throw .invalidArgument }
    // Faults are how machine code traps; raised by hand they must not reach that handler.
    if [SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV].contains(signal) {
      Glibc.signal(signal, SIG_DFL)
      wasmrun_record_signal(signal)
    }
    if signal == SIGXFSZ { Glibc.signal(signal, SIG_DFL) }
    if [SIGKILL, SIGXFSZ].contains(signal) { wasmrun_record_signal(signal) }
    if Glibc.raise(signal) != 0 { throw Errno.last }
  }

  /// Lets a file that would exceed the limit of files' sizes be an error, here and in programs that the
  /// process executes, and not the end of the process. The corresponding C function is `signal` with
  /// `SIGXFSZ`.
  package static func surviveFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

  /// Opens /dev/null for each of the descriptors 0 to 2 that is closed. Without it, the next file
  /// that is opened for our own use would become the standard stream of whoever asks for one.
  package static func openMissingStandardStreams() throws(Errno) {
    for stream in [FileDescriptor.standardInput, .standardOutput, .standardError] {
      do throws(Errno) {
        _ = try stream.statusFlags()
      } catch .badFileDescriptor {
        // The lowest free number is this one.
        _ = try FileDescriptor.currentDirectory.open("/dev/null", .readWrite).take()
      }
    }
  }
}
