// The lines of a module's source, by where instructions are in the module.

/// A place in a source.
package struct SourceLocation: Hashable, Sendable {
  /// The path as the compiler was told it: absolute, or relative to where it was started.
  package var file: String
  package var line: UInt32
  /// nil for the whole line.
  package var column: UInt32?

  package init(file: String, line: UInt32, column: UInt32? = nil) {
    (self.file, self.line, self.column) = (file, line, column)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// Such as `src/main.c:12:5`.
  package var description: String { "\(file):\(line)" + (column.map { ":\($0)" } ?? "") }
}

/// What a module's debug information says of its code.
package struct SourceLines {
  package let table: LineTable
  /// Offset in the module that addresses count from.
  private let codeStart: Int

  /// `code` is the content of the module's code section, by offsets in the module; the bytes of
  /// `sections` have to stay. nil where there are no lines of code.
  package init?(_ sections: DebugSections, code: Range<Int>) {
    // A function that was dropped has address 0, where none can be, or one beyond the section.
    let addresses = 1..<UInt64(max(1, code.count)) + 1
    table = LineTable(sections) { range in
      range.lowerBound >= addresses.lowerBound && range.upperBound <= addresses.upperBound
    }
    codeStart = code.lowerBound
    if table.isEmpty { return nil }
  }

  /// The row of the instruction at `offset` of the module, with its unit.
  package func row(ofOffset offset: UInt32) -> (unit: Int, row: LineRow)? {
    let address = Int(offset) - codeStart
    return address < 0 ? nil : table.row(at: UInt64(address))
  }

  /// Where the instruction at `offset` of the module comes from, where that is known.
  package func location(ofOffset offset: UInt32) -> SourceLocation? {
    guard let (unit, row) = row(ofOffset: offset), row.line != 0,
      let file = table.path(ofFile: row.file, unit: unit)
    else { return nil }
    return SourceLocation(
      file: file, line: row.line, column: row.column == 0 ? nil : row.column)
  }
}
