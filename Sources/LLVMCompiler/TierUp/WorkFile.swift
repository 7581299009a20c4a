// What has been compiled so far, kept for the next run of the same module.
//
// The file is: a header of 96 bytes, then an entry an object: u32 byte count, u32 zero, u64 checksum,
// the object. An entry that was cut off, and whatever is behind it, counts for nothing. In the end
// the image of all functions takes the file's whole content's place.

internal import CompilerInterface
internal import Synchronization
internal import SystemCalls

/// The file of unfinished work. Failures to write are not told: the program that runs has nothing to
/// lose by them, and the next run starts from what was written.
final class WorkFile: Sendable {
  static let magic: UInt64 = 0x4B_52_4F_57_4D_53_41_57  // "WASMWORK"
  static let formatVersion: UInt32 = 1
  static let headerByteCount = 96
  static let entryHeaderByteCount = 16
  /// A larger file is none of ours.
  private static let byteLimit = 1 << 30

  private struct State {
    /// What the file held at first, until it is taken.
    var restored: [LinkableObject]
    /// Where the next entry goes; nil when nothing is written any more.
    var end: Int64?
  }

  private let file: FileDescriptor
  private let state: Mutex<State>

  /// The bytes of `file`; none where it cannot be read.
  static func content(of file: FileDescriptor) -> [UInt8] {
    guard let byteCount = try? file.status().byteCount, byteCount > 0, byteCount <= byteLimit else {
      return []
    }
    var bytes = [UInt8](repeating: 0, count: Int(byteCount))
    let count = bytes.withUnsafeMutableBytes { (try? file.readAll(into: $0, at: 0)) ?? 0 }
    return Array(bytes.prefix(count))
  }

  /// Goes on with `file`, whose bytes are `content`: behind the last whole entry, or anew if it is
  /// not this program's.
  init(_ file: FileDescriptor, _ identity: ImageIdentity, _ content: [UInt8]) {
    self.file = file
    let header = Self.header(identity)
    guard content.starts(with: header) else {
      state = Mutex(State(restored: [], end: Self.begin(file, header)))
      return
    }
    let (objects, end) = content.withUnsafeBytes { Self.read($0) }
    let canGoOn = (try? file.truncate(to: Int64(end))) != nil
    state = Mutex(State(restored: objects, end: canGoOn ? Int64(end) : nil))
  }

  private static func begin(_ file: FileDescriptor, _ header: [UInt8]) -> Int64? {
    do throws(Errno) {
      try file.truncate(to: 0)
      try write(header, to: file, at: 0)
      return Int64(header.count)
    } catch {
      return nil
    }
  }

  private static func header(_ identity: ImageIdentity) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(magic)
    bytes.append(formatVersion)
    bytes.append(CallingConvention.abiVersion)
    for hash in [identity.moduleHash, identity.compilerBuild] {
      for word in [hash.words.0, hash.words.1, hash.words.2, hash.words.3] { bytes.append(word) }
    }
    bytes.append(identity.options.fingerprint)
    bytes.append(bytes.withUnsafeBytes { checksum($0) })
    return bytes
  }

  /// The objects of all whole entries, and where the last one ends.
  private static func read(_ file: UnsafeRawBufferPointer) -> ([LinkableObject], end: Int) {
    var objects: [LinkableObject] = []
    var end = headerByteCount
    while file.count - end >= entryHeaderByteCount {
      let byteCount = Int(file.loadUnaligned(fromByteOffset: end, as: UInt32.self))
      let stored = file.loadUnaligned(fromByteOffset: end + 8, as: UInt64.self)
      let start = end + entryHeaderByteCount
      guard byteCount <= file.count - start else { break }
      let entry = UnsafeRawBufferPointer(rebasing: file[start..<start + byteCount])
      guard checksum(entry) == stored, let object = LinkableObject(coded: entry) else { break }
      objects.append(object)
      end = start + byteCount
    }
    return (objects, end)
  }

  /// The objects that the file held at first; none from the second call on.
  func takeObjects() -> [LinkableObject] {
    state.withLock { state in
      defer { state.restored = [] }
      return state.restored
    }
  }

  /// Adds an object.
  func append(_ object: LinkableObject) {
    let content = object.coded()
    guard let byteCount = UInt32(exactly: content.count) else { return }
    var entry: [UInt8] = []
    entry.append(byteCount)
    entry.append(UInt32(0))
    entry.append(content.withUnsafeBytes { checksum($0) })
    entry += content
    state.withLock { state in
      guard let end = state.end else { return }
      do throws(Errno) {
        try Self.write(entry, to: file, at: end)
        state.end = end + Int64(entry.count)
      } catch {
        // No space, for one. What is there stays whole.
        try? file.truncate(to: end)
        state.end = nil
      }
    }
  }

  /// Leaves `image` in place of all else. Its header is written last, so that a file which is not
  /// finished is no image; if it cannot be finished, it is left empty.
  func replace(with image: [UInt8]) {
    state.withLock { state in
      state.end = nil
      do throws(Errno) {
        try file.truncate(to: 0)
        let header = CodeImageHeader.byteCount
        try Self.write(Array(image[header...]), to: file, at: Int64(header))
        try Self.write(Array(image[..<header]), to: file, at: 0)
      } catch {
        try? file.truncate(to: 0)
      }
    }
  }

  private static func write(
    _ bytes: [UInt8], to file: FileDescriptor, at offset: Int64
  ) throws(Errno) {
    // The closure's own error type is lost on the way through the standard library.
    let failure: Errno? = bytes.withUnsafeBytes { buffer in
      do throws(Errno) {
        try file.writeAll(buffer, at: offset)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}
