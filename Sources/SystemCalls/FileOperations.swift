// Calls on an open file.

import CSystem
import Glibc

extension FileDescriptor {
  /// Reads up to `buffer.count` bytes at the file's offset; 0 at the end. The corresponding C
  /// function is `read`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try checked(.read) { Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
  }

  /// Writes up to `buffer.count` bytes at the file's offset; says how many. The corresponding C
  /// function is `write`.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(Errno) -> Int {
    try checked(.write) { Glibc.write(rawValue, buffer.baseAddress, buffer.count) }
  }

  /// Reads `buffer.count` bytes from `offset` on, fewer only at the file's end; says how many. The
  /// corresponding C function is `pread`.
  package func readAll(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
  ) throws(Errno) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try checked(.read) {
        pread(rawValue, buffer.baseAddress! + done, buffer.count - done, Int(offset) + done)
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Writes all of `buffer` at the file's offset.
  package func writeAll(_ buffer: UnsafeRawBufferPointer) throws(Errno) {
    var rest = buffer[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(try write(UnsafeRawBufferPointer(rebasing: rest)))
    }
  }

  /// Writes all of `buffer` from `offset` on; the file's own offset stays. The corresponding C
  /// function is `pwrite`.
  package func writeAll(_ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(Errno) {
    var done = 0
    while done < buffer.count {
      done += try checked(.write) {
        pwrite(rawValue, buffer.baseAddress! + done, buffer.count - done, Int(offset) + done)
      }
    }
  }

  /// Moves the file's offset; says where it is then. The corresponding C function is `lseek`.
  package func seek(_ offset: Int64, from origin: SeekOrigin) throws(Errno) -> Int64 {
    Int64(try checked(.lseek) { lseek(rawValue, Int(offset), origin.rawValue) })
  }

  /// What a seek's offset counts from.
  package enum SeekOrigin: Sendable {
    case start
    case current
    case end

    var rawValue: Int32 {
      switch self {
      case .start: SEEK_SET
      case .current: SEEK_CUR
      case .end: SEEK_END
      }
    }
  }

  /// The corresponding C function is `fstat`.
  package func status() throws(Errno) -> FileStatus {
    var status = stat()
    try checked(.fstat) { wasmrun_fstat(rawValue, &status) }
    return FileStatus(status)
  }

  /// Bytes that can be read without waiting. The corresponding C function is `ioctl` with
  /// `FIONREAD`.
  package func readableByteCount() throws(Errno) -> Int {
    var byteCount: Int32 = 0
    try checked(.ioctl) { wasmrun_readable_byte_count(rawValue, &byteCount) }
    return Int(byteCount)
  }

  /// The magic number of the file system that the file is on. The corresponding C function is
  /// `fstatfs`.
  package func fileSystemMagic() throws(Errno) -> Int64 {
    try checked(.fstatfs) { wasmrun_file_system_magic(rawValue) }
  }

  /// Sets the file's length: cut off, or filled with zeros. The corresponding C function is
  /// `ftruncate`.
  package func truncate(to byteCount: Int64) throws(Errno) {
    try checked(.ftruncate) { ftruncate(rawValue, Int(byteCount)) }
  }

  /// Reserves space for a range and lets the file grow to hold it. The corresponding C function is
  /// `fallocate`.
  package func allocate(offset: Int64, byteCount: Int64) throws(Errno) {
    try checked(.fallocate) { wasmrun_fallocate(rawValue, offset, byteCount) }
  }

  /// Waits until data and metadata are on the disk. The corresponding C function is `fsync`.
  package func synchronize() throws(Errno) {
    try checked(.fsync) { fsync(rawValue) }
  }

  /// Waits until the data is on the disk. The corresponding C function is `fdatasync`.
  package func synchronizeData() throws(Errno) {
    try checked(.fdatasync) { fdatasync(rawValue) }
  }

  /// Sets the permission bits. The corresponding C function is `fchmod`.
  package func setPermissions(_ permissions: UInt32) throws(Errno) {
    try checked(.fchmod) { fchmod(rawValue, permissions) }
  }

  /// Takes the file's advisory lock, which all descriptors of this open file share; throws
  /// `.wouldBlock` where another holds it and `isBlocking` is false. The corresponding C function
  /// is `flock`.
  package func lock(exclusive isExclusive: Bool, blocking isBlocking: Bool) throws(Errno) {
    let operation = (isExclusive ? LOCK_EX : LOCK_SH) | (isBlocking ? 0 : LOCK_NB)
    try checked(.flock) { flock(rawValue, operation) }
  }

  /// Gives the advisory lock back.
  package func unlock() throws(Errno) {
    try checked(.flock) { flock(rawValue, LOCK_UN) }
  }

  /// Tells the kernel what use of a range is coming. The corresponding C function is
  /// `posix_fadvise`, which returns its error.
  package func advise(offset: Int64, byteCount: Int64, _ advice: Advice) throws(Errno) {
    if let error = FaultInjection.fault(of: .posixFadvise) { throw error }
    let error = posix_fadvise(rawValue, Int(offset), Int(byteCount), advice.rawValue)
    if error != 0 { throw Errno(rawValue: error) }
  }

  /// What use of a file's data is coming.
  package enum Advice: Sendable {
    case normal, sequential, random, willNeed, dontNeed, noReuse

    var rawValue: Int32 {
      switch self {
      case .normal: POSIX_FADV_NORMAL
      case .sequential: POSIX_FADV_SEQUENTIAL
      case .random: POSIX_FADV_RANDOM
      case .willNeed: POSIX_FADV_WILLNEED
      case .dontNeed: POSIX_FADV_DONTNEED
      case .noReuse: POSIX_FADV_NOREUSE
      }
    }
  }

  /// The flags of the open file (access mode, append, non-blocking, …). The corresponding C
  /// function is `fcntl` with `F_GETFL`.
  package func statusFlags() throws(Errno) -> OpenFlags {
    OpenFlags(rawValue: try fcntl(F_GETFL, 0))
  }

  /// Changes the flags that can change: append and non-blocking among them. The corresponding C
  /// function is `fcntl` with `F_SETFL`.
  package func setStatusFlags(_ flags: OpenFlags) throws(Errno) {
    _ = try fcntl(F_SETFL, flags.rawValue)
  }

  func fcntl(_ command: Int32, _ argument: Int32) throws(Errno) -> Int32 {
    try checked(.fcntl) { wasmrun_fcntl(rawValue, command, argument) }
  }

  /// Sets access and modification time. The corresponding C function is `futimens`.
  package func setTimes(access: FileTime, modification: FileTime) throws(Errno) {
    let times = (access.timespec, modification.timespec)
    try withFileTimes(times) { times throws(Errno) in
      try checked(.futimens) { futimens(rawValue, times) }
    }
  }

  /// Sets the times of the file that the descriptor names, which `.path` may have opened. The
  /// corresponding C function is `utimensat` with `AT_EMPTY_PATH`.
  package func setTimesOfPath(access: FileTime, modification: FileTime) throws(Errno) {
    try withFileTimes((access.timespec, modification.timespec)) { times throws(Errno) in
      try checked(.utimensat) { utimensat(rawValue, "", times, wasmrun_at_empty_path) }
    }
  }

  /// A new pipe's ends.
  package static func pipe() throws(Errno) -> Pipe {
    var ends: (Int32, Int32) = (-1, -1)
    try checked(.pipe) {
      withUnsafeMutableBytes(of: &ends) {
        wasmrun_pipe($0.baseAddress!.assumingMemoryBound(to: Int32.self))
      }
    }
    return Pipe(
      reading: OwnedDescriptor(FileDescriptor(rawValue: ends.0)),
      writing: OwnedDescriptor(FileDescriptor(rawValue: ends.1)))
  }
}

/// The two ends of a pipe.
package struct Pipe: ~Copyable, Sendable {
  package let reading: OwnedDescriptor
  package let writing: OwnedDescriptor
}

extension OwnedDescriptor {
  /// All that the file holds from its offset on; throws `.fileTooLarge` where that is more than
  /// `limit` bytes.
  package func contents(limit: Int) throws(Errno) -> [UInt8] {
    var contents: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try descriptor.read(into: buffer)
      if count == 0 { return contents }
      guard contents.count + count <= limit else { throw .fileTooLarge }
      contents += buffer[..<count]
    }
  }
}
