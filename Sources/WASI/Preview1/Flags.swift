// The sets of flags in preview 1's arguments.

internal import SystemCalls

/// How a path's last symbolic link is treated. WASI preview1 `lookupflags`.
struct LookupFlags: OptionSet {
  let rawValue: UInt16
  static let followSymbolicLink = LookupFlags(rawValue: 1 << 0)
  static let all: LookupFlags = .followSymbolicLink
}

/// How a file is opened. WASI preview1 `oflags`.
struct PathOpenFlags: OptionSet {
  let rawValue: UInt16
  static let create = PathOpenFlags(rawValue: 1 << 0)
  static let directory = PathOpenFlags(rawValue: 1 << 1)
  static let exclusive = PathOpenFlags(rawValue: 1 << 2)
  static let truncate = PathOpenFlags(rawValue: 1 << 3)
  static let all: PathOpenFlags = [.create, .directory, .exclusive, .truncate]

  /// The same for the kernel.
  var openFlags: OpenFlags {
    var flags: OpenFlags = []
    if contains(.create) { flags.insert(.create) }
    if contains(.directory) { flags.insert(.directory) }
    if contains(.exclusive) { flags.insert(.exclusive) }
    if contains(.truncate) { flags.insert(.truncate) }
    return flags
  }
}

/// How an open file behaves. WASI preview1 `fdflags`.
struct DescriptorFlags: OptionSet {
  let rawValue: UInt16
  static let append = DescriptorFlags(rawValue: 1 << 0)
  static let dataSync = DescriptorFlags(rawValue: 1 << 1)
  static let nonBlocking = DescriptorFlags(rawValue: 1 << 2)
  static let readSync = DescriptorFlags(rawValue: 1 << 3)
  static let sync = DescriptorFlags(rawValue: 1 << 4)
  static let all: DescriptorFlags = [.append, .dataSync, .nonBlocking, .readSync, .sync]
  static let synchronizing: DescriptorFlags = [.dataSync, .readSync, .sync]

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The flags that the kernel tells.
  init(_ flags: OpenFlags) {
    self = []
    if flags.contains(.append) { insert(.append) }
    if flags.contains(.nonBlocking) { insert(.nonBlocking) }
    // Linux has no weaker kind of reading in sync: O_RSYNC is O_SYNC, which includes O_DSYNC.
    if flags.contains(.sync) {
      formUnion(.synchronizing)
    } else if flags.contains(.dataSync) {
      insert(.dataSync)
    }
  }

  /// The same for the kernel.
  var openFlags: OpenFlags {
    var flags: OpenFlags = []
    if contains(.append) { flags.insert(.append) }
    if contains(.nonBlocking) { flags.insert(.nonBlocking) }
    if contains(.dataSync) { flags.insert(.dataSync) }
    if !isDisjoint(with: [.sync, .readSync]) { flags.insert(.sync) }
    return flags
  }

  /// What a file must be allowed to do for these flags.
  var requiredRights: Rights {
    var rights: Rights = []
    if contains(.dataSync) { rights.insert(.fdDataSync) }
    if !isDisjoint(with: [.sync, .readSync]) { rights.insert(.fdSync) }
    return rights
  }
}

/// Which times are set, and how. WASI preview1 `fstflags`.
struct FileTimeFlags: OptionSet {
  let rawValue: UInt16
  static let access = FileTimeFlags(rawValue: 1 << 0)
  static let accessNow = FileTimeFlags(rawValue: 1 << 1)
  static let modification = FileTimeFlags(rawValue: 1 << 2)
  static let modificationNow = FileTimeFlags(rawValue: 1 << 3)
  static let all: FileTimeFlags = [.access, .accessNow, .modification, .modificationNow]

  /// The time that a pair of flags means; throws `.invalidArgument` where both are set.
  func time(
    _ given: FileTimeFlags, _ now: FileTimeFlags, _ time: UInt64
  ) throws(Errno) -> FileTime {
    switch (contains(given), contains(now)) {
    case (true, true): throw .invalidArgument
    case (true, false): .nanoseconds(time)
    case (false, true): .now
    case (false, false): .unchanged
    }
  }
}
