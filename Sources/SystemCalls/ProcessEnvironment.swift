// What the process was started with.

import Glibc

/// The process's own environment and identity.
package enum ProcessEnvironment {
  /// The value of an environment variable; nil where it is not set. Bytes that are no UTF-8 are
  /// replaced. The corresponding C function is `getenv`.
  package static func value(of name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// All variables as `NAME=value`, in the order they have.
  package static var all: [String] {
    var strings: [String] = []
    var entry = environ
    while let string = entry.pointee {
      strings.append(String(cString: string))
      entry += 1
    }
    return strings
  }

  /// The user that files belong to which this process makes. The corresponding C function is
  /// `geteuid`.
  package static var effectiveUserID: UInt32 { geteuid() }

  package static var processID: Int32 { getpid() }

  /// The path of the program that this process runs; nil where there is no procfs, or the path is
  /// longer than paths can be.
  package static var executablePath: String? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      let count = try? FileDescriptor.currentDirectory.readSymbolicLink(
        "/proc/self/exe", into: buffer)
      guard let count, count < buffer.count else { return nil }
      return String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
