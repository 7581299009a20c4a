// Where every kernel call passes: failure becomes a typed error, and tests can plan one.

import CSystem
import Glibc

/// The kernel calls that can be given a fault in tests.
package enum SystemCall: Int32, Sendable {
  case accept
  case clockGetRes
  case clockGetTime
  case close
  case dup
  case fallocate
  case fchmod
  case fcntl
  case fdatasync
  case flock
  case fork
  case fstat
  case fstatat
  case fstatfs
  case fsync
  case ftruncate
  case futimens
  case getdents
  case getrandom
  case ioctl
  case landlock
  case linkat
  case listen
  case lseek
  case memfdCreate
  case mkdirat
  case mmap
  case mprotect
  case mremap
  case openat
  case openat2
  case personality
  case pipe
  case poll
  case posixFadvise
  case prctl
  case read
  case readlinkat
  case recvmsg
  case renameat
  case sendmsg
  case setitimer
  case setrlimit
  case shutdown
  case sigaction
  case symlinkat
  case unlinkat
  case utimensat
  case vfork
  case waitpid
  case write
}

/// Plans failures of kernel calls for the calling thread. Debug builds only; release builds know no
/// faults.
package enum FaultInjection {
  /// Runs `body` with `failures` calls of `call` failing with `error`, after `callsBefore` that
  /// succeed. One plan at a time.
  @discardableResult
  package static func withFault<Result>(
    _ call: SystemCall, _ error: Errno, failures: Int = .max, callsBefore: Int = 0,
    _ body: () throws -> Result
  ) rethrows -> Result {
    let fault = wasmrun_planned_fault()
    fault.pointee = wasmrun_fault(
      call: call.rawValue, calls_before: Int32(clamping: callsBefore),
      failures: Int32(clamping: failures), error: error.rawValue)
    defer { fault.pointee.call = -1 }
    return try body()
  }

  /// The planned error of this call; nil where it shall be made.
  @inline(__always)
  package static func fault(of call: SystemCall) -> Errno? {
    #if DEBUG
      let fault = wasmrun_planned_fault()
      guard fault.pointee.call == call.rawValue, fault.pointee.failures > 0 else { return nil }
      guard fault.pointee.calls_before == 0 else {
        fault.pointee.calls_before -= 1
        return nil
      }
      fault.pointee.failures -= 1
      return Errno(rawValue: fault.pointee.error)
    #else
      return nil
    #endif
  }
}

/// Makes a call that answers -1 on failure. An interrupted call is made again: signals of ours that
/// must stop a waiting call do so by other means.
@inline(__always)
@discardableResult
func checked<Value: FixedWidthInteger & SignedInteger>(
  _ call: SystemCall, _ body: () -> Value
) throws(Errno) -> Value {
  if let error = FaultInjection.fault(of: call) { throw error }
  while true {
    let value = body()
    if value != -1 { return value }
    let error = Errno.last
    if error != .interrupted { throw error }
  }
}
