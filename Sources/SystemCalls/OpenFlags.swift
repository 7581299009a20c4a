// How a file is opened.

import CSystem
import Glibc

/// The flags of open(2).
package struct OpenFlags: OptionSet, Hashable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

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
}
