// A helper, a program or a copy of this process: started with the descriptors it needs and nothing else, waited for, killed.

import CSystem
import Glibc

/// A running child. Killed and reaped with its owner unless `wait` was called.
///
/// The child's standard descriptors are the null device unless others are given, so that whoever reads
/// the runner's output through a pipe does not wait for the child. It has a session of its own and dies with the
/// thread that started it.
package struct ChildProcess: ~Copyable {
  package let processID: Int32

  /// How a process ended.
  package enum End: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// The number that the first of `descriptors` has in the child; the others follow.
  package static let firstDescriptor: Int32 = 3

  /// Starts the program at `path`. `arguments` come after the program's name; the child gets
  /// `descriptors`, eight at most, and this process's environment. Throws what execve(2) and the
  /// calls before it say.
  package init(
    path: UnsafePointer<CChar>, arguments: [String], descriptors: [FileDescriptor],
    standardOutput: FileDescriptor? = nil, standardError: FileDescriptor? = nil
  ) throws(Errno) {
    var vector = [strdup(path)] + arguments.map { strdup($0) }
    defer { vector.forEach { free($0) } }
    guard !vector.contains(nil) else { throw .noMemory }
    vector.append(nil)
    processID = try checked(.vfork) {
      wasmrun_child_start(
        path, vector, descriptors.map(\.rawValue), Int32(descriptors.count),
        standardOutput?.rawValue ?? -1, standardError?.rawValue ?? -1)
    }
  }

  /// Makes a copy of this process that runs `body` with `descriptors` and nothing else open, and
  /// ends with the status that it returns. This process must have one thread only. Throws what
  /// fork(2) says.
  package init(
    forkingWith descriptors: [FileDescriptor], _ body: () -> Int32
  ) throws(Errno) {
    let process = try checked(.fork) {
      wasmrun_child_fork(descriptors.map(\.rawValue), Int32(descriptors.count))
    }
    if process == 0 { _exit(body()) }
    processID = process
  }

  /// Lets the child end by itself, or with this process: it is not waited for.
  package consuming func release() { discard self }

  /// In a child: does not die with the thread that started it. The corresponding C function is
  /// `prctl` with `PR_SET_PDEATHSIG`.
  package static func outliveParent() { _ = wasmrun_child_outlive_parent() }

  /// In a child: becomes the program at `path`, which no longer dies with the thread that started it.
  /// `arguments` come after the program's name; it has `inherited` open besides what is not closed on
  /// exec. Returns only where that fails. The corresponding C function is `execve`.
  package static func become(
    _ path: UnsafePointer<CChar>, _ arguments: [String], inheriting inherited: FileDescriptor
  ) {
    var vector = [strdup(path)] + arguments.map { strdup($0) }
    guard !vector.contains(nil) else { return }
    vector.append(nil)
    wasmrun_child_become(path, vector, inherited.rawValue)
  }

  deinit {
    Glibc.kill(processID, SIGKILL)
    _ = wasmrun_child_wait(processID, nil)
  }

  /// Waits until the child has ended.
  package consuming func wait() throws(Errno) -> End { try waitForTime().end }

  /// Waits until the child has ended; tells besides for how many microseconds a processor ran its own
  /// code and that of children which it waited for, without the kernel's.
  package consuming func waitForTime() throws(Errno) -> (end: End, userMicroseconds: Int64) {
    let process = processID
    discard self
    var userMicroseconds: Int64 = 0
    let status = try checked(.waitpid) { wasmrun_child_wait(process, &userMicroseconds) }
    return (status < 256 ? .exited(status) : .killed(signal: status - 256), userMicroseconds)
  }
}
