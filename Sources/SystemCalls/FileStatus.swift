// What the kernel tells about a file.

import Glibc

/// The kind of a file.
package enum FileKind: Sendable {
  case regular
  case directory
  case symbolicLink
  case characterDevice
  case blockDevice
  case pipe
  case socket
  /// An anonymous file: epoll, eventfd and the like.
  case other
}

/// What tells a file from all others, whatever it is called.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64
}

/// A file's status. The corresponding C structure is `stat`.
package struct FileStatus: Sendable {
  package let device: UInt64
  package let inode: UInt64
  package let kind: FileKind
  /// Permission bits, with set-user-id, set-group-id and sticky.
  package let permissions: UInt32
  package let linkCount: UInt64
  package let userID: UInt32
  package let byteCount: Int64
  /// The device that a device file stands for: major and minor number.
  package let deviceNumber: (major: UInt32, minor: UInt32)
  /// Times in nanoseconds since 1970.
  package let accessTime: Int64
  package let modificationTime: Int64
  package let changeTime: Int64

  package var identity: FileIdentity { FileIdentity(device: device, inode: inode) }

  /// A status put together by hand: no file has such change times as tests need.
  package init(
    device: UInt64, inode: UInt64, kind: FileKind, byteCount: Int64, modificationTime: Int64,
    changeTime: Int64
  ) {
    self.device = device
    self.inode = inode
    self.kind = kind
    self.byteCount = byteCount
    self.modificationTime = modificationTime
    self.changeTime = changeTime
    permissions = 0
    linkCount = 1
    userID = 0
    deviceNumber = (0, 0)
    accessTime = 0
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .other
      }
    permissions = status.st_mode & 0o7777
    linkCount = UInt64(status.st_nlink)
    userID = status.st_uid
    byteCount = Int64(status.st_size)
    let number = UInt64(status.st_rdev)
    deviceNumber = (
      UInt32(truncatingIfNeeded: number >> 8 & 0xFFF | number >> 32 & ~0xFFF),
      UInt32(truncatingIfNeeded: number & 0xFF | number >> 12 & ~0xFF)
    )
    accessTime = nanoseconds(status.st_atim)
    modificationTime = nanoseconds(status.st_mtim)
    changeTime = nanoseconds(status.st_ctim)
  }
}

/// Wraps in the year 2262, as times of 64 bits do.
@inline(__always)
func nanoseconds(_ time: timespec) -> Int64 {
  Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
