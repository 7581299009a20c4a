// Instructions on vector registers, scalars in them included. All are SSE up to 4.2, without VEX:
// the destination is the first operand too.

/// Encodings that are used by name; families are computed from an opcode.
enum SSE {
  @inline(__always) static var moveAligned: Encoding { .two(0x28) }
  @inline(__always) static var loadUnaligned: Encoding { .two(0x10) }
  @inline(__always) static var storeUnaligned: Encoding { .two(0x11) }
  @inline(__always) static var loadFloat: Encoding { .two(0x10, prefix: 0xF3) }
  @inline(__always) static var storeFloat: Encoding { .two(0x11, prefix: 0xF3) }
  @inline(__always) static var loadDouble: Encoding { .two(0x10, prefix: 0xF2) }
  @inline(__always) static var storeDouble: Encoding { .two(0x11, prefix: 0xF2) }
  /// movd and movq from a general register or memory.
  @inline(__always)
  static func fromGeneral(_ wide: IsWide) -> Encoding { .two(0x6E, prefix: 0x66, wide: wide) }
  /// movd and movq to a general register (ModRM's r/m field).
  @inline(__always)
  static func toGeneral(_ wide: IsWide) -> Encoding { .two(0x7E, prefix: 0x66, wide: wide) }

  /// addss, mulsd and their kin: `opcode` behind 0F.
  @inline(__always)
  static func scalar(_ opcode: UInt8, isDouble: Bool) -> Encoding {
    .two(opcode, prefix: isDouble ? 0xF2 : 0xF3)
  }

  /// addps, mulpd and their kin.
  @inline(__always)
  static func packed(_ opcode: UInt8, isDouble: Bool) -> Encoding {
    .two(opcode, prefix: isDouble ? 0x66 : 0)
  }

  /// Integer vector instructions: 66 0F `opcode`.
  @inline(__always)
  static func integer(_ opcode: UInt8) -> Encoding { .two(opcode, prefix: 0x66) }

  static let add: UInt8 = 0x58
  static let multiply: UInt8 = 0x59
  static let subtract: UInt8 = 0x5C
  static let minimum: UInt8 = 0x5D
  static let divide: UInt8 = 0x5E
  static let maximum: UInt8 = 0x5F
  static let squareRoot: UInt8 = 0x51
  static let and: UInt8 = 0x54
  static let andNot: UInt8 = 0x55
  static let or: UInt8 = 0x56
  static let xor: UInt8 = 0x57

  /// ucomiss, ucomisd.
  @inline(__always)
  static func compareUnordered(isDouble: Bool) -> Encoding { packed(0x2E, isDouble: isDouble) }
  /// cmpss, cmpsd; a predicate follows.
  @inline(__always)
  static func compareScalar(isDouble: Bool) -> Encoding { scalar(0xC2, isDouble: isDouble) }
  /// roundss, roundsd; a mode follows.
  @inline(__always)
  static func roundScalar(isDouble: Bool) -> Encoding { .three3A(isDouble ? 0x0B : 0x0A) }
  /// cvtsi2ss, cvtsi2sd.
  @inline(__always)
  static func fromInteger(_ wide: IsWide, isDouble: Bool) -> Encoding {
    .two(0x2A, prefix: isDouble ? 0xF2 : 0xF3, wide: wide)
  }
  /// cvttss2si, cvttsd2si.
  @inline(__always)
  static func truncateToInteger(_ wide: IsWide, isDouble: Bool) -> Encoding {
    .two(0x2C, prefix: isDouble ? 0xF2 : 0xF3, wide: wide)
  }
}

/// Predicates of `cmpps` and its kin.
enum ComparePredicate {
  static let equal: UInt8 = 0
  static let less: UInt8 = 1
  static let lessOrEqual: UInt8 = 2
  static let unordered: UInt8 = 3
  static let notEqual: UInt8 = 4
  static let notLess: UInt8 = 5
  static let notLessOrEqual: UInt8 = 6
  static let ordered: UInt8 = 7
}

extension Assembler {
  @inline(__always)
  mutating func vector(_ encoding: Encoding, _ destination: Register, _ source: Register) {
    encode(encoding, destination, source)
  }

  @inline(__always)
  mutating func vector(_ encoding: Encoding, _ destination: Register, _ source: Address) {
    encode(encoding, destination, source)
  }

  @inline(__always)
  mutating func vector(
    _ encoding: Encoding, _ destination: Register, _ source: Register, _ immediate: UInt8
  ) {
    encode(encoding, destination, source)
    put8(immediate)
  }

  @inline(__always)
  mutating func vector(
    _ encoding: Encoding, _ destination: Register, _ source: Address, _ immediate: UInt8
  ) {
    encode(encoding, destination, source)
    put8(immediate)
  }

  /// All 16 bytes.
  @inline(__always)
  mutating func moveVector(_ destination: Register, _ source: Register) {
    encode(SSE.moveAligned, destination, source)
  }

  /// Sets all 16 bytes to 0.
  @inline(__always)
  mutating func clearVector(_ destination: Register) {
    encode(.two(SSE.xor), destination, destination)
  }

  /// Shifts lanes by an immediate: `opcode` 71, 72 or 73 for 16, 32 or 64 bits; `group` 2, 4 or 6
  /// for right unsigned, right signed, left; with 73, 3 and 7 shift the whole vector by bytes.
  mutating func shiftLanes(
    _ opcode: UInt8, group: UInt8, _ operand: Register, by count: UInt8
  ) {
    encode(SSE.integer(opcode), Register(group), operand)
    put8(count)
  }
}
