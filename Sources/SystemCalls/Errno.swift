// The error of a kernel call.

import Glibc

/// An errno value.
///
/// Not swift-system's type of that name: that package has a C target called CSystem too, which
/// SwiftPM refuses, its calls could not be given faults in our tests, and it costs each start
/// 0.13 ms and the program 1.2 MB.
package struct Errno: RawRepresentable, Hashable, Error, Sendable {
  package let rawValue: Int32

  @inline(__always)
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The calling thread's last error.
  package static var last: Errno { Errno(rawValue: Glibc.errno) }

  package static let notPermitted = Errno(rawValue: EPERM)
  package static let noSuchFileOrDirectory = Errno(rawValue: ENOENT)
  package static let interrupted = Errno(rawValue: EINTR)
  package static let inputOutput = Errno(rawValue: EIO)
  package static let badFileDescriptor = Errno(rawValue: EBADF)
  package static let wouldBlock = Errno(rawValue: EAGAIN)
  package static let noMemory = Errno(rawValue: ENOMEM)
  package static let permissionDenied = Errno(rawValue: EACCES)
  package static let badAddress = Errno(rawValue: EFAULT)
  package static let deviceBusy = Errno(rawValue: EBUSY)
  package static let fileExists = Errno(rawValue: EEXIST)
  package static let crossDevice = Errno(rawValue: EXDEV)
  package static let busy = Errno(rawValue: EBUSY)
  package static let notSocket = Errno(rawValue: ENOTSOCK)
  package static let notDirectory = Errno(rawValue: ENOTDIR)
  package static let isDirectory = Errno(rawValue: EISDIR)
  package static let invalidArgument = Errno(rawValue: EINVAL)
  package static let tooManyOpenFiles = Errno(rawValue: EMFILE)
  package static let fileTooLarge = Errno(rawValue: EFBIG)
  package static let noSpace = Errno(rawValue: ENOSPC)
  package static let illegalSeek = Errno(rawValue: ESPIPE)
  package static let readOnlyFileSystem = Errno(rawValue: EROFS)
  package static let brokenPipe = Errno(rawValue: EPIPE)
  package static let outOfRange = Errno(rawValue: ERANGE)
  package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
  package static let notImplemented = Errno(rawValue: ENOSYS)
  package static let directoryNotEmpty = Errno(rawValue: ENOTEMPTY)
  package static let tooManySymbolicLinks = Errno(rawValue: ELOOP)
  package static let overflow = Errno(rawValue: EOVERFLOW)
  package static let illegalByteSequence = Errno(rawValue: EILSEQ)
  package static let notSupported = Errno(rawValue: ENOTSUP)
}

extension Errno: CustomStringConvertible {
  /// The C library's text, such as "No such file or directory".
  package var description: String { String(cString: strerror(rawValue)) }
}
