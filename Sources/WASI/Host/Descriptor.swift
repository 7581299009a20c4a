// What stands behind one of the guest's descriptors.

internal import EventLoop
internal import SystemCalls

/// The kinds of open files that behave differently.
enum DescriptorKind: UInt8 {
  /// No descriptor at all; its number is free.
  case closed
  case regular
  case directory
  /// A character device that is no terminal, such as /dev/null.
  case device
  case terminal
  /// A pipe, or an anonymous file such as an eventfd.
  case pipe
  case socket

  init(_ status: FileStatus, _ file: FileDescriptor) {
    self =
      switch status.kind {
      case .regular, .blockDevice, .symbolicLink: .regular
      case .directory: .directory
      case .characterDevice: file.isTerminal ? .terminal : .device
      case .socket: .socket
      case .pipe, .other: .pipe
      }
  }

  /// The rights that mean something on such a file.
  var applicableRights: Rights {
    switch self {
    case .closed: []
    case .regular, .device:
      .all.subtracting(.ofDirectoriesOnly).subtracting(.ofSocketsOnly)
    case .directory:
      Rights.ofDirectoriesOnly.union([.fdSetFlags, .fdSync, .fdGetStatus, .fdSetTimes])
    // A terminal without the right to seek is how wasi-libc's isatty knows one.
    case .terminal, .pipe:
      .all.subtracting(.ofDirectoriesOnly).subtracting(.ofSocketsOnly)
        .subtracting(.ofSeekableFilesOnly)
    case .socket: .all.subtracting(.ofDirectoriesOnly).subtracting(.ofSeekableFilesOnly)
    }
  }

  /// The error of asking such a file for what needs `rights`, which are not applicable to it.
  func refusal(of rights: Rights) -> Errno {
    switch self {
    case .closed: .badFileDescriptor
    case .directory: rights.isDisjoint(with: .ofSocketsOnly) ? .isDirectory : .notSocket
    case _ where !rights.isDisjoint(with: .ofDirectoriesOnly): .notDirectory
    case _ where !rights.isDisjoint(with: .ofSocketsOnly): .notSocket
    case _ where !rights.isDisjoint(with: [.fdSeek, .fdTell, .fdAdvise, .fdAllocate]): .illegalSeek
    default: .invalidArgument
    }
  }
}

/// An entry of the descriptor table.
struct Descriptor {
  var file: FileDescriptor
  var kind: DescriptorKind
  /// Whether closing the entry closes `file`: standard streams are the process's, not the guest's.
  var isOwned: Bool
  /// From a read-only grant, as is all that is opened through it.
  var isReadOnly = false
  /// What is out of reach in the grant that it is from.
  var guarded: GuardedFolder?
  /// What may be done with it, and what at most with files opened through it.
  var rights: Rights
  var inheritedRights: Rights
  /// The file system, known to be one that guests may use.
  var device: UInt64 = 0
  /// Set for a preopened directory: the path by which the guest knows it.
  var preopenedPath: OSString?
  /// Set once a directory's entries were asked for.
  var entries: DirectoryEntries?

  static var closed: Descriptor {
    Descriptor(
      file: FileDescriptor(rawValue: -1), kind: .closed, isOwned: false, rights: [],
      inheritedRights: [])
  }
}

/// A directory's stream of entries, shared by reference because it cannot be copied.
final class DirectoryEntries {
  var stream: DirectoryStream
  /// The directory's own inode.
  let inode: UInt64

  init(_ file: FileDescriptor) throws(Errno) {
    inode = try file.status().inode
    stream = DirectoryStream(try file.duplicate())
  }
}
