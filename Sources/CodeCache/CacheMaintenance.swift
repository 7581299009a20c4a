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

  /// Which module the entry called `name` is of, by its header; nil where it has gone meanwhile.
  package func moduleHash(of name: String) throws(CacheFailure) -> Hash256? {
    guard let entry = try CacheEntry.open(name, in: folder.descriptor) else { return nil }
    return entry.header.moduleHash
  }

  /// Reads the entry called `name` whole and checks all of it, the text too. An entry that has gone
  /// meanwhile is not wrong.
  package func verify(_ name: String) throws(CacheFailure) {
    guard let entry = try CacheEntry.open(name, in: folder.descriptor) else { return }
    guard name == CacheKey.entryName(of: entry.header) else { throw .image(CacheKey.mismatch) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: entry.byteCount, alignment: 8)
    defer { buffer.deallocate() }
    let count = try attempt("read the entry") { () throws(Errno) in
      try entry.file.descriptor.readAll(into: buffer, at: 0)
    }
    do throws(CodeImageError) {
      let view = try CodeImageView(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      try view.verifyText()
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
