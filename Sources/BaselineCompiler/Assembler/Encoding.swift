// How an instruction's opcode is spelled: prefix, escape bytes, opcode.

/// An opcode with all that stands before it but REX.
struct Encoding: BitwiseCopyable {
  /// Escape bytes and opcode in the order in which they are written, the first in the lowest byte.
  let bytes: UInt32
  /// How many of them there are.
  let count: UInt8
  /// 0x66, 0xF2 or 0xF3, which precede REX; 0 for none.
  let prefix: UInt8
  /// REX.W is set.
  let isWide: Bool
  /// A byte register is among the operands: spl to dil need a REX prefix.
  let hasByteRegister: Bool

  @inline(__always)
  init(
    bytes: UInt32, count: UInt8, prefix: UInt8 = 0, isWide: Bool = false,
    hasByteRegister: Bool = false
  ) {
    (self.bytes, self.count, self.prefix) = (bytes, count, prefix)
    (self.isWide, self.hasByteRegister) = (isWide, hasByteRegister)
  }

  /// An opcode of one byte.
  @inline(__always)
  static func one(_ opcode: UInt8, wide: Bool) -> Encoding {
    Encoding(bytes: UInt32(opcode), count: 1, isWide: wide)
  }

  /// An opcode behind 0F.
  @inline(__always)
  static func two(_ opcode: UInt8, prefix: UInt8 = 0, wide: Bool = false) -> Encoding {
    Encoding(bytes: 0x0F | UInt32(opcode) << 8, count: 2, prefix: prefix, isWide: wide)
  }

  /// An opcode behind 0F 38.
  @inline(__always)
  static func three38(_ opcode: UInt8, prefix: UInt8 = 0x66, wide: Bool = false) -> Encoding {
    Encoding(bytes: 0x380F | UInt32(opcode) << 16, count: 3, prefix: prefix, isWide: wide)
  }

  /// An opcode behind 0F 3A.
  @inline(__always)
  static func three3A(_ opcode: UInt8, prefix: UInt8 = 0x66, wide: Bool = false) -> Encoding {
    Encoding(bytes: 0x3A0F | UInt32(opcode) << 16, count: 3, prefix: prefix, isWide: wide)
  }

  /// The same with a byte register among its operands.
  @inline(__always)
  var withByteRegister: Encoding {
    Encoding(
      bytes: bytes, count: count, prefix: prefix, isWide: isWide, hasByteRegister: true)
  }
}
