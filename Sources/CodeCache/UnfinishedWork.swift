// What an optimising compiler has made of a module so far: a file beside the entries, which becomes
// an entry when it holds a whole image.
//
// The compiler gets the open file and nothing else of the cache, so that the folder stays out of its
// reach. Whoever finds a whole image in the file, at some later start, checks it and gives it the
// entry's name.

import CompilerInterface
package import SystemCalls

extension CodeCache {
  /// The end of such files' names.
  static let unfinishedSuffix = ".work"

  /// What there is of a key's work.
  package enum Work: ~Copyable {
    /// Locked for the caller, and for those who inherit the descriptor.
    case unfinished(OwnedDescriptor)
    /// It was whole, and is the key's entry now.
    case finished
    /// Somebody else is at work.
    case busy
  }

  /// Opens the file of `key`'s unfinished work, which is made where it is missing.
  package func work(_ key: CacheKey) throws(CacheFailure) -> Work {
    let name = key.workName
    let folder = folder.descriptor
    let file = try attempt("open '\(name)'") { () throws(Errno) in
      try folder.open(
        name, [.readWrite, .create, .noFollow, .nonBlocking], permissions: 0o600)
    }
    let status = try attempt("examine '\(name)'") { () throws(Errno) in
      try file.descriptor.status()
    }
    let doubt = status.kind == .regular ? distrust(status) : "it is no regular file"
    if let doubt {
      try? folder.unlink(name)
      throw .notTrusted(what: "the file of unfinished work", why: doubt)
    }
    do throws(Errno) {
      try file.descriptor.lock(exclusive: true, blocking: false)
    } catch {
      return .busy
    }
    guard isWhole(file.descriptor, Int(status.byteCount), key) else { return .unfinished(file) }
    try attempt("keep '\(name)'") { () throws(Errno) in
      try file.descriptor.setPermissions(0o400)
      try file.descriptor.synchronize()
      try folder.rename(name, to: folder, key.entryName)
    }
    makeRoom(keeping: key.entryName)
    return .finished
  }

  /// Whether `file` holds a sound image of `key`, its code included.
  private func isWhole(_ file: FileDescriptor, _ byteCount: Int, _ key: CacheKey) -> Bool {
    guard byteCount >= CodeImageHeader.byteCount, (try? key.check(file)) != nil,
      let memory = try? VirtualMemory(mapping: file, byteCount: byteCount)
    else { return false }
    let bytes = UnsafeRawBufferPointer(start: memory.start, count: byteCount)
    let isSound = (try? CodeImageView(bytes).verifyText()) != nil
    _ = consume memory
    return isSound
  }
}

extension CacheKey {
  /// The name of the file of unfinished work.
  package var workName: String {
    String(entryName.dropLast(CacheEntryKind.image.rawValue.count)) + CodeCache.unfinishedSuffix
  }
}
