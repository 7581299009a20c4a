// One image in the cache: opened only if nobody else can have made or changed it.

package import CompilerInterface
package import SystemCalls

/// An entry that was opened; its header is sound, and metadata and text are yet to be checked.
package struct CacheEntry: ~Copyable, Sendable {
  package let file: OwnedDescriptor
  package let header: CodeImageHeader
  let status: FileStatus

  package var byteCount: Int { Int(status.byteCount) }

  /// Opens `name` in `folder`; nil where there is none.
  static func open(
    _ name: String, in folder: FileDescriptor
  ) throws(CacheFailure) -> CacheEntry? {
    guard let trusted = try TrustedFile.open(name, in: folder) else { return nil }
    let status = trusted.status
    let header = try readHeader(
      of: trusted.file.descriptor, fileByteCount: Int(status.byteCount))
    return CacheEntry(file: trusted.takeFile(), header: header, status: status)
  }
}

/// A file of the cache's that was opened, whatever is in it.
struct TrustedFile: ~Copyable {
  let file: OwnedDescriptor
  let status: FileStatus

  /// Opens `name` in `folder`; nil where there is none.
  static func open(
    _ name: String, in folder: FileDescriptor
  ) throws(CacheFailure) -> TrustedFile? {
    // Non-blocking, so that a pipe of that name cannot stop us.
    let opened = try openIfPresent(
      name, in: folder, [.readOnly, .noFollow, .nonBlocking], doing: "open the entry")
    guard let file = opened else { return nil }
    let status = try attempt("examine the entry") { () throws(Errno) in
      try file.descriptor.status()
    }
    guard status.kind == .regular else {
      throw .notTrusted(what: "the entry", why: "it is no regular file")
    }
    if let reason = distrust(status) { throw .notTrusted(what: "the entry", why: reason) }
    return TrustedFile(file: file, status: status)
  }

  consuming func takeFile() -> OwnedDescriptor { file }
}

/// Notes that an entry, open as `file`, is used now, in its time of last modification. Nothing else
/// changes that, as entries are never written to, while the time of last access changes or not as
/// the file system is mounted. Once an hour is enough; where it fails the entry only looks older.
func noteUse(_ file: FileDescriptor, _ status: FileStatus) {
  let interval: Int64 = 3_600 * 1_000_000_000
  guard let now = try? Clock.realtime.now(),
    Int64(clamping: now) - status.modificationTime > interval
  else { return }
  try? file.setTimes(access: .unchanged, modification: .now)
}

/// Reads and checks the header of an image of `fileByteCount` bytes.
func readHeader(
  of file: FileDescriptor, fileByteCount: Int
) throws(CacheFailure) -> CodeImageHeader {
  let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CodeImageHeader.byteCount, alignment: 8)
  defer { buffer.deallocate() }
  let count = try attempt("read the image") { () throws(Errno) in
    try file.readAll(into: buffer, at: 0)
  }
  do throws(CodeImageError) {
    return try CodeImageHeader(
      UnsafeRawBufferPointer(rebasing: buffer[..<count]), fileByteCount: fileByteCount)
  } catch {
    throw .image(error)
  }
}

/// Why somebody else than this process's user could have changed a file; nil where nobody could.
func distrust(_ status: FileStatus) -> String? {
  if status.userID != ProcessEnvironment.effectiveUserID { return "another user owns it" }
  if status.permissions & 0o022 != 0 { return "others may write to it" }
  return nil
}
