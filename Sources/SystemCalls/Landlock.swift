// Landlock: giving up access to files and networks for ever.

import CSystem

/// A set of rules about what the process may still open. Nothing holds before `restrict`.
package struct LandlockRuleset: ~Copyable {
  private let ruleset: OwnedDescriptor
  private let version: Int32

  /// What may be done with files below a directory.
  package struct Access: Hashable, Sendable {
    fileprivate let rawValue: UInt64

    /// To open files for reading and directories for listing.
    package static let reading = Access(rawValue: readFile | readDirectory)
    /// That, and to make, change, move and remove files, directories and links. Devices cannot be
    /// made, and nothing can be executed.
    package static let readingAndWriting = Access(
      rawValue: reading.rawValue | writeFile | removeDirectory | removeFile | makeDirectory
        | makeRegular | makeSocket | makePipe | makeSymbolicLink | refer | truncate)

    // <linux/landlock.h>; by the versions that brought them: 1 (bits 0 to 12), 2, 3, 5.
    private static let writeFile: UInt64 = 1 << 1
    private static let readFile: UInt64 = 1 << 2
    private static let readDirectory: UInt64 = 1 << 3
    private static let removeDirectory: UInt64 = 1 << 4
    private static let removeFile: UInt64 = 1 << 5
    private static let makeDirectory: UInt64 = 1 << 7
    private static let makeRegular: UInt64 = 1 << 8
    private static let makeSocket: UInt64 = 1 << 9
    private static let makePipe: UInt64 = 1 << 10
    private static let makeSymbolicLink: UInt64 = 1 << 12
    private static let refer: UInt64 = 1 << 13
    private static let truncate: UInt64 = 1 << 14

    /// All rights on files that a version of Landlock knows.
    fileprivate static func all(_ version: Int32) -> UInt64 {
      (1 << (version >= 5 ? 16 : version >= 3 ? 15 : 14)) - 1
    }
  }

  /// The kernel's version of Landlock; nil where it has none that is of use. The first version
  /// counts as none: under it, no file could be moved from one directory to another.
  package static var version: Int32? {
    guard FaultInjection.fault(of: .landlock) == nil else { return nil }
    let version = wasmrun_landlock_version()
    return version >= 2 ? version : nil
  }

  /// Rules that forbid everything that this version of Landlock can forbid: access to files by their
  /// names, TCP (from version 4 on), signals to other processes and abstract sockets (from 6 on).
  /// The corresponding system call is `landlock_create_ruleset`.
  package init(version: Int32) throws(Errno) {
    let files = Access.all(version)
    self.version = version
    ruleset = OwnedDescriptor(
      FileDescriptor(
        rawValue: try checked(.landlock) {
          wasmrun_landlock_create_ruleset(files, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0)
        }))
  }

  /// Allows `access` to `directory` and all below it. The corresponding system call is
  /// `landlock_add_rule`.
  package func allow(_ access: Access, beneath directory: FileDescriptor) throws(Errno) {
    let known = access.rawValue & Access.all(version)
    try checked(.landlock) {
      wasmrun_landlock_allow_beneath(
        ruleset.descriptor.rawValue, directory.rawValue, known)
    }
  }

  /// Makes the rules hold for the calling thread and all that it starts, for ever. The process must
  /// have forbidden new privileges. The corresponding system call is `landlock_restrict_self`.
  package consuming func restrict() throws(Errno) {
    try checked(.landlock) { wasmrun_landlock_restrict(ruleset.descriptor.rawValue) }
  }
}
