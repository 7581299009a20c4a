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
}
