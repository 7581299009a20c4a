// An ELF file that tells a debugger of code in memory: what the functions are called, and how to get
// from a frame to its caller's, and which lines of a source it is of. The code itself is not in it.

import DWARF

/// A relocatable ELF file for x86-64 whose text is at an address already, as GDB's JIT interface takes
/// it.
struct DebugObject {
  struct Symbol {
    let name: String
    /// In the text.
    let offset: Int
    let byteCount: Int
  }

  private let address: UInt64
  private let byteCount: Int
  private let symbols: [Symbol]
  private let units: [DebugUnit]

  /// The text at `address`, with functions in it.
  init(address: UInt64, byteCount: Int, _ symbols: [Symbol], units: [DebugUnit] = []) {
    self.address = address
    self.byteCount = byteCount
    self.symbols = symbols
    self.units = units
  }

  private struct Section {
    var name: String
    var type: UInt32
    var flags: UInt64 = 0
    var address: UInt64 = 0
    var content: [UInt8] = []
    /// Of a section without content in the file.
    var byteCount = 0
    var link: UInt32 = 0
    var info: UInt32 = 0
    var entryByteCount: UInt64 = 0
  }

  /// Numbers of elf(5).
  private enum ELF {
    static let programBits: UInt32 = 1
    static let symbolTable: UInt32 = 2
    static let stringTable: UInt32 = 3
    static let noBits: UInt32 = 8
    static let allocated: UInt64 = 2
    static let executable: UInt64 = 4
    static let headerByteCount = 64
    static let sectionHeaderByteCount = 64
    static let symbolByteCount = 24
    static let globalFunction: UInt8 = 1 << 4 | 2
  }

  /// Places of the sections in the file's table.
  private enum Place {
    static let text: UInt16 = 1
    static let strings: UInt32 = 4
    static let sectionNames: UInt16 = 5
  }

  /// The file's bytes.
  func encoded() -> [UInt8] {
    var strings = StringTable()
    var table = LittleEndianBytes(zeros: ELF.symbolByteCount)
    for symbol in symbols {
      table.append(strings.add(symbol.name))
      table.append(ELF.globalFunction)
      table.append(UInt8(0))
      table.append(Place.text)
      table.append(UInt64(symbol.offset))
      table.append(UInt64(symbol.byteCount))
    }
    let sections = [
      Section(name: "", type: 0),
      Section(
        name: ".text", type: ELF.noBits, flags: ELF.allocated | ELF.executable, address: address,
        byteCount: byteCount),
      Section(
        name: ".eh_frame", type: ELF.programBits, flags: ELF.allocated, content: unwindTable),
      // All symbols but the first, which is none, are global.
      Section(
        name: ".symtab", type: ELF.symbolTable, content: table.bytes, link: Place.strings, info: 1,
        entryByteCount: UInt64(ELF.symbolByteCount)),
      Section(name: ".strtab", type: ELF.stringTable, content: strings.bytes),
      Section(name: ".shstrtab", type: ELF.stringTable),
    ]
    return Self.file(sections + (units.isEmpty ? [] : lineSections))
  }

  private var lineSections: [Section] {
    let written = WrittenDebugSections(units)
    return [
      (".debug_abbrev", written.abbreviations), (".debug_info", written.units),
      (".debug_ranges", written.ranges), (".debug_line", written.lines),
    ].map { Section(name: $0.0, type: ELF.programBits, content: $0.1) }
  }

  private static func file(_ given: [Section]) -> [UInt8] {
    var sections = given
    var names = StringTable()
    let nameOffsets = sections.map { names.add($0.name) }
    sections[Int(Place.sectionNames)].content = names.bytes
    var content = LittleEndianBytes(zeros: 0)
    var headers = LittleEndianBytes(zeros: 0)
    for (name, section) in zip(nameOffsets, sections) {
      content.align(to: 8)
      headers.append(name)
      headers.append(section.type)
      headers.append(section.flags)
      headers.append(section.address)
      headers.append(UInt64(ELF.headerByteCount + content.bytes.count))
      headers.append(UInt64(section.byteCount + section.content.count))
      headers.append(section.link)
      headers.append(section.info)
      headers.append(UInt64(section.type == 0 ? 0 : 8))
      headers.append(section.entryByteCount)
      content.append(section.content)
    }
    content.align(to: 8)
    return header(
      sectionCount: sections.count, sectionsAt: ELF.headerByteCount + content.bytes.count)
      + content.bytes + headers.bytes
  }

  private static func header(sectionCount: Int, sectionsAt offset: Int) -> [UInt8] {
    var header = LittleEndianBytes(zeros: 0)
    // 64 bits, little-endian, version 1, System V.
    header.append([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    // Relocatable, x86-64, version 1.
    header.append(UInt16(1))
    header.append(UInt16(62))
    header.append(UInt32(1))
    header.append(UInt64(0))
    header.append(UInt64(0))
    header.append(UInt64(offset))
    header.append(UInt32(0))
    header.append(UInt16(ELF.headerByteCount))
    header.append(UInt16(0))
    header.append(UInt16(0))
    header.append(UInt16(ELF.sectionHeaderByteCount))
    header.append(UInt16(sectionCount))
    header.append(Place.sectionNames)
    return header.bytes
  }

  /// One rule for all of the text: a frame begins with the caller's rbp and the address to return to,
  /// and rbp points there. It does not hold in a function's first and last instructions.
  /// Format: Linux Standard Base, ".eh_frame".
  private var unwindTable: [UInt8] {
    var table = LittleEndianBytes(zeros: 0)
    table.append(
      record: [0, 0, 0, 0, 1] + Array("zR".utf8) + [
        0,  // the augmentation's end
        1, 0x78, 16,  // code in bytes, data in -8s, the return address is register 16
        1, 0x00,  // addresses are absolute
        0x0C, 6, 16,  // the frame begins at rbp + 16
        0x86, 2, 0x90, 1,  // rbp is saved at -16, the return address at -8
      ])
    // The distance back to the rule above, from here.
    var range = LittleEndianBytes(zeros: 0)
    range.append(UInt32(table.bytes.count + 4))
    range.append(address)
    range.append(UInt64(byteCount))
    range.append(UInt8(0))
    table.append(record: range.bytes)
    table.append(UInt32(0))
    return table.bytes
  }
}

/// Strings with a zero behind each; the first is empty.
private struct StringTable {
  private(set) var bytes: [UInt8] = [0]

  /// The string's offset.
  mutating func add(_ text: String) -> UInt32 {
    guard !text.isEmpty else { return 0 }
    defer { bytes += Array(text.utf8) + [0] }
    return UInt32(bytes.count)
  }
}

private struct LittleEndianBytes {
  private(set) var bytes: [UInt8]

  init(zeros count: Int) { bytes = Array(repeating: 0, count: count) }

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ more: [UInt8]) { bytes += more }

  mutating func align(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  /// Appends a record of an unwind table: its length, and padding that does nothing behind it.
  mutating func append(record: [UInt8]) {
    let padding = -(record.count + 4) & 7
    append(UInt32(record.count + padding))
    append(record + Array(repeating: 0, count: padding))
  }
}
