// The lines of a module's source, by where its machine code is: what a debugger is told.

import CompilerInterface
import DWARF

/// Makes units for a debugger of those that a module's debug information has. A function belongs to the
/// unit of its first line, with all of its code, that of bodies from other units among it.
struct CodeLines {
  private let image: CodeImageView
  private let lines: SourceLines
  private var units: [Unit] = []
  /// By the number of the unit in the module's lines.
  private var places: [Int: Int] = [:]

  private struct FileKey: Hashable {
    var unit: Int
    var number: UInt32
  }

  private struct Unit {
    var written: DebugUnit
    var files: [FileKey: UInt32] = [:]
  }

  /// What C and C++ programs can do without being told.
  private static let standardLanguage: UInt16 = 0x0C

  /// The units of all functions of `image`, which are called `name`.
  static func units(
    _ image: CodeImageView, _ lines: SourceLines, importedFunctionCount: Int,
    named name: (UInt32) -> String
  ) -> [DebugUnit] {
    var result = CodeLines(image, lines)
    for index in 0..<image.functionCount {
      result.add(image.function(index), name: name(UInt32(importedFunctionCount + index)))
    }
    return result.units.map(\.written)
  }

  private init(_ image: CodeImageView, _ lines: SourceLines) {
    self.image = image
    self.lines = lines
  }

  private mutating func add(_ function: FunctionRecord, name: String) {
    let text = UInt64(UInt(bitPattern: image.text.baseAddress))
    let code = Int(function.body)..<Int(function.body) + Int(function.byteCount)
    guard !code.isEmpty, var index = image.lastPosition(upTo: function.body)?.index else { return }
    var unit: Int?
    var rows: [LineRow] = []
    while index < image.positionCount {
      let position = image.position(index)
      index += 1
      guard code.contains(Int(position.codeOffset)) else {
        if Int(position.codeOffset) >= code.upperBound { break }
        continue
      }
      let found = lines.row(ofOffset: position.wasmOffset)
      if unit == nil { unit = found.map { place(ofUnit: $0.unit) } }
      guard let unit else { continue }
      var row = found?.row ?? LineRow(address: 0, file: 1, line: 0, column: 0, isStatement: false)
      if let found { row.file = file(row.file, of: found.unit, in: unit) }
      row.address = text + UInt64(position.codeOffset)
      let last = rows.last
      if last?.file != row.file || last?.line != row.line || last?.column != row.column {
        rows.append(row)
      }
    }
    guard let unit else { return }
    units[unit].written.functions.append(
      DebugUnit.Function(
        name: name, addresses: text + UInt64(code.lowerBound)..<text + UInt64(code.upperBound),
        rows: rows))
  }

  private mutating func place(ofUnit number: Int) -> Int {
    if let known = places[number] { return known }
    places[number] = units.count
    units.append(
      Unit(
        written: DebugUnit(
          name: lines.table.name(ofUnit: number), directory: lines.table.directory(ofUnit: number),
          language: lines.table.language(ofUnit: number) ?? Self.standardLanguage)))
    return units.count - 1
  }

  /// The number of a file of unit `number` among those of the unit at `place`.
  private mutating func file(_ file: UInt32, of number: Int, in place: Int) -> UInt32 {
    let key = FileKey(unit: number, number: file)
    if let known = units[place].files[key] { return known }
    var path = lines.table.path(ofFile: file, unit: number) ?? "?"
    let directory = lines.table.directory(ofUnit: number)
    if directory != units[place].written.directory, !directory.isEmpty, !path.hasPrefix("/") {
      path = directory + "/" + path
    }
    units[place].written.files.append(path)
    let found = UInt32(units[place].written.files.count)
    units[place].files[key] = found
    return found
  }
}
