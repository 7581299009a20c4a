// How a file is opened.

import CSystem
import Glibc

/// The flags of open(2).
///
/// Used like an option set but none: the standard library's generic set operations are not
/// specialized for a type of another module, and cost a start 0.1 ms at their first use.
package struct OpenFlags: Hashable, ExpressibleByArrayLiteral, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  package init(arrayLiteral flags: OpenFlags...) {
    var rawValue: Int32 = 0
    for flag in flags { rawValue |= flag.rawValue }
    self.rawValue = rawValue
  }

  package static let readOnly = OpenFlags(rawValue: O_RDONLY)
  package static let writeOnly = OpenFlags(rawValue: O_WRONLY)
  package static let readWrite = OpenFlags(rawValue: O_RDWR)
  package static let append = OpenFlags(rawValue: O_APPEND)
  package static let create = OpenFlags(rawValue: O_CREAT)
  package static let dataSync = OpenFlags(rawValue: O_DSYNC)
  package static let directory = OpenFlags(rawValue: O_DIRECTORY)
  package static let exclusive = OpenFlags(rawValue: O_EXCL)
  package static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)
  package static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)
  package static let path = OpenFlags(rawValue: wasmrun_o_path)
  package static let sync = OpenFlags(rawValue: O_SYNC)
  package static let truncate = OpenFlags(rawValue: O_TRUNC)
  /// A file without a name in the directory that is opened; `linkat` may give it one.
  package static let temporary = OpenFlags(rawValue: wasmrun_o_tmpfile)

  /// `.readOnly`, `.writeOnly` or `.readWrite`, which share two bits.
  package var accessMode: OpenFlags { OpenFlags(rawValue: rawValue & O_ACCMODE) }

  /// Whether all of `flags` are set.
  package func contains(_ flags: OpenFlags) -> Bool { rawValue & flags.rawValue == flags.rawValue }

  /// Whether any of `flags` is set.
  package func containsAny(of flags: OpenFlags) -> Bool { rawValue & flags.rawValue != 0 }

  package func union(_ flags: OpenFlags) -> OpenFlags {
    OpenFlags(rawValue: rawValue | flags.rawValue)
  }

  package func intersection(_ flags: OpenFlags) -> OpenFlags {
    OpenFlags(rawValue: rawValue & flags.rawValue)
  }

  package func subtracting(_ flags: OpenFlags) -> OpenFlags {
    OpenFlags(rawValue: rawValue & ~flags.rawValue)
  }

  package mutating func insert(_ flags: OpenFlags) { self = union(flags) }
}
