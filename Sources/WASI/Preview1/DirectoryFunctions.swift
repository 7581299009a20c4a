// fd_readdir: a directory's entries, resumable at any of them.

internal import SystemCalls

extension Preview1 {
  static func fdReaddir(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let entries = try call.context.table.pointee.entries(of: call.i32(0))
      let buffer = try call.bytes(1)
      let byteCount = try call.result(4, as: UInt32.self)
      try entries.stream.seek(to: try call.offset(3))
      byteCount.store(UInt32(try entries.fill(buffer)))
    }
  }
}

extension DirectoryEntries {
  /// Bytes of a `dirent` before its name.
  private static let headerByteCount = 24

  /// Stores entries until the buffer is full, the last one cut off where it ends; says how many
  /// bytes, fewer than the buffer has only at the directory's end. WASI preview1 `dirent`.
  fileprivate func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    var filled = 0
    while filled < buffer.count, let entry = try stream.next() {
      var header: (UInt64, UInt64, UInt32, UInt32) = (
        UInt64(bitPattern: entry.nextCookie), entry.inode, UInt32(entry.name.count),
        UInt32(FileType.number(of: entry.kind))
      )
      // The parent may be outside of what was granted: its inode is nobody's business.
      if entry.name.elementsEqual("..".utf8) { header.1 = inode }
      withUnsafeBytes(of: &header) { filled += Self.copy($0, to: buffer, at: filled) }
      filled += Self.copy(entry.name, to: buffer, at: filled)
    }
    return filled
  }

  /// Copies as much as there is room for; says how many bytes.
  private static func copy(
    _ bytes: UnsafeRawBufferPointer, to buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) -> Int {
    let count = min(bytes.count, buffer.count - offset)
    UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    return count
  }
}
