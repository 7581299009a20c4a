// Gives equal strings of bytes equal small numbers.

/// A set of byte strings, numbered from 0 in the order in which they came.
///
/// Open addressing with linear probing; the hash is seeded, so that no text can be made to collide.
struct ByteTable {
  private var bytes: [UInt8] = []
  /// Where each string begins in `bytes`, and at last where the next one will.
  private var starts: [UInt32] = [0]
  private var hashes: [UInt32] = []
  /// A string's number plus one; 0 is free. The count is a power of two.
  private var slots: [UInt32] = []

  var count: Int { hashes.count }

  subscript(number: UInt32) -> ArraySlice<UInt8> {
    bytes[Int(starts[Int(number)])..<Int(starts[Int(number) + 1])]
  }

  /// The number of `string`, if it is in the table.
  func find(_ string: UnsafeRawBufferPointer) -> UInt32? {
    slots.isEmpty ? nil : found(in: slot(string, Self.hash(string)))
  }

  /// The number of `string`, which is added where it is new.
  mutating func insert(_ string: UnsafeRawBufferPointer) -> UInt32 {
    if (count + 1) * 2 > slots.count { grow() }
    let hash = Self.hash(string)
    let slot = slot(string, hash)
    if let number = found(in: slot) { return number }
    hashes.append(hash)
    bytes.append(contentsOf: string)
    starts.append(UInt32(bytes.count))
    slots[slot] = UInt32(count)
    return UInt32(count - 1)
  }

  private func found(in slot: Int) -> UInt32? {
    let entry = slots[slot]
    return entry == 0 ? nil : entry - 1
  }

  /// The slot that holds `string`, or the free one where it belongs.
  private func slot(_ string: UnsafeRawBufferPointer, _ hash: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while let number = found(in: slot) {
      if hashes[Int(number)] == hash, isEqual(number, string) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func isEqual(_ number: UInt32, _ string: UnsafeRawBufferPointer) -> Bool {
    let start = Int(starts[Int(number)])
    guard Int(starts[Int(number) + 1]) - start == string.count else { return false }
    return bytes.withUnsafeBytes { own in
      var index = 0
      while index < string.count, own[start + index] == string[index] { index += 1 }
      return index == string.count
    }
  }

  private mutating func grow() {
    let count = max(slots.count * 2, 64)
    slots = Array(repeating: 0, count: count)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(hash) & (count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = UInt32(number + 1)
    }
  }

  private static func hash(_ string: UnsafeRawBufferPointer) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(bytes: string)
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}
