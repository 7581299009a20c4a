// Putting an image into the cache: written aside, synchronised, renamed into place.

import SystemCalls

extension CodeCache {
  /// Keeps `image`, a whole image of `key`, for later runs. On an error nothing is left behind and
  /// an entry that was there before is untouched. What was not used for longest makes room.
  package func insert(
    _ image: UnsafeRawBufferPointer, for key: CacheKey, _ kind: CacheEntryKind = .image
  ) throws(CacheFailure) {
    try insert(image, named: key.entryName(kind))
  }

  /// Without synchronizing, a machine that stops may leave an entry that is not what was written.
  func insert(
    _ content: UnsafeRawBufferPointer, named name: String, synchronizing: Bool = true
  ) throws(CacheFailure) {
    guard UInt64(content.count) <= byteLimit else {
      throw .tooLarge(byteCount: content.count, limit: byteLimit)
    }
    writeTag()
    try put(content, name, permissions: 0o400, synchronizing: synchronizing)
    makeRoom(keeping: name)
  }

  func insert(
    _ content: [UInt8], named name: String, synchronizing: Bool = true
  ) throws(CacheFailure) {
    let result = content.withUnsafeBytes { bytes -> Result<Void, CacheFailure> in
      do throws(CacheFailure) {
        return .success(try insert(bytes, named: name, synchronizing: synchronizing))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Gives the folder its marker, if it lacks it. Nothing depends on it.
  private func writeTag() {
    if (try? folder.descriptor.status(of: Self.tagName)) != nil { return }
    let content = UnsafeRawBufferPointer(
      start: Self.tagContent.utf8Start, count: Self.tagContent.utf8CodeUnitCount)
    try? put(content, Self.tagName, permissions: 0o600)
  }

  private func put(
    _ content: UnsafeRawBufferPointer, _ name: String, permissions: UInt32,
    synchronizing: Bool = true
  ) throws(CacheFailure) {
    let number = String(UInt64.random(in: 0 ... .max), radix: 16)
    let temporary = "\(name).\(number)\(Self.temporarySuffix)"
    let folder = folder.descriptor
    do throws(CacheFailure) {
      try attempt("write to the folder") { () throws(Errno) in
        let file = try folder.open(
          temporary, [.writeOnly, .create, .exclusive, .noFollow], permissions: 0o600)
        try file.descriptor.writeAll(content)
        try file.descriptor.setPermissions(permissions)
        if synchronizing { try file.descriptor.synchronize() }
        try file.close()
        try folder.rename(temporary, to: folder, name)
        if synchronizing { try folder.synchronize() }
      }
    } catch {
      try? folder.unlink(temporary)
      throw error
    }
  }
}
