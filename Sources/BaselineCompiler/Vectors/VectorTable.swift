// Vector instructions that are one machine instruction, as a table.

/// How a vector instruction's operands become a machine instruction's.
enum VectorForm: UInt8 {
  /// Needs code of its own.
  case special
  /// The first operand is the target, the second the source.
  case binary
  /// As `binary` with the operands exchanged.
  case swapped
  /// As `binary`, all bits inverted then.
  case inverted
  /// As `swapped`, all bits inverted then.
  case swappedInverted
  /// The operand is the source.
  case unary
  /// The upper half of the operand's lanes is the source.
  case unaryHigh
}

/// A row: the form, the encoding, and an immediate if there is one.
struct VectorRow: BitwiseCopyable {
  var form: VectorForm
  var encoding: Encoding
  /// -1 for none.
  var immediate: Int16
}

/// Rows by the number behind prefix 0xFD.
enum VectorTable {
  static let count = 0x114

  nonisolated(unsafe) static let rows: UnsafePointer<VectorRow> = {
    let rows = UnsafeMutablePointer<VectorRow>.allocate(capacity: count)
    let none = VectorRow(form: .special, encoding: Encoding(bytes: 0, count: 0), immediate: -1)
    rows.initialize(repeating: none, count: count)
    func set(_ number: Int, _ form: VectorForm, _ encoding: Encoding, _ immediate: Int16 = -1) {
      rows[number] = VectorRow(form: form, encoding: encoding, immediate: immediate)
    }
    integerRows(set)
    comparisonRows(set)
    wideningRows(set)
    floatRows(set)
    relaxedRows(set)
    return UnsafePointer(rows)
  }()

  private typealias Setter = (Int, VectorForm, Encoding, Int16) -> Void

  /// 66 0F: the common integer instructions; 66 0F 38: those of SSSE3 and later.
  private static func integerRows(_ set: Setter) {
    let two: [(Int, UInt8)] = [
      (78, 0xDB), (80, 0xEB), (81, 0xEF),
      (101, 0x63), (102, 0x67), (110, 0xFC), (111, 0xEC), (112, 0xDC), (113, 0xF8), (114, 0xE8),
      (115, 0xD8), (119, 0xDA), (121, 0xDE), (123, 0xE0), (133, 0x6B), (142, 0xFD), (143, 0xED),
      (144, 0xDD), (145, 0xF9), (146, 0xE9), (147, 0xD9), (149, 0xD5), (150, 0xEA), (152, 0xEE),
      (155, 0xE3), (174, 0xFE), (177, 0xFA), (186, 0xF5), (206, 0xD4), (209, 0xFB),
    ]
    for (number, opcode) in two { set(number, .binary, SSE.integer(opcode), -1) }
    // ~first & second: the operands the other way around.
    set(79, .swapped, SSE.integer(0xDF), -1)
    let three: [(Int, UInt8)] = [
      (118, 0x38), (120, 0x3C), (134, 0x2B), (151, 0x3A), (153, 0x3E), (181, 0x40), (182, 0x39),
      (183, 0x3B), (184, 0x3D), (185, 0x3F),
    ]
    for (number, opcode) in three { set(number, .binary, .three38(opcode), -1) }
    for (number, opcode) in [(96, 0x1C), (128, 0x1D), (160, 0x1E)] as [(Int, UInt8)] {
      set(number, .unary, .three38(opcode), -1)
    }
  }

  /// eq, ne, lt_s, gt_s, le_s, ge_s of lanes of 8, 16, 32 bits; unsigned ones need more.
  private static func comparisonRows(_ set: Setter) {
    for (first, equal, greater) in [(35, 0x74, 0x64), (45, 0x75, 0x65), (55, 0x76, 0x66)] {
      let equal = SSE.integer(UInt8(equal))
      let greater = SSE.integer(UInt8(greater))
      set(first, .binary, equal, -1)
      set(first + 1, .inverted, equal, -1)
      set(first + 2, .swapped, greater, -1)
      set(first + 4, .binary, greater, -1)
      set(first + 6, .inverted, greater, -1)
      set(first + 8, .swappedInverted, greater, -1)
    }
    set(214, .binary, .three38(0x29), -1)
    set(215, .inverted, .three38(0x29), -1)
    for (first, isDouble) in [(65, false), (71, true)] {
      let compare = SSE.packed(0xC2, isDouble: isDouble)
      set(first, .binary, compare, Int16(ComparePredicate.equal))
      set(first + 1, .binary, compare, Int16(ComparePredicate.notEqual))
      set(first + 2, .binary, compare, Int16(ComparePredicate.less))
      set(first + 3, .swapped, compare, Int16(ComparePredicate.less))
      set(first + 4, .binary, compare, Int16(ComparePredicate.lessOrEqual))
      set(first + 5, .swapped, compare, Int16(ComparePredicate.lessOrEqual))
    }
  }

  /// Extensions of half the lanes: low signed, high signed, low unsigned, high unsigned.
  private static func wideningRows(_ set: Setter) {
    for (first, signed, unsigned) in [(135, 0x20, 0x30), (167, 0x23, 0x33), (199, 0x25, 0x35)] {
      set(first, .unary, .three38(UInt8(signed)), -1)
      set(first + 1, .unaryHigh, .three38(UInt8(signed)), -1)
      set(first + 2, .unary, .three38(UInt8(unsigned)), -1)
      set(first + 3, .unaryHigh, .three38(UInt8(unsigned)), -1)
    }
  }

  /// Where the specification leaves a choice it is made as the LLVM compiler makes it.
  private static func relaxedRows(_ set: Setter) {
    set(0x100, .binary, .three38(0x00), -1)
    set(0x101, .unary, .two(0x5B, prefix: 0xF3), -1)
    set(0x103, .unary, .two(0xE6, prefix: 0x66), -1)
    for (first, isDouble) in [(0x10D, false), (0x10F, true)] {
      set(first, .binary, SSE.packed(SSE.minimum, isDouble: isDouble), -1)
      set(first + 1, .binary, SSE.packed(SSE.maximum, isDouble: isDouble), -1)
    }
    set(0x111, .binary, .three38(0x0B), -1)
    // The second operand's bytes are the unsigned ones, which the instruction wants first.
    set(0x112, .swapped, .three38(0x04), -1)
  }

  private static func floatRows(_ set: Setter) {
    for (first, isDouble) in [(224, false), (236, true)] {
      set(first + 3, .unary, SSE.packed(SSE.squareRoot, isDouble: isDouble), -1)
      set(first + 4, .binary, SSE.packed(SSE.add, isDouble: isDouble), -1)
      set(first + 5, .binary, SSE.packed(SSE.subtract, isDouble: isDouble), -1)
      set(first + 6, .binary, SSE.packed(SSE.multiply, isDouble: isDouble), -1)
      set(first + 7, .binary, SSE.packed(SSE.divide, isDouble: isDouble), -1)
      // pmin is `b < a ? b : a`, which is what minps does with b first.
      set(first + 10, .swapped, SSE.packed(SSE.minimum, isDouble: isDouble), -1)
      set(first + 11, .swapped, SSE.packed(SSE.maximum, isDouble: isDouble), -1)
    }
    let modes = [Rounding.ceil, Rounding.floor, Rounding.trunc, Rounding.nearest]
    for (numbers, opcode) in [([103, 104, 105, 106], 0x08), ([116, 117, 122, 148], 0x09)] {
      for (number, mode) in zip(numbers, modes) {
        set(number, .unary, .three3A(UInt8(opcode)), Int16(mode))
      }
    }
    set(94, .unary, .two(0x5A, prefix: 0x66), -1)
    set(95, .unary, .two(0x5A), -1)
    set(250, .unary, .two(0x5B), -1)
    set(254, .unary, .two(0xE6, prefix: 0xF3), -1)
  }
}
