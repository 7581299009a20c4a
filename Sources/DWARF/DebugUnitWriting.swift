// Writes what a debugger has to know of functions and lines: DWARF 4, as little of it as will do.
//
// Source: DWARF 4 §3.1.1 (units), §3.3 (subprograms), §6.2 (lines), §7.5 (coding).

import WasmModule

/// A unit to be written.
package struct DebugUnit {
  package struct Function {
    package var name: String
    package var addresses: Range<UInt64>
    /// Ascending addresses in the function; files by their place in the unit's, from 1 on.
    package var rows: [LineRow]

    package init(name: String, addresses: Range<UInt64>, rows: [LineRow]) {
      (self.name, self.addresses, self.rows) = (name, addresses, rows)
    }
  }

  package var name: String
  package var directory: String
  /// DWARF's number.
  package var language: UInt16
  /// Absolute, or relative to the directory.
  package var files: [String] = []
  package var functions: [Function] = []

  package init(name: String, directory: String, language: UInt16) {
    (self.name, self.directory, self.language) = (name, directory, language)
  }
}

/// The sections of units. Addresses in them are the code's, to be taken as they are.
package struct WrittenDebugSections {
  /// `.debug_abbrev`.
  package private(set) var abbreviations: [UInt8] = []
  /// `.debug_info`.
  package private(set) var units: [UInt8] = []
  /// `.debug_ranges`.
  package private(set) var ranges: [UInt8] = []
  /// `.debug_line`.
  package private(set) var lines: [UInt8] = []

  package init(_ units: [DebugUnit]) {
    abbreviations = Self.abbreviationTable
    for unit in units { append(unit) }
  }

  /// Two kinds of entries: units, then functions. Each attribute is followed by its form.
  private static let abbreviationTable: [UInt8] = [
    1, 0x11, 1,  // a compilation unit, with children
    0x03, 0x08, 0x1B, 0x08,  // name, directory: strings
    0x13, 0x05,  // language: data2
    0x10, 0x17, 0x55, 0x17,  // lines, ranges: offsets
    0x11, 0x01,  // addresses in ranges begin at: address
    0, 0,
    2, 0x2E, 0,  // a function, without children
    0x03, 0x08,  // name: string
    0x11, 0x01, 0x12, 0x07,  // start: address, bytes: data8
    0x3F, 0x19,  // external: by being there
    0, 0,
    0,
  ]

  private mutating func append(_ unit: DebugUnit) {
    var content: [UInt8] = []
    content.append(number: UInt16(4))
    content.append(number: UInt32(0))
    content.append(8)
    content.append(1)
    content.append(text: unit.name)
    content.append(text: unit.directory)
    content.append(number: unit.language)
    content.append(number: UInt32(lines.count))
    content.append(number: UInt32(ranges.count))
    content.append(number: UInt64(0))
    for function in unit.functions {
      content.append(2)
      content.append(text: function.name)
      content.append(number: function.addresses.lowerBound)
      content.append(number: UInt64(function.addresses.count))
      ranges.append(number: function.addresses.lowerBound)
      ranges.append(number: function.addresses.upperBound)
    }
    content.append(0)
    ranges += Array(repeating: 0, count: 16)
    units.append(number: UInt32(content.count))
    units += content
    appendLines(unit)
  }

  // MARK: Lines.

  private static let lineBase = -5
  private static let lineRange = 14
  private static let firstSpecialOpcode = 13

  private mutating func appendLines(_ unit: DebugUnit) {
    var header: [UInt8] = [
      1, 1, 1, UInt8(bitPattern: Int8(Self.lineBase)), UInt8(Self.lineRange),
      UInt8(Self.firstSpecialOpcode), 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1,
    ]
    // Directories are in the files' paths.
    header.append(0)
    for file in unit.files {
      header.append(text: file)
      header += [0, 0, 0]
    }
    header.append(0)
    var content: [UInt8] = []
    content.append(number: UInt16(4))
    content.append(number: UInt32(header.count))
    content += header
    for function in unit.functions { Self.appendSequence(function, to: &content) }
    lines.append(number: UInt32(content.count))
    lines += content
  }

  private static func appendSequence(_ function: DebugUnit.Function, to bytes: inout [UInt8]) {
    bytes += [0, 9, 2]
    bytes.append(number: function.addresses.lowerBound)
    var last = LineRow(
      address: function.addresses.lowerBound, file: 1, line: 1, column: 0, isStatement: true)
    for row in function.rows {
      if row.file != last.file { bytes.append(4, unsigned: UInt64(row.file)) }
      if row.column != last.column { bytes.append(5, unsigned: UInt64(row.column)) }
      if row.isStatement != last.isStatement { bytes.append(6) }
      let lines = Int(row.line) - Int(last.line)
      let addresses = row.address - last.address
      let special = lines - lineBase + lineRange * Int(min(addresses, 255)) + firstSpecialOpcode
      if (lineBase..<lineBase + lineRange).contains(lines), special <= 255 {
        bytes.append(UInt8(special))
      } else {
        bytes.append(2, unsigned: addresses)
        bytes.append(3)
        bytes.append(signed: Int64(lines))
        bytes.append(1)
      }
      last = row
    }
    bytes.append(2, unsigned: function.addresses.upperBound - last.address)
    bytes += [0, 1, 1]
  }
}

extension [UInt8] {
  fileprivate mutating func append(number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a string, up to a zero in it, and a zero.
  fileprivate mutating func append(text: String) {
    append(contentsOf: text.utf8.prefix { $0 != 0 })
    append(0)
  }

  fileprivate mutating func append(_ opcode: UInt8, unsigned operand: UInt64) {
    append(opcode)
    append(unsigned: operand)
  }
}
