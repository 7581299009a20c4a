// What may be done with a descriptor.

/// The rights of a descriptor, with the bits of preview 1's `rights`.
struct Rights: OptionSet {
  let rawValue: UInt64

  static let fdDataSync = Rights(rawValue: 1 << 0)
  static let fdRead = Rights(rawValue: 1 << 1)
  static let fdSeek = Rights(rawValue: 1 << 2)
  static let fdSetFlags = Rights(rawValue: 1 << 3)
  static let fdSync = Rights(rawValue: 1 << 4)
  static let fdTell = Rights(rawValue: 1 << 5)
  static let fdWrite = Rights(rawValue: 1 << 6)
  static let fdAdvise = Rights(rawValue: 1 << 7)
  static let fdAllocate = Rights(rawValue: 1 << 8)
  static let pathCreateDirectory = Rights(rawValue: 1 << 9)
  static let pathCreateFile = Rights(rawValue: 1 << 10)
  static let pathLinkSource = Rights(rawValue: 1 << 11)
  static let pathLinkTarget = Rights(rawValue: 1 << 12)
  static let pathOpen = Rights(rawValue: 1 << 13)
  static let fdReadDirectory = Rights(rawValue: 1 << 14)
  static let pathReadLink = Rights(rawValue: 1 << 15)
  static let pathRenameSource = Rights(rawValue: 1 << 16)
  static let pathRenameTarget = Rights(rawValue: 1 << 17)
  static let pathGetStatus = Rights(rawValue: 1 << 18)
  static let pathSetSize = Rights(rawValue: 1 << 19)
  static let pathSetTimes = Rights(rawValue: 1 << 20)
  static let fdGetStatus = Rights(rawValue: 1 << 21)
  static let fdSetSize = Rights(rawValue: 1 << 22)
  static let fdSetTimes = Rights(rawValue: 1 << 23)
  static let pathSymbolicLink = Rights(rawValue: 1 << 24)
  static let pathRemoveDirectory = Rights(rawValue: 1 << 25)
  static let pathUnlinkFile = Rights(rawValue: 1 << 26)
  static let pollReadWrite = Rights(rawValue: 1 << 27)
  static let sockShutdown = Rights(rawValue: 1 << 28)
  static let sockAccept = Rights(rawValue: 1 << 29)

  /// All that preview 1 knows.
  static let all = Rights(rawValue: (1 << 30) - 1)

  /// Those that only mean something on a directory.
  static let ofDirectoriesOnly: Rights = [
    .pathCreateDirectory, .pathCreateFile, .pathLinkSource, .pathLinkTarget, .pathOpen,
    .fdReadDirectory, .pathReadLink, .pathRenameSource, .pathRenameTarget, .pathGetStatus,
    .pathSetSize, .pathSetTimes, .pathSymbolicLink, .pathRemoveDirectory, .pathUnlinkFile,
  ]
  /// Those that need a place in a file.
  static let ofSeekableFilesOnly: Rights = [
    .fdSeek, .fdTell, .fdAdvise, .fdAllocate, .fdSetSize,
  ]
  static let ofSocketsOnly: Rights = [.sockShutdown, .sockAccept]

  /// Those that need the file open for writing.
  static let needingWriteAccess: Rights = [.fdDataSync, .fdWrite, .fdAllocate, .fdSetSize]
  /// Those that need the file open for reading.
  static let needingReadAccess: Rights = [.fdRead, .fdReadDirectory]
}
