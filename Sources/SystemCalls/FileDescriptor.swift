// Descriptors: a number, and the owner of one.

import Glibc

/// A descriptor's number; says nothing about who closes it.
package struct FileDescriptor: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32

  @inline(__always)
  package init(rawValue: Int32) { self.rawValue = rawValue }

  package static let standardInput = FileDescriptor(rawValue: STDIN_FILENO)
  package static let standardOutput = FileDescriptor(rawValue: STDOUT_FILENO)
  package static let standardError = FileDescriptor(rawValue: STDERR_FILENO)
  /// Stands for the working directory where a directory is wanted.
  package static let currentDirectory = FileDescriptor(rawValue: AT_FDCWD)

  /// Gives the number back. The corresponding C function is `close`; after any error, EINTR
  /// included, Linux has closed it all the same.
  package func close() throws(Errno) {
    if let error = FaultInjection.fault(of: .close) { throw error }
    if Glibc.close(rawValue) == -1 { throw Errno.last }
  }

  /// A second number for the same open file, closed on exec. The corresponding C function is
  /// `fcntl` with `F_DUPFD_CLOEXEC`.
  package func duplicate() throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(FileDescriptor(rawValue: try fcntl(F_DUPFD_CLOEXEC, 0)))
  }
}

/// The one owner of a descriptor, who closes it.
package struct OwnedDescriptor: ~Copyable, Sendable {
  package let descriptor: FileDescriptor

  package init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  deinit { try? descriptor.close() }

  /// Closes now, to learn of errors that only closing tells (a full disk over NFS).
  package consuming func close() throws(Errno) {
    let descriptor = take()
    try descriptor.close()
  }

  /// Hands ownership to the caller.
  package consuming func take() -> FileDescriptor {
    let descriptor = descriptor
    discard self
    return descriptor
  }
}
