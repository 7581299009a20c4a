// Looking at the whole cache: listing, verifying, clearing.

package import CompilerInterface
import SystemCalls

extension CodeCache {
  static let temporarySuffix = ".temporary"
  /// Nanoseconds after which a file that some process was writing counts as abandoned.
  private static let abandonedAge: Int64 = 3_600 * 1_000_000_000

  /// An entry as the folder shows it.
  package struct Listed {
    package let name: String
    package let byteCount: Int64
    /// Nanoseconds since 1970.
    package let modificationTime: Int64
  }

  /// All entries, whatever is in them, sorted by name.
  package func entries() throws(CacheFailure) -> [Listed] {
    try names().filter { $0.hasSuffix(CacheEntry.suffix) }.compactMap { name in
      guard let status = try? folder.descriptor.status(of: name) else { return nil }
      return Listed(
        name: name, byteCount: status.byteCount, modificationTime: status.modificationTime)
    }
  }

  /// The header of the entry called `name`; nil where it has gone meanwhile.
  package func header(of name: String) throws(CacheFailure) -> CodeImageHeader? {
    guard let entry = try CacheEntry.open(name, in: folder.descriptor) else { return nil }
    return entry.header
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

  /// Removes all entries and whatever was left half-written; says how many entries there were.
  package func clear() throws(CacheFailure) -> Int {
    var count = 0
    for name in try names() {
      guard name.hasSuffix(CacheEntry.suffix) || name.hasSuffix(Self.temporarySuffix) else {
        continue
      }
      try remove(named: name)
      if name.hasSuffix(CacheEntry.suffix) { count += 1 }
    }
    return count
  }

  /// Removes what processes that were interrupted have left half-written. Called when a file has
  /// just been put into the folder, whose own time is then the present by the file system's clock.
  func removeAbandonedFiles() {
    guard let names = try? names(),
      let now = try? folder.descriptor.status().modificationTime
    else { return }
    for name in names where name.hasSuffix(Self.temporarySuffix) {
      guard let status = try? folder.descriptor.status(of: name),
        now - status.modificationTime > Self.abandonedAge
      else { continue }
      try? folder.descriptor.unlink(name)
    }
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
