// Runs the program that a unit's lines are coded as.
//
// Source: DWARF 2 to 5, "The Line Number Program"; 5 §6.2.5.

/// From `address` on, up to the next row's, code is of this line.
package struct LineRow: Hashable, Sendable {
  package var address: UInt64
  /// By the unit's own numbers.
  package var file: UInt32
  /// 0 for code that is of no line.
  package var line: UInt32
  /// 0 for the whole line.
  package var column: UInt32
  /// A good place for a breakpoint.
  package var isStatement: Bool

  package init(address: UInt64, file: UInt32, line: UInt32, column: UInt32, isStatement: Bool) {
    (self.address, self.file, self.line, self.column) = (address, file, line, column)
    self.isStatement = isStatement
  }
}

/// The state of a program, and what it has said so far.
struct LineProgram {
  private enum Standard {
    static let copy: UInt8 = 1
    static let advanceAddress: UInt8 = 2
    static let advanceLine: UInt8 = 3
    static let setFile: UInt8 = 4
    static let setColumn: UInt8 = 5
    static let negateStatement: UInt8 = 6
    static let advanceAsLastSpecial: UInt8 = 8
    static let advanceBy16Bits: UInt8 = 9
  }

  private enum Extended {
    static let endSequence: UInt8 = 1
    static let setAddress: UInt8 = 2
    static let defineFile: UInt8 = 3
  }

  private var unit: LineUnit
  private var row: LineRow
  /// Rows of the sequence under way.
  private var rows: [LineRow] = []
  private var isAscending = true
  /// Rows that may still be kept.
  private var room: Int

  init(_ unit: LineUnit, room: Int) {
    self.unit = unit
    self.room = room
    row = Self.first(unit)
  }

  private static func first(_ unit: LineUnit) -> LineRow {
    LineRow(address: 0, file: 1, line: 1, column: 0, isStatement: unit.isStatementAtFirst)
  }

  /// Runs the program; calls `take` with the rows of each whole sequence, whose addresses do not
  /// descend, and with its end. Yields the unit, with the files that its program has added.
  mutating func run(
    _ program: ByteCursor, take: ([LineRow], _ end: UInt64) -> Void
  ) throws(Malformed) -> LineUnit {
    var cursor = program
    while !cursor.isAtEnd {
      let opcode: UInt8 = try cursor.number()
      if opcode >= unit.firstSpecialOpcode {
        let adjusted = opcode - unit.firstSpecialOpcode
        advance(UInt64(adjusted / unit.lineRange))
        advanceLine(Int64(unit.lineBase) + Int64(adjusted % unit.lineRange))
        try emit()
      } else if opcode == 0 {
        try runExtended(&cursor, take)
      } else {
        try runStandard(opcode, &cursor)
      }
    }
    return unit
  }

  private mutating func runStandard(
    _ opcode: UInt8, _ cursor: inout ByteCursor
  ) throws(Malformed) {
    switch opcode {
    case Standard.copy: try emit()
    case Standard.advanceAddress: advance(try cursor.unsigned())
    case Standard.advanceLine: advanceLine(try cursor.signed())
    case Standard.setFile: row.file = UInt32(clamping: try cursor.unsigned())
    case Standard.setColumn: row.column = UInt32(clamping: try cursor.unsigned())
    case Standard.negateStatement: row.isStatement.toggle()
    case Standard.advanceAsLastSpecial:
      advance(UInt64((255 - unit.firstSpecialOpcode) / unit.lineRange))
    case Standard.advanceBy16Bits: row.address &+= UInt64(try cursor.number(UInt16.self))
    default:
      // Whatever it does, it says how much there is of it.
      for _ in 0..<unit.operandCounts[Int(opcode)] { _ = try cursor.unsigned() }
    }
  }

  private mutating func runExtended(
    _ cursor: inout ByteCursor, _ take: ([LineRow], UInt64) -> Void
  ) throws(Malformed) {
    var instruction = try cursor.part(try cursor.unsigned())
    guard !instruction.isAtEnd else { return }
    switch try instruction.number(UInt8.self) {
    case Extended.endSequence:
      if isAscending, let last = rows.last, row.address >= last.address {
        take(rows, row.address)
      }
      rows.removeAll(keepingCapacity: true)
      isAscending = true
      row = Self.first(unit)
    case Extended.setAddress:
      row.address = try instruction.number(byteCount: instruction.end - instruction.position)
    case Extended.defineFile:
      let name = StringPlace(section: .lines, offset: UInt64(try instruction.string()))
      try unit.addFile(named: name, &instruction)
    default: break
    }
  }

  private mutating func advance(_ operations: UInt64) {
    row.address &+= operations &* unit.smallestInstruction
  }

  private mutating func advanceLine(_ distance: Int64) {
    row.line = UInt32(truncatingIfNeeded: Int64(row.line) &+ distance)
  }

  private mutating func emit() throws(Malformed) {
    guard room > 0 else { throw Malformed() }
    room -= 1
    if let last = rows.last, last.address > row.address { isAscending = false }
    if rows.last?.address == row.address { rows.removeLast() }
    rows.append(row)
  }
}
