// The header of a unit's lines: its files, and how its program is to be read.
//
// Source: DWARF 2 to 5, "Line Number Information"; 5 §6.2.4.

/// One unit of `.debug_line`.
struct LineUnit {
  struct File {
    var name: StringPlace
    var directory: UInt64
  }

  private(set) var version: UInt16 = 0
  /// From version 5 on the first is the unit's own directory; before, the numbers begin with 1.
  private(set) var directories: [StringPlace] = []
  private(set) var files: [File] = []
  var root: UnitRoot?

  // How the program is coded.
  private(set) var addressByteCount = 0
  private(set) var smallestInstruction: UInt64 = 1
  private(set) var isStatementAtFirst = true
  private(set) var lineBase: Int8 = 0
  private(set) var lineRange: UInt8 = 1
  private(set) var firstSpecialOpcode: UInt8 = 1
  /// By standard opcode.
  private(set) var operandCounts: [UInt8] = [0]

  /// Reads the header at the beginning of `unit`, which then is at the program.
  init(_ unit: inout ByteCursor, offsetByteCount: Int) throws(Malformed) {
    version = try unit.number()
    guard (2...5).contains(version) else { throw Malformed() }
    if version >= 5 {
      addressByteCount = Int(try unit.number(UInt8.self))
      guard try unit.number(UInt8.self) == 0 else { throw Malformed() }  // segment selectors
    }
    var header = try unit.part(try unit.number(byteCount: offsetByteCount))
    smallestInstruction = UInt64(try header.number(UInt8.self))
    if version >= 4 { _ = try header.number(UInt8.self) }  // operations in an instruction
    isStatementAtFirst = try header.number(UInt8.self) != 0
    lineBase = try header.number()
    lineRange = try header.number()
    firstSpecialOpcode = try header.number()
    guard lineRange != 0, firstSpecialOpcode != 0 else { throw Malformed() }
    for _ in 1..<firstSpecialOpcode { operandCounts.append(try header.number()) }
    if version >= 5 {
      for entry in try Self.entries(&header, offsetByteCount) { directories.append(entry.name) }
      files = try Self.entries(&header, offsetByteCount)
    } else {
      try readOlderTables(&header)
    }
  }

  /// Two lists, each with an empty name behind it. Source: DWARF 4 §6.2.4.
  private mutating func readOlderTables(_ header: inout ByteCursor) throws(Malformed) {
    while true {
      let start = header.position
      let name = StringPlace(section: .lines, offset: UInt64(try header.string()))
      if header.position == start + 1 { break }
      directories.append(name)
    }
    while true {
      let start = header.position
      let name = StringPlace(section: .lines, offset: UInt64(try header.string()))
      if header.position == start + 1 { break }
      try addFile(named: name, &header)
    }
  }

  /// Reads the rest of a file's entry, as older tables and `DW_LNE_define_file` have it.
  mutating func addFile(named name: StringPlace, _ cursor: inout ByteCursor) throws(Malformed) {
    files.append(File(name: name, directory: try cursor.unsigned()))
    _ = try cursor.unsigned()  // time
    _ = try cursor.unsigned()  // bytes
  }

  /// A list that says itself what its entries are made of. Source: DWARF 5 §6.2.4.1.
  private static func entries(
    _ header: inout ByteCursor, _ offsetByteCount: Int
  ) throws(Malformed) -> [File] {
    var formats: [(content: UInt64, form: UInt64)] = []
    for _ in 0..<(try header.number(UInt8.self)) {
      formats.append((try header.unsigned(), try header.unsigned()))
    }
    let count = try header.unsigned()
    // Each entry takes space, or there could be any number of them.
    guard count <= UInt64(header.end - header.position) else { throw Malformed() }
    var entries: [File] = []
    for _ in 0..<count {
      let start = header.position
      var file = File(name: StringPlace(section: .lines, offset: .max), directory: 0)
      for format in formats {
        let value = try Form.read(
          format.form, &header, in: .lines, addressByteCount: 8, offsetByteCount: offsetByteCount)
        switch (format.content, value) {
        case (1, .text(let place)): file.name = place
        case (2, .number(let number)): file.directory = number
        default: break
        }
      }
      guard header.position > start else { throw Malformed() }
      entries.append(file)
    }
    return entries
  }

  // MARK: Names.

  /// The directory that the unit was compiled in; empty where that is not known.
  func directory(_ sections: DebugSections) -> String {
    if let place = root?.directory { return sections.text(place) }
    return version >= 5 ? directories.first.map { sections.text($0) } ?? "" : ""
  }

  /// The unit's main file.
  func name(_ sections: DebugSections) -> String {
    if let place = root?.name { return sections.text(place) }
    return path(ofFile: version >= 5 ? 0 : 1, sections) ?? ""
  }

  /// The path of a file by its number in the program, as the compiler was told it: absolute, or
  /// relative to the unit's directory.
  func path(ofFile number: UInt64, _ sections: DebugSections) -> String? {
    let first: UInt64 = version >= 5 ? 0 : 1
    guard number >= first, number - first < UInt64(files.count) else { return nil }
    let file = files[Int(number - first)]
    let name = sections.text(file.name)
    guard !name.isEmpty else { return nil }
    guard !name.hasPrefix("/"), file.directory != 0, file.directory - first < directories.count
    else { return name }
    let directory = sections.text(directories[Int(file.directory - first)])
    return directory.isEmpty ? name : directory + "/" + name
  }
}
