// Reads numbers and strings of DWARF, within bounds that nobody can be trusted to keep.

/// The bytes are not what they claim to be.
struct Malformed: Error {}

/// A place in a section, and what is left of it.
struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  /// From the section's start on.
  private(set) var position: Int
  private(set) var end: Int

  init(_ bytes: UnsafeRawBufferPointer) { self.init(bytes, 0..<bytes.count) }

  /// `range` lies in `bytes`.
  private init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// A cursor at `offset` of `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Malformed) {
    guard offset <= UInt64(bytes.count) else { throw Malformed() }
    self.init(bytes, Int(offset)..<bytes.count)
  }

  var isAtEnd: Bool { position >= end }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type = Number.self
  ) throws(Malformed) -> Number {
    guard end - position >= MemoryLayout<Number>.size else { throw Malformed() }
    defer { position += MemoryLayout<Number>.size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  /// An unsigned number of `byteCount` bytes, up to 8.
  mutating func number(byteCount: Int) throws(Malformed) -> UInt64 {
    guard byteCount <= 8 else { throw Malformed() }
    var value: UInt64 = 0
    for place in 0..<byteCount { value |= UInt64(try number(UInt8.self)) << (8 * place) }
    return value
  }

  /// LEB128; what is beyond 64 bits is dropped. Source: DWARF 5 §7.6.
  mutating func unsigned() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift = 0
    while true {
      let byte = try number(UInt8.self)
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  mutating func signed() throws(Malformed) -> Int64 {
    var value: UInt64 = 0
    var shift = 0
    while true {
      let byte = try number(UInt8.self)
      if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
      shift += 7
      guard byte < 0x80 else { continue }
      if byte & 0x40 != 0, shift < 64 { value |= ~0 << shift }
      return Int64(bitPattern: value)
    }
  }

  mutating func skip(_ count: UInt64) throws(Malformed) {
    guard count <= UInt64(end - position) else { throw Malformed() }
    position += Int(count)
  }

  /// Steps over a string and the zero behind it; yields its place.
  mutating func string() throws(Malformed) -> Int {
    let start = position
    while try number(UInt8.self) != 0 {}
    return start
  }

  /// The next `count` bytes; this cursor then is behind them.
  mutating func part(_ count: UInt64) throws(Malformed) -> ByteCursor {
    let start = position
    try skip(count)
    return ByteCursor(bytes, start..<position)
  }

  /// The length that units begin with, and whether their offsets have 64 bits. Source: DWARF 5 §7.4.
  mutating func unitLength() throws(Malformed) -> (byteCount: UInt64, offsetByteCount: Int) {
    let short: UInt32 = try number()
    if short < 0xFFFF_FFF0 { return (UInt64(short), 4) }
    guard short == .max else { throw Malformed() }
    return (try number(), 8)
  }
}
