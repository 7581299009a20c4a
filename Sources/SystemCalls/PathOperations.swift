// Calls on names, each relative to an open directory.
//
// Paths are C strings, so that a guest's bytes pass as they are; a Swift String converts by itself.
// Nothing here keeps a path inside its directory: that is `openBeneath`.

import CSystem
import Glibc

extension FileDescriptor {
  /// Opens `path`; the descriptor is closed on exec. The corresponding C function is `openat`.
  package func open(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags, permissions: UInt32 = 0o666
  ) throws(Errno) -> OwnedDescriptor {
    let number = try checked(.openat) {
      wasmrun_openat(rawValue, path, flags.rawValue | O_CLOEXEC | O_NOCTTY, permissions)
    }
    return OwnedDescriptor(FileDescriptor(rawValue: number))
  }

  /// The status of what `path` names, not following a last symbolic link unless asked to. The
  /// corresponding C function is `fstatat`.
  package func status(
    of path: UnsafePointer<CChar>, following isFollowing: Bool = false
  ) throws(Errno) -> FileStatus {
    var status = stat()
    try checked(.fstatat) {
      fstatat(rawValue, path, &status, isFollowing ? 0 : AT_SYMLINK_NOFOLLOW)
    }
    return FileStatus(status)
  }

  /// The corresponding C function is `mkdirat`.
  package func makeDirectory(
    _ path: UnsafePointer<CChar>, permissions: UInt32 = 0o777
  ) throws(Errno) {
    try checked(.mkdirat) { mkdirat(rawValue, path, permissions) }
  }

  /// Removes a name of a file that is no directory. The corresponding C function is `unlinkat`.
  package func unlink(_ path: UnsafePointer<CChar>) throws(Errno) {
    try checked(.unlinkat) { unlinkat(rawValue, path, 0) }
  }

  /// Removes an empty directory. The corresponding C function is `unlinkat` with `AT_REMOVEDIR`.
  package func removeDirectory(_ path: UnsafePointer<CChar>) throws(Errno) {
    try checked(.unlinkat) { unlinkat(rawValue, path, AT_REMOVEDIR) }
  }

  /// Moves a name, replacing what stands at the target. The corresponding C function is `renameat`.
  package func rename(
    _ path: UnsafePointer<CChar>, to directory: FileDescriptor, _ target: UnsafePointer<CChar>
  ) throws(Errno) {
    try checked(.renameat) { renameat(rawValue, path, directory.rawValue, target) }
  }

  /// Moves a name; throws `.fileExists` where something stands at the target. The corresponding C
  /// function is `renameat2` with `RENAME_NOREPLACE`.
  package func renameWithoutReplacing(
    _ path: UnsafePointer<CChar>, to directory: FileDescriptor, _ target: UnsafePointer<CChar>
  ) throws(Errno) {
    try checked(.renameat) {
      wasmrun_rename_without_replacing(rawValue, path, directory.rawValue, target)
    }
  }

  /// Gives a file a second name; a symbolic link is itself linked, not followed. The corresponding
  /// C function is `linkat`.
  package func link(
    _ path: UnsafePointer<CChar>, to directory: FileDescriptor, _ target: UnsafePointer<CChar>
  ) throws(Errno) {
    try checked(.linkat) { linkat(rawValue, path, directory.rawValue, target, 0) }
  }

  /// Makes a symbolic link at `path` that holds `contents`. The corresponding C function is
  /// `symlinkat`.
  package func makeSymbolicLink(
    _ path: UnsafePointer<CChar>, holding contents: UnsafePointer<CChar>
  ) throws(Errno) {
    try checked(.symlinkat) { symlinkat(contents, rawValue, path) }
  }

  /// Copies what a symbolic link holds, cut off at the buffer's end and without a final zero; says
  /// how many bytes. The corresponding C function is `readlinkat`.
  package func readSymbolicLink(
    _ path: UnsafePointer<CChar>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    return try checked(.readlinkat) {
      readlinkat(rawValue, path, start.assumingMemoryBound(to: CChar.self), buffer.count)
    }
  }

  /// What a symbolic link holds, without a final zero.
  package func readSymbolicLink(_ path: UnsafePointer<CChar>) throws(Errno) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(PATH_MAX), alignment: 1)
    defer { buffer.deallocate() }
    let count = try readSymbolicLink(path, into: buffer)
    return Array(buffer[..<count])
  }

  /// Sets the times of what `path` names, a symbolic link's own if it is one. The corresponding C
  /// function is `utimensat`.
  package func setTimes(
    of path: UnsafePointer<CChar>, access: FileTime, modification: FileTime
  ) throws(Errno) {
    try withFileTimes((access.timespec, modification.timespec)) { times throws(Errno) in
      try checked(.utimensat) { utimensat(rawValue, path, times, AT_SYMLINK_NOFOLLOW) }
    }
  }
}
