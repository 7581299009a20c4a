// What the process was started with.

import Glibc

/// The process's own arguments, environment and identity.
package enum ProcessEnvironment {
  /// The arguments, without the program's name.
  package static var arguments: [OSString] {
    (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
      CommandLine.unsafeArgv[index].map { OSString(cString: $0) }
    }
  }

  /// The name that the program was called by; empty where it was called by none.
  package static var programName: OSString {
    CommandLine.argc > 0 ? CommandLine.unsafeArgv[0].map { OSString(cString: $0) } ?? "" : ""
  }

  /// The value of an environment variable; nil where it is not set. The corresponding C function is
  /// `getenv`.
  package static func value(of name: OSString) -> OSString? {
    getenv(name.cString).map { OSString(cString: $0) }
  }

  /// Gives the variable `name` a value, for children, too. The process must have one thread only.
  package static func set(_ name: OSString, to value: OSString) throws(Errno) {
    guard setenv(name.cString, value.cString, 1) == 0 else { throw .last }
  }

  /// All variables as `NAME=value`, in the order they have. The corresponding C variable is
  /// `environ`.
  package static var all: [OSString] {
    var strings: [OSString] = []
    var entry = environ
    while let string = entry.pointee {
      strings.append(OSString(cString: string))
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
  package static var executablePath: OSString? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      let count = try? FileDescriptor.currentDirectory.readSymbolicLink(
        "/proc/self/exe", into: buffer)
      guard let count, count < buffer.count else { return nil }
      return OSString(bytes: buffer[..<count])
    }
  }
}
