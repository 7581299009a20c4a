// All lines of a file, to be looked up by address.

/// The lines that `.debug_line` has, in versions 2 to 5. Whatever is malformed is left out: there is
/// always a table, if an empty one.
package struct LineTable {
  /// Code whose lines were written together, as that of a function is.
  package struct Sequence {
    package let addresses: Range<UInt64>
    /// Places in `rows`.
    package let rows: Range<Int>
    /// Which unit the numbers of files are those of.
    package let unit: Int
  }

  /// By ascending addresses.
  package private(set) var sequences: [Sequence] = []
  package private(set) var rows: [LineRow] = []
  private var units: [LineUnit] = []
  private let sections: DebugSections

  /// Rows beyond as many are not read: a gigabyte of memory would go into them.
  private static let rowLimit = 1 << 25

  /// Reads the lines of `sections`, whose bytes have to stay. Sequences that `accepts` refuses are left
  /// out: a linker keeps those of functions that it has dropped, at addresses that no code has.
  package init(_ sections: DebugSections, accepts: (Range<UInt64>) -> Bool) {
    self.sections = sections
    let roots = UnitRoot.read(sections)
    var cursor = ByteCursor(sections.lines)
    do throws(Malformed) {
      while !cursor.isAtEnd {
        let offset = UInt64(cursor.position)
        let (byteCount, offsetByteCount) = try cursor.unitLength()
        var unit = try cursor.part(byteCount)
        try? read(&unit, offsetByteCount, roots[offset], accepts)
      }
    } catch {}
    sequences.sort { $0.addresses.lowerBound < $1.addresses.lowerBound }
  }

  private mutating func read(
    _ cursor: inout ByteCursor, _ offsetByteCount: Int, _ root: UnitRoot?,
    _ accepts: (Range<UInt64>) -> Bool
  ) throws(Malformed) {
    var unit = try LineUnit(&cursor, offsetByteCount: offsetByteCount)
    unit.root = root
    var program = LineProgram(unit, room: Self.rowLimit - rows.count)
    let number = units.count
    units.append(unit)
    units[number] = try program.run(cursor) { found, end in
      guard let first = found.first, first.address < end, accepts(first.address..<end) else {
        return
      }
      sequences.append(
        Sequence(
          addresses: first.address..<end, rows: rows.count..<rows.count + found.count,
          unit: number))
      rows += found
    }
  }

  package var isEmpty: Bool { sequences.isEmpty }

  /// The row of the code at `address`, and the unit that it is of.
  package func row(at address: UInt64) -> (unit: Int, row: LineRow)? {
    guard
      let place = Self.last(sequences.indices, { sequences[$0].addresses.lowerBound <= address })
    else { return nil }
    let sequence = sequences[place]
    guard sequence.addresses.contains(address),
      let index = Self.last(sequence.rows, { rows[$0].address <= address })
    else { return nil }
    return (sequence.unit, rows[index])
  }

  /// The last place that `holds`; it holds for all places before, too.
  private static func last(_ places: Range<Int>, _ holds: (Int) -> Bool) -> Int? {
    var (low, high) = (places.lowerBound, places.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low > places.lowerBound ? low - 1 : nil
  }

  // MARK: Names.

  /// The path of file `number` of a unit, as its compiler was told it: absolute, or relative to the
  /// unit's directory.
  package func path(ofFile number: UInt32, unit: Int) -> String? {
    units[unit].path(ofFile: UInt64(number), sections)
  }

  /// The main file of a unit.
  package func name(ofUnit unit: Int) -> String { units[unit].name(sections) }

  /// The directory that a unit was compiled in; empty where that is not known.
  package func directory(ofUnit unit: Int) -> String { units[unit].directory(sections) }

  /// DWARF's number of a unit's language, where it is known.
  package func language(ofUnit unit: Int) -> UInt16? {
    units[unit].root?.language.flatMap { UInt16(exactly: $0) }
  }
}
