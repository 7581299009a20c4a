// Which module a file held when it was last read: so that a file that has not changed since need not
// be read to know its hash.

package import CompilerInterface
package import SystemCalls

extension CodeCache {
  /// The SHA-256 of the module in the file with `status`, as `noteModule` was told of it; nil where
  /// that is not known, or the file has changed since.
  ///
  /// Whoever owns the file can defeat this by setting the machine's clock back, and a writer that has
  /// it mapped by changing a page again before the kernel has written that back.
  package func moduleHash(ofFileWith status: FileStatus) -> Hash256? {
    let record = ModuleRecord(status)
    guard
      let trusted = try? TrustedFile.open(record.entryName, in: folder.descriptor),
      trusted.status.byteCount == Int64(ModuleRecord.byteCount)
    else { return nil }
    let hash = withUnsafeTemporaryAllocation(
      byteCount: ModuleRecord.byteCount, alignment: 8
    ) { buffer -> Hash256? in
      guard let count = try? trusted.file.descriptor.readAll(into: buffer, at: 0),
        count == buffer.count
      else { return nil }
      return record.hash(in: UnsafeRawBufferPointer(buffer))
    }
    if hash != nil { noteUse(trusted.file.descriptor, trusted.status) }
    return hash
  }

  /// Notes that the file with `status`, which it had before and after it was read, holds the module
  /// with `hash`. Does nothing for a file that changed so lately that it could change again without
  /// another time: time stamps are coarse.
  package func noteModule(
    _ hash: Hash256, ofFileWith status: FileStatus
  ) throws(CacheFailure) {
    guard Self.isSettled(status) else { return }
    let record = ModuleRecord(status)
    try insert(record.encoded(hash), named: record.entryName, synchronizing: false)
  }

  /// Whether a change of the file from now on would show in its times.
  package static func isSettled(_ status: FileStatus) -> Bool {
    guard status.kind == .regular, let now = try? Clock.realtime.now() else { return false }
    // The coarsest time stamps, those of FAT, have steps of 2 s.
    return Int64(clamping: now) - max(status.modificationTime, status.changeTime) >= 2_000_000_000
  }
}

/// What is known of a module's file. The entry is named by device and inode, so that a file that
/// changes replaces what was noted of it.
struct ModuleRecord {
  static let byteCount = 96
  private static let magic: UInt64 = 0x49_4E_55_52_4D_53_41_57  // "WASMRUNI"
  private static let formatVersion: UInt64 = 1

  private let device: UInt64
  private let inode: UInt64
  private let size: UInt64
  private let modificationTime: UInt64
  private let changeTime: UInt64

  init(_ status: FileStatus) {
    device = status.device
    inode = status.inode
    size = UInt64(bitPattern: status.byteCount)
    modificationTime = UInt64(bitPattern: status.modificationTime)
    changeTime = UInt64(bitPattern: status.changeTime)
  }

  var entryName: String {
    "\(String(device, radix: 16))-\(String(inode, radix: 16))\(CacheEntryKind.index.rawValue)"
  }

  private var words: [UInt64] {
    [Self.magic, Self.formatVersion, device, inode, size, modificationTime, changeTime]
  }

  func encoded(_ hash: Hash256) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in words + [hash.words.0, hash.words.1, hash.words.2, hash.words.3] {
      withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
    }
    let sum = bytes.withUnsafeBytes { checksum($0) }
    withUnsafeBytes(of: sum.littleEndian) { bytes += $0 }
    return bytes
  }

  /// The hash in a record that is sound and agrees with this one.
  func hash(in bytes: UnsafeRawBufferPointer) -> Hash256? {
    guard let hash = Self.check(bytes) else { return nil }
    for (place, word) in words.enumerated()
    where bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self) != word { return nil }
    return hash
  }

  /// The hash in a record of whatever file; nil where it is not sound.
  static func check(_ bytes: UnsafeRawBufferPointer) -> Hash256? {
    guard bytes.count == byteCount else { return nil }
    let word = { (place: Int) in bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self) }
    guard word(0) == magic, word(1) == formatVersion,
      word(11) == checksum(UnsafeRawBufferPointer(rebasing: bytes[..<88]))
    else { return nil }
    var hash = Hash256()
    hash.words = (word(7), word(8), word(9), word(10))
    return hash
  }
}
