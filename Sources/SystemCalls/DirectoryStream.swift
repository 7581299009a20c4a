// Reading a directory: each entry once, from any cookie on, in linear time.

import CSystem
import Glibc

/// The entries of a directory, by getdents64(2). Owns its descriptor, whose offset is the place
/// where the kernel goes on.
package struct DirectoryStream: ~Copyable {
  private let directory: OwnedDescriptor
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var position = 0
  /// The cookie of the next entry.
  private var cookie: Int64 = 0
  /// The cookie of the buffer's first entry.
  private var bufferCookie: Int64 = 0

  /// A name and what the directory says about it.
  package struct Entry {
    package let inode: UInt64
    /// nil where the file system does not tell.
    package let kind: FileKind?
    /// Without the final zero, which follows in memory; valid until the stream's next call.
    package let name: UnsafeRawBufferPointer
    /// Where the entry after this one is to be found.
    package let nextCookie: Int64
  }

  /// A stream from the directory's start; `descriptor` must be its own open file.
  package init(_ descriptor: consuming OwnedDescriptor) {
    directory = descriptor
    buffer = .allocate(byteCount: 32 * 1_024, alignment: 8)
  }

  deinit { buffer.deallocate() }

  /// Goes to an entry that an earlier one's `nextCookie` named; 0 is the start. Free where the
  /// stream stands there already.
  package mutating func seek(to cookie: Int64) throws(Errno) {
    guard cookie != self.cookie || cookie == 0 else { return }
    // Entries of the buffer that come again, as after a guest's buffer was full, are found here.
    if cookie != 0, let place = place(of: cookie) {
      position = place
    } else {
      _ = try directory.descriptor.seek(cookie, from: .start)
      filled = 0
      position = 0
    }
    self.cookie = cookie
  }

  /// The next entry; nil at the end.
  package mutating func next() throws(Errno) -> Entry? {
    if position == filled {
      filled = try checked(.getdents) {
        wasmrun_getdents64(directory.descriptor.rawValue, buffer.baseAddress!, buffer.count)
      }
      position = 0
      bufferCookie = cookie
      if filled == 0 { return nil }
    }
    let entry = entry(at: position)
    position += recordByteCount(at: position)
    cookie = entry.nextCookie
    return entry
  }

  // A record is struct linux_dirent64: inode u64, next offset i64, length u16, kind u8, name.

  private func recordByteCount(at place: Int) -> Int {
    Int(buffer.load(fromByteOffset: place + 16, as: UInt16.self))
  }

  private func entry(at place: Int) -> Entry {
    let name = buffer.baseAddress! + place + 19
    return Entry(
      inode: buffer.load(fromByteOffset: place, as: UInt64.self),
      kind: kind(buffer.load(fromByteOffset: place + 18, as: UInt8.self)),
      name: UnsafeRawBufferPointer(
        start: name, count: strlen(name.assumingMemoryBound(to: CChar.self))),
      nextCookie: buffer.load(fromByteOffset: place + 8, as: Int64.self))
  }

  /// Where in the buffer the entry begins that follows the one with this `nextCookie`.
  private func place(of cookie: Int64) -> Int? {
    var place = 0
    if cookie == bufferCookie { return place }
    while place < filled {
      let next = place + recordByteCount(at: place)
      if buffer.load(fromByteOffset: place + 8, as: Int64.self) == cookie { return next }
      place = next
    }
    return nil
  }

  private func kind(_ code: UInt8) -> FileKind? {
    switch Int(code) {
    case Int(DT_REG): .regular
    case Int(DT_DIR): .directory
    case Int(DT_LNK): .symbolicLink
    case Int(DT_CHR): .characterDevice
    case Int(DT_BLK): .blockDevice
    case Int(DT_FIFO): .pipe
    case Int(DT_SOCK): .socket
    default: nil
    }
  }
}
