// Looking at the whole cache: listing, verifying, clearing.

package import CompilerInterface
import SystemCalls

extension CodeCache {
  static let temporarySuffix = ".temporary"

  /// A file of ours as the folder shows it.
  package struct Listed: Sendable {
    package let name: String
    package let kind: Kind
    package let byteCount: Int64
    /// When it was put there or last used, whichever is later, within an hour: nanoseconds since
    /// 1970.
    package let lastUse: Int64
    let identity: FileIdentity

    /// What it takes of the disk.
    package var blockByteCount: UInt64 { (UInt64(max(byteCount, 0)) + 4_095) & ~4_095 }
  }

  /// What a file in the folder is.
  package enum Kind: Hashable, Sendable {
    case entry(CacheEntryKind)
    /// Being written, or left by who was interrupted.
    case temporary

    package var isEntry: Bool { self != .temporary }
  }

  /// All entries, whatever is in them, sorted by name.
  package func entries() throws(CacheFailure) -> [Listed] {
    try files().filter(\.kind.isEntry)
  }

  /// All files that are ours but the marker, sorted by name.
  package func files() throws(CacheFailure) -> [Listed] {
    try names().compactMap { name in
      let kind: Kind
      if name.hasSuffix(Self.temporarySuffix) {
        kind = .temporary
      } else if let entry = CacheEntryKind(name: name) {
        kind = .entry(entry)
      } else {
        return nil
      }
      guard let status = try? folder.descriptor.status(of: name) else { return nil }
      return Listed(
        name: name, kind: kind, byteCount: status.byteCount, lastUse: status.modificationTime,
        identity: status.identity)
    }
  }

  /// Which module the entry called `name` is of, by its header, which must be sound; nil where it has
  /// gone meanwhile.
  package func moduleHash(of name: String) throws(CacheFailure) -> Hash256? {
    switch CacheEntryKind(name: name) {
    case .image, nil:
      return try CacheEntry.open(name, in: folder.descriptor)?.header.moduleHash
    case .module:
      return try withContent(of: name, atMost: ModuleImageHeader.byteCount) {
        bytes, byteCount throws(CodeImageError) in
        try ModuleImageHeader(bytes, fileByteCount: byteCount).moduleHash
      }
    case .index:
      return try withContent(of: name) { bytes, _ throws(CodeImageError) in
        guard let hash = ModuleRecord.check(bytes) else { throw .damaged("index") }
        return hash
      }
    }
  }

  /// Reads the entry called `name` whole and checks all of it, the text too. An entry that has gone
  /// meanwhile is not wrong.
  package func verify(_ name: String) throws(CacheFailure) {
    let hash = try moduleHash(of: name)
    switch CacheEntryKind(name: name) {
    case .image, nil:
      try withContent(of: name) { bytes, _ throws(CodeImageError) in
        let view = try CodeImageView(bytes)
        guard name == CacheKey.entryName(of: view.header) else { throw CacheKey.mismatch }
        try view.verifyText()
      }
    case .module:
      try withContent(of: name) { bytes, byteCount throws(CodeImageError) in
        try ModuleImageView(bytes, fileByteCount: byteCount).verify()
        if let hash, name != Self.entryName(ofModule: hash) { throw CacheKey.mismatch }
      }
    case .index: break
    }
  }

  /// Shows `body` an entry's first bytes, and how many it has; nil where it is not there.
  @discardableResult
  private func withContent<Result>(
    of name: String, atMost limit: Int = .max,
    _ body: (UnsafeRawBufferPointer, Int) throws(CodeImageError) -> Result
  ) throws(CacheFailure) -> Result? {
    guard let trusted = try TrustedFile.open(name, in: folder.descriptor) else { return nil }
    let byteCount = Int(trusted.status.byteCount)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(limit, byteCount), alignment: 8)
    defer { buffer.deallocate() }
    let count = try attempt("read the entry") { () throws(Errno) in
      try trusted.file.descriptor.readAll(into: buffer, at: 0)
    }
    do throws(CodeImageError) {
      return try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]), byteCount)
    } catch {
      throw .image(error)
    }
  }

  /// Removes the entry called `name`.
  package func remove(named name: String) throws(CacheFailure) {
    do {
      try folder.descriptor.unlink(name)
    } catch .noSuchFileOrDirectory {
      return
    } catch {
      throw .system(doing: "remove '\(name)'", error)
    }
  }

  /// Removes all entries and whatever was left half-written.
  package func clear() throws(CacheFailure) -> Removal {
    var removal = Removal()
    for file in try files() {
      try remove(named: file.name)
      removal.fileCount += file.kind.isEntry ? 1 : 0
      removal.byteCount += file.blockByteCount
    }
    return removal
  }

  private func names() throws(CacheFailure) -> [String] {
    try attempt("read the folder") { () throws(Errno) in
      var stream = DirectoryStream(
        try folder.descriptor.open(".", [.readOnly, .directory]))
      var names: [String] = []
      while let entry = try stream.next() {
        names.append(String(decoding: entry.name, as: UTF8.self))
      }
      return names.sorted()
    }
  }
}
