// A bounds-checked cursor over the module's bytes: fixed-size values, LEB128 integers, names.

/// Reads the binary format's primitive values out of a range of the module.
///
/// Copies nothing but names. Every read checks the range's end, so no input can lead a cursor out
/// of the bytes. Spec: core 3.0 §5.2.
struct ByteReader {
  /// The module's bytes; the caller keeps them alive.
  let bytes: UnsafeRawBufferPointer
  /// Byte offset of what is read next.
  var position: Int
  /// Where the range ends; never behind the bytes' end.
  let end: Int

  /// `range` must lie within `bytes`.
  @inline(__always)
  init(bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  @inline(__always)
  var isAtEnd: Bool { position >= end }

  /// Bytes left.
  @inline(__always)
  var remaining: Int { end &- position }

  // MARK: Fixed size.

  @inline(__always)
  mutating func readByte() throws(ModuleError) -> UInt8 {
    guard position < end else { throw endError() }
    let byte = bytes[position]
    position &+= 1
    return byte
  }

  /// A byte that the specification writes as a one-byte LEB128 integer (type codes).
  mutating func readCode() throws(ModuleError) -> UInt8 {
    let offset = position
    let byte = try readByte()
    guard byte < 0x80 else {
      throw ModuleError(.malformed, "integer representation too long", at: offset)
    }
    return byte
  }

  /// Four bytes, little-endian.
  @inline(__always)
  mutating func readFixed32() throws(ModuleError) -> UInt32 {
    guard remaining >= 4 else { throw endError() }
    let value = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
    position &+= 4
    return UInt32(littleEndian: value)
  }

  /// Eight bytes, little-endian.
  @inline(__always)
  mutating func readFixed64() throws(ModuleError) -> UInt64 {
    guard remaining >= 8 else { throw endError() }
    let value = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    position &+= 8
    return UInt64(littleEndian: value)
  }

  /// Steps over `count` bytes and returns their range. A count beyond the end is refused.
  mutating func skip(_ count: UInt32) throws(ModuleError) -> Range<Int> {
    guard Int(count) <= remaining else { throw endError() }
    let start = position
    position += Int(count)
    return start..<position
  }

  // MARK: LEB128. Spec: core 3.0 §5.2.2.

  @inline(__always)
  mutating func readUnsigned32() throws(ModuleError) -> UInt32 {
    // Nearly all indices take one byte, nearly all others two.
    if remaining >= 2 {
      let first = bytes[position]
      if first < 0x80 {
        position &+= 1
        return UInt32(first)
      }
      let second = bytes[position &+ 1]
      if second < 0x80 {
        position &+= 2
        return UInt32(first & 0x7F) | UInt32(second) << 7
      }
    }
    return UInt32(truncatingIfNeeded: try readUnsigned(bits: 32))
  }

  @inline(__always)
  mutating func readUnsigned64() throws(ModuleError) -> UInt64 {
    if position < end, bytes[position] < 0x80 {
      let byte = bytes[position]
      position &+= 1
      return UInt64(byte)
    }
    return try readUnsigned(bits: 64)
  }

  @inline(__always)
  mutating func readSigned32() throws(ModuleError) -> Int32 {
    if position < end, bytes[position] < 0x80 {
      let byte = bytes[position]
      position &+= 1
      return Int32(Int8(bitPattern: byte << 1) >> 1)
    }
    return Int32(truncatingIfNeeded: try readSigned(bits: 32))
  }

  @inline(__always)
  mutating func readSigned64() throws(ModuleError) -> Int64 {
    if position < end, bytes[position] < 0x80 {
      let byte = bytes[position]
      position &+= 1
      return Int64(Int8(bitPattern: byte << 1) >> 1)
    }
    return try readSigned(bits: 64)
  }

  /// A signed 33-bit integer: a block's type index, or a negative type code.
  mutating func readSigned33() throws(ModuleError) -> Int64 {
    try readSigned(bits: 33)
  }

  /// An unsigned integer below 2^bits in at most ⌈bits/7⌉ bytes.
  @inline(never)
  private mutating func readUnsigned(bits: Int) throws(ModuleError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    var shift = 0
    while true {
      let byte = try readIntegerByte()
      let left = bits - shift
      if left < 7 {
        guard byte < 0x80 else { throw tooLong(start) }
        guard byte >> left == 0 else { throw tooLarge(start) }
      }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        try checkPosition()
        return value
      }
      shift += 7
    }
  }

  /// A signed integer of `bits` bits in at most ⌈bits/7⌉ bytes.
  @inline(never)
  private mutating func readSigned(bits: Int) throws(ModuleError) -> Int64 {
    let start = position
    var value: Int64 = 0
    var shift = 0
    while true {
      let byte = try readIntegerByte()
      let digits = Int8(bitPattern: byte << 1) >> 1
      let left = bits - shift
      if left < 7 {
        guard byte < 0x80 else { throw tooLong(start) }
        // The bits above the sign bit must repeat it.
        let excess = digits >> (left - 1)
        guard excess == 0 || excess == -1 else { throw tooLarge(start) }
      }
      if byte < 0x80 {
        try checkPosition()
        return value | Int64(digits) << shift
      }
      value |= Int64(byte & 0x7F) << shift
      shift += 7
    }
  }

  /// The next byte of an integer, even behind the range's end, so that an integer that is wrong
  /// in itself is called so where the range cuts it off too. `checkPosition` follows.
  private mutating func readIntegerByte() throws(ModuleError) -> UInt8 {
    guard position < bytes.count else { throw endError() }
    defer { position += 1 }
    return bytes[position]
  }

  private func checkPosition() throws(ModuleError) {
    guard position <= end else { throw endError() }
  }

  // MARK: Names.

  /// A length and that many bytes of UTF-8. Spec: core 3.0 §5.2.4.
  mutating func readName() throws(ModuleError) -> String {
    let count = try readUnsigned32()
    let start = position
    guard Int(count) <= remaining else {
      throw ModuleError(.malformed, "length out of bounds", at: start)
    }
    let range = try skip(count)
    guard let name = String(validating: bytes[range], as: UTF8.self) else {
      throw ModuleError(.malformed, "malformed UTF-8 encoding", at: start)
    }
    return name
  }

  // MARK: Errors, out of line to keep the reads small.

  @inline(never)
  func endError() -> ModuleError {
    ModuleError(.malformed, "unexpected end of section or function", at: end)
  }

  @inline(never)
  private func tooLong(_ offset: Int) -> ModuleError {
    ModuleError(.malformed, "integer representation too long", at: offset)
  }

  @inline(never)
  private func tooLarge(_ offset: Int) -> ModuleError {
    ModuleError(.malformed, "integer too large", at: offset)
  }
}
