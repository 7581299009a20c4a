// Reads where a function catches exceptions out of the tables that LLVM makes for an unwinder.
//
// LLVM describes landing pads as the Itanium C++ ABI has it: `.eh_frame` names a function's table in
// `.gcc_except_table`, whose call sites say which part of the code has which pad. Nothing else in
// them is of use: frames are walked by rbp, and pads look at the tag themselves.
//
// Source: Itanium C++ ABI, exception handling tables; Linux Standard Base 5.0, "Exception Frames".

internal import CompilerInterface

extension ELFObject {
  /// A place in a section of the object.
  typealias Place = (section: Int, offset: Int)

  /// The augmentation of a common entry whose functions have a table.
  private static let augmentationWithTable = "zPLR"
  /// The encoding that a table leaves a field out with.
  private static let omitted: UInt8 = 0xFF
  private static let unsignedLEB128: UInt8 = 0x01
  private static let unsigned32: UInt8 = 0x03

  /// Fills in `object.pads`.
  mutating func readPads() throws(CompilationError) {
    for (index, header) in headers.enumerated()
    where try text(header.name, in: headers[sectionNames]) == Self.frameSection {
      let places = try relocatedPlaces(of: index)
      var commonEntriesWithTable: Set<Int> = []
      var position = header.offset
      while position + 8 <= header.offset + header.byteCount {
        let byteCount = Int(try value(position, UInt32.self))
        let identifier = Int(try value(position + 4, UInt32.self))
        if byteCount == 0 { break }
        if identifier == 0 {
          if try hasTable(commonEntry: position, header) { commonEntriesWithTable.insert(position) }
        } else if commonEntriesWithTable.contains(position + 4 - identifier) {
          // Start and size of the function, the byte count of what follows, the table.
          guard let function = places[position + 8], let table = places[position + 17],
            try value(position + 16, UInt8.self) == 4, let section = sections[function.section]
          else { throw .failed("unknown form of frame data") }
          try readCallSites(table, function: (section, function.offset))
        }
        position += 4 + byteCount
      }
    }
  }

  private func hasTable(
    commonEntry position: Int, _ section: SectionHeader
  ) throws(CompilationError) -> Bool {
    try text(position + 9 - section.offset, in: section) == Self.augmentationWithTable
  }

  /// What the 32-bit distances in section `index` lead to, by their place in the file.
  private func relocatedPlaces(of index: Int) throws(CompilationError) -> [Int: Place] {
    var places: [Int: Place] = [:]
    for header in headers where header.type == SectionType.relocationsWithAddend {
      guard header.info == index else { continue }
      for start in stride(from: header.offset, to: header.offset + header.byteCount, by: 24) {
        let place = headers[index].offset + Int(try value(start, UInt64.self))
        let symbol = try symbolPlace(Int(try value(start + 8, UInt64.self) >> 32), header)
        places[place] = (
          symbol.section, symbol.offset + Int(try value(start + 16, Int64.self))
        )
      }
    }
    return places
  }

  /// Where the symbol is that a relocation in the section `relocations` names.
  func symbolPlace(
    _ index: Int, _ relocations: SectionHeader
  ) throws(CompilationError) -> Place {
    guard relocations.link < headers.count else { throw .failed("relocation without symbols") }
    let start = headers[relocations.link].offset + index * 24
    return (Int(try value(start + 6, UInt16.self)), Int(try value(start + 8, UInt64.self)))
  }

  /// Reads the table at `place`, whose offsets count from `function` on.
  private mutating func readCallSites(
    _ place: Place, function: Place
  ) throws(CompilationError) {
    guard place.section < headers.count else { throw .failed("object is truncated") }
    var position = headers[place.section].offset + place.offset
    guard try value(position, UInt8.self) == Self.omitted else {
      throw .failed("unknown form of exception tables")
    }
    let typeEncoding = try value(position + 1, UInt8.self)
    position += 2
    if typeEncoding != Self.omitted { _ = try unsigned(&position) }
    let encoding = try value(position, UInt8.self)
    guard encoding == Self.unsignedLEB128 || encoding == Self.unsigned32 else {
      throw .failed("unknown form of exception tables")
    }
    position += 1
    let byteCount = try unsigned(&position)
    let end = position + byteCount
    while position < end {
      var fields = (start: 0, byteCount: 0, pad: 0)
      fields.start = try field(&position, encoding)
      fields.byteCount = try field(&position, encoding)
      fields.pad = try field(&position, encoding)
      _ = try unsigned(&position)
      guard fields.pad != 0, fields.byteCount != 0 else { continue }
      let start = function.offset + fields.start
      object.pads.append(
        .init(
          section: function.section, start: start, end: start + fields.byteCount,
          pad: function.offset + fields.pad))
    }
  }

  private func field(_ position: inout Int, _ encoding: UInt8) throws(CompilationError) -> Int {
    if encoding == Self.unsignedLEB128 { return try unsigned(&position) }
    defer { position += 4 }
    return Int(try value(position, UInt32.self))
  }

  /// An unsigned LEB128 number.
  private func unsigned(_ position: inout Int) throws(CompilationError) -> Int {
    var result = 0
    var shift = 0
    while true {
      let byte = try value(position, UInt8.self)
      position += 1
      result |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return result }
      shift += 7
      guard shift < 63 else { throw .failed("object is damaged") }
    }
  }
}
