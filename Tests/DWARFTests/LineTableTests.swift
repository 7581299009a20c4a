// Tables put together by hand, in each version's form, and what hostile ones come to.

import ModuleMutation
import Testing

@testable import DWARF

/// Bytes of a section under construction.
private struct Bytes {
  var bytes: [UInt8] = []

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  static func + (left: Bytes, right: Bytes) -> Bytes { Bytes(left.bytes + right.bytes) }

  static func text(_ text: String) -> Bytes { Bytes(Array(text.utf8) + [0]) }

  static func number(_ value: some FixedWidthInteger) -> Bytes {
    Bytes(withUnsafeBytes(of: value.littleEndian) { Array($0) })
  }

  /// Behind its length.
  var measured: Bytes { .number(UInt32(bytes.count)) + self }
}

struct LineTableTests {
  private struct Sections {
    var lines = Bytes()
    var lineStrings = Bytes()
    var units = Bytes()
    var abbreviations = Bytes()

    /// The table of these, or of altered ones, within `body` only.
    func read<Result>(
      _ accepts: (Range<UInt64>) -> Bool = { _ in true }, _ body: (LineTable) throws -> Result
    ) rethrows -> Result {
      try lines.bytes.withUnsafeBytes { lines in
        try lineStrings.bytes.withUnsafeBytes { lineStrings in
          try units.bytes.withUnsafeBytes { units in
            try abbreviations.bytes.withUnsafeBytes { abbreviations in
              var sections = DebugSections()
              sections.lines = lines
              sections.lineStrings = lineStrings
              sections.units = units
              sections.abbreviations = abbreviations
              return try body(LineTable(sections, accepts: accepts))
            }
          }
        }
      }
    }
  }

  /// Line 10 at 0x100, line 11 with column 7 at 0x104, no statement at 0x105, line 0 of file 2 at
  /// 0x110; the end at 0x120. Then a sequence at `other`, line 1, 4 bytes long.
  private static func program(other: UInt32) -> Bytes {
    Bytes([0, 5, 2]) + .number(UInt32(0x100))
      + Bytes([3, 9, 1])  // line 10, row
      + Bytes([5, 7, 13 + 5 + 14 * 4 + 1])  // column 7, special: 4 bytes and a line on
      + Bytes([6, 2, 1, 1, 6])  // no statement: a byte on
      + Bytes([4, 2, 3, 0x75, 9, 11, 0, 1])  // file 2, line 0, 11 bytes on
      + Bytes([2, 0x10, 0, 1, 1])
      + Bytes([0, 5, 2]) + .number(other) + Bytes([1, 2, 4, 0, 1, 1])
  }

  private static let standardOperands = Bytes([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1])

  private static func header(version: UInt16) -> Bytes {
    let coding = Bytes([1]) + Bytes(version >= 4 ? [1] : []) + Bytes([1, 0xFB, 14, 13])
    guard version >= 5 else {
      return coding + standardOperands + .text("src") + .text("/usr/include") + Bytes([0])
        + .text("main.c") + Bytes([1, 0, 0]) + .text("other.h") + Bytes([2, 0, 0]) + Bytes([0])
    }
    // Directories: line_strp. Files: string, udata, and an MD5 that nobody asks for.
    return coding + standardOperands + Bytes([1, 1, 0x1F, 3]) + .number(UInt32(0))
      + .number(UInt32(6)) + .number(UInt32(10))
      + Bytes([3, 1, 0x08, 2, 0x0B, 5, 0x1E, 3])
      + .text("main.c") + Bytes([1]) + Bytes(Array(repeating: 9, count: 16))
      + .text("main.c") + Bytes([1]) + Bytes(Array(repeating: 9, count: 16))
      + .text("other.h") + Bytes([2]) + Bytes(Array(repeating: 9, count: 16))
  }

  private static func sections(version: UInt16, other: UInt32 = 0x40) -> Sections {
    let header = header(version: version)
    let unit =
      Bytes.number(version) + Bytes(version >= 5 ? [4, 0] : []) + header.measured
      + program(other: other)
    var sections = Sections()
    sections.lines = unit.measured
    sections.lineStrings = .text("/home") + .text("src") + .text("/usr/include")
    // A unit with name, language, directory and lines.
    sections.abbreviations = Bytes([
      1, 0x11, 0, 0x03, 0x08, 0x13, 0x05, 0x1B, 0x08, 0x10, 0x17, 0, 0, 0,
    ])
    if version < 5 {
      sections.units =
        (Bytes.number(version) + .number(UInt32(0)) + Bytes([4, 1]) + .text("src/main.c")
        + .number(UInt16(12)) + .text("/home") + .number(UInt32(0))).measured
    }
    return sections
  }

  // MARK: Whole tables.

  @Test(arguments: [2, 3, 4, 5] as [UInt16]) func rows(version: UInt16) throws {
    Self.sections(version: version).read { table in
      func line(_ address: UInt64) -> [UInt32]? {
        table.row(at: address).map { [$0.row.file, $0.row.line, $0.row.column] }
      }
      #expect(line(0xFF) == nil)
      #expect(line(0x100) == [1, 10, 0])
      #expect(line(0x103) == [1, 10, 0])
      #expect(line(0x104) == [1, 11, 7])
      #expect(line(0x10F) == [1, 11, 7])
      #expect(line(0x110) == [2, 0, 7])
      #expect(line(0x11F) == [2, 0, 7])
      #expect(line(0x120) == nil)
      #expect(line(0x40) == [1, 1, 0])
      #expect(line(0x44) == nil)
      #expect(table.row(at: 0x104)?.row.isStatement == true)
      #expect(table.row(at: 0x105)?.row.isStatement == false)
      #expect(table.sequences.map(\.addresses) == [0x40..<0x44, 0x100..<0x120])
      #expect(table.path(ofFile: 1, unit: 0) == "src/main.c")
      #expect(table.path(ofFile: 2, unit: 0) == "/usr/include/other.h")
      #expect(table.path(ofFile: 3, unit: 0) == nil)
      #expect(table.directory(ofUnit: 0) == "/home")
      #expect(table.name(ofUnit: 0) == "src/main.c")
      #expect(table.language(ofUnit: 0) == (version < 5 ? 12 : nil))
    }
  }

  /// Functions that a linker has dropped leave their lines, at addresses that no code has.
  @Test(arguments: [0, 0xFFFF_FFFF, 0xFFFF_FFFE] as [UInt32])
  func whatIsNotAcceptedIsLeftOut(tombstone: UInt32) throws {
    Self.sections(version: 4, other: tombstone).read {
      $0.lowerBound > 0 && $0.upperBound < 0x200
    } _: { table in
      #expect(table.sequences.map(\.addresses) == [0x100..<0x120])
      #expect(table.row(at: 1) == nil)
      #expect(table.row(at: UInt64(tombstone)) == nil)
    }
  }

  @Test func unitsBehindAWrongOneAreRead() throws {
    var sections = Self.sections(version: 4)
    let wrong = (Bytes.number(UInt16(77)) + Bytes(Array(repeating: 1, count: 40))).measured
    sections.lines = wrong + sections.lines
    sections.read { table in
      #expect(table.row(at: 0x100)?.row.line == 10)
      // Its root says that its lines are elsewhere.
      #expect(table.name(ofUnit: 0) == "src/main.c")
      #expect(table.directory(ofUnit: 0) == "")
    }
  }

  @Test func wideOffsets() throws {
    let narrow = Self.header(version: 4)
    let unit =
      Bytes.number(UInt16(4)) + .number(UInt64(narrow.bytes.count)) + narrow
      + Self.program(other: 0x40)
    var sections = Sections()
    sections.lines =
      .number(UInt32.max) + .number(UInt64(unit.bytes.count)) + unit
    sections.read { #expect($0.row(at: 0x104)?.row.line == 11) }
  }

  @Test func withoutSections() {
    Sections().read { table in
      #expect(table.isEmpty)
      #expect(table.row(at: 0) == nil)
    }
  }

  // MARK: Hostile ones: they end, and nothing is read that is not there.

  @Test(arguments: [4, 5] as [UInt16]) func everyTruncation(version: UInt16) {
    let whole = Self.sections(version: version)
    for length in 0..<whole.lines.bytes.count {
      var sections = whole
      sections.lines.bytes.removeLast(whole.lines.bytes.count - length)
      // The unit says how long it is.
      sections.read { #expect($0.isEmpty) }
      // As long as it says: rows that were there are found.
      guard length > 4 else { continue }
      sections.lines = Bytes(Array(sections.lines.bytes[4...])).measured
      sections.read { table in
        for sequence in table.sequences {
          #expect([0x40..<0x44, 0x100..<0x120].contains(sequence.addresses))
        }
      }
    }
    for length in 0..<whole.units.bytes.count {
      var sections = whole
      sections.units.bytes.removeLast(whole.units.bytes.count - length)
      sections.read { #expect($0.row(at: 0x100)?.row.line == 10) }
    }
  }

  @Test(arguments: [4, 5] as [UInt16]) func alteredBytes(version: UInt16) {
    var generator = SeededGenerator(seed: UInt64(version))
    let whole = Self.sections(version: version)
    for _ in 0..<20_000 {
      var sections = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let value: UInt8 =
          Bool.random(using: &generator)
          ? [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
          : .random(in: 0...255, using: &generator)
        let parts: [WritableKeyPath<Sections, Bytes>] = [
          \.lines, \.lines, \.lines, \.units, \.abbreviations, \.lineStrings,
        ]
        let part = parts.randomElement(using: &generator)!
        guard let place = sections[keyPath: part].bytes.indices.randomElement(using: &generator)
        else { continue }
        sections[keyPath: part].bytes[place] = value
      }
      sections.read { Self.walk($0) }
    }
  }

  @Test func randomBytes() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<5_000 {
      var sections = Sections()
      func random(_ count: Int) -> Bytes {
        Bytes((0..<count).map { _ in .random(in: 0...255, using: &generator) })
      }
      sections.lines =
        (Bytes.number(UInt16.random(in: 2...5, using: &generator)) + random(200)).measured
      sections.units =
        (Bytes.number(UInt16.random(in: 2...5, using: &generator)) + random(60)).measured
      (sections.abbreviations, sections.lineStrings) = (random(100), random(20))
      sections.read { Self.walk($0) }
    }
  }

  /// A list of entries that take no space must not be as long as it says.
  @Test func entriesWithoutSize() {
    let header =
      Bytes([1, 1, 1, 0xFB, 14, 13]) + Self.standardOperands
      + Bytes([0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
    var sections = Sections()
    sections.lines =
      (Bytes.number(UInt16(5)) + Bytes([4, 0]) + header.measured + Self.program(other: 0x40))
      .measured
    sections.read { #expect($0.isEmpty) }
  }

  /// Asks for everything that the table has.
  private static func walk(_ table: LineTable) {
    for sequence in table.sequences {
      #expect(!sequence.addresses.isEmpty)
      for row in table.rows[sequence.rows] {
        _ = table.row(at: row.address)
        _ = table.path(ofFile: row.file, unit: sequence.unit)
        _ = table.name(ofUnit: sequence.unit)
        _ = table.directory(ofUnit: sequence.unit)
      }
    }
  }

  // MARK: What is written is read.

  @Test func roundTrip() throws {
    var generator = SeededGenerator(seed: 3)
    var units: [DebugUnit] = []
    var start: UInt64 = 0x7FFF_0000_0000
    for number in 0..<4 {
      var unit = DebugUnit(name: "unit\(number).c", directory: "/home/\(number)", language: 12)
      unit.files = ["unit\(number).c", "/usr/include/a.h", "sub/b.h"]
      for function in 0..<5 {
        var rows: [LineRow] = []
        let end = start + .random(in: 1...5_000, using: &generator)
        var address = start
        while address < end {
          rows.append(
            LineRow(
              address: address, file: .random(in: 1...3, using: &generator),
              line: .random(
                in: 0...(Bool.random(using: &generator) ? 20 : 100_000), using: &generator),
              column: .random(in: 0...90, using: &generator),
              isStatement: .random(using: &generator)))
          address += .random(in: 1...300, using: &generator)
        }
        unit.functions.append(.init(name: "f\(function)", addresses: start..<end, rows: rows))
        start = end + .random(in: 0...40, using: &generator)
      }
      units.append(unit)
    }
    let written = WrittenDebugSections(units)
    var sections = Sections()
    sections.lines = Bytes(written.lines)
    sections.units = Bytes(written.units)
    sections.abbreviations = Bytes(written.abbreviations)
    sections.read { table in
      let functions = units.flatMap(\.functions)
      #expect(table.sequences.map(\.addresses) == functions.map(\.addresses))
      for (sequence, function) in zip(table.sequences, functions) {
        #expect(Array(table.rows[sequence.rows]) == function.rows)
      }
      for (number, unit) in units.enumerated() {
        #expect(table.name(ofUnit: number) == unit.name)
        #expect(table.directory(ofUnit: number) == unit.directory)
        #expect(table.language(ofUnit: number) == 12)
        #expect((1...3).map { table.path(ofFile: $0, unit: number) } == unit.files)
      }
    }
  }
}
