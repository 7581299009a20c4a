// Finished images, kept between runs: found by key, put in place by renaming.

package import SystemCalls

/// An open cache folder.
///
/// A key may have entries of several kinds (`CacheEntryKind`); what is said of images here goes for
/// all.
///
/// Any number of processes may use it at once without locks: an entry appears whole, by a rename,
/// and is never changed; two that make the same entry replace it by an equal one. A reader keeps
/// what it has opened, whatever happens to the name.
package struct CodeCache: ~Copyable, Sendable {
  let folder: OwnedDescriptor
  package let path: OSString
  /// Bytes that all of its files may have together.
  package let byteLimit: UInt64

  package static let standardByteLimit: UInt64 = 1 << 30

  /// What a lookup finds.
  package enum Lookup: ~Copyable {
    case hit(CacheEntry)
    case miss
    /// There was an entry, but it could not be used; it is removed.
    case refused(CacheFailure)
  }

  /// Opens the folder. Where there is none it is made, with mode 0700, if `isCreating`; otherwise
  /// the result is nil.
  package static func open(
    _ location: CacheLocation, creating isCreating: Bool,
    byteLimit: UInt64 = standardByteLimit
  ) throws(CacheFailure) -> CodeCache? {
    let path = location.path
    if isCreating { try make(location) }
    let opened = try openIfPresent(
      path.cString, in: .currentDirectory, [.readOnly, .directory], doing: "open '\(path)'")
    guard let folder = opened else { return nil }
    let status = try attempt("examine the folder") { () throws(Errno) in
      try folder.descriptor.status()
    }
    if let reason = distrust(status) { throw .notTrusted(what: "the folder", why: reason) }
    return CodeCache(folder: folder, path: path, byteLimit: byteLimit)
  }

  /// Makes the folder and the one above it, as far as they are missing.
  private static func make(_ location: CacheLocation) throws(CacheFailure) {
    for path in [location.parent, location.path] {
      do {
        try FileDescriptor.currentDirectory.makeDirectory(path.cString, permissions: 0o700)
      } catch .fileExists {
        continue
      } catch {
        throw .system(doing: "make '\(path)'", error)
      }
    }
  }

  /// Looks for the image of `key`. Whatever is found under its name but is stale, cut off, altered
  /// in its header or not trusted is removed.
  package func lookup(_ key: CacheKey, _ kind: CacheEntryKind = .image) -> Lookup {
    do throws(CacheFailure) {
      guard let entry = try CacheEntry.open(key.entryName(kind), in: folder.descriptor) else {
        return .miss
      }
      try key.check(entry.header)
      noteUse(entry.file.descriptor, entry.status)
      return .hit(entry)
    } catch {
      remove(key, kind)
      return .refused(error)
    }
  }

  /// Removes the entry of `key`, for example one whose metadata proved to be damaged. It does not
  /// matter if that fails: a new entry takes the name over.
  package func remove(_ key: CacheKey, _ kind: CacheEntryKind = .image) {
    try? folder.descriptor.unlink(key.entryName(kind))
  }

  /// The marker that backup programs look for (https://bford.info/cachedir/).
  static let tagName = "CACHEDIR.TAG"
  static let tagContent: StaticString = """
    Signature: 8a477f597d28d172789f06886806bc55
    # This folder holds code that wasmrun has compiled; it can be deleted at any time.

    """
}
