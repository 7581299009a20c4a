// What is said of a compilation unit as a whole: which file, compiled where.

/// The first entry of a compilation unit in `.debug_info`.
struct UnitRoot {
  var name: StringPlace?
  var directory: StringPlace?
  var language: UInt64?
  /// Where the unit's lines are in `.debug_line`.
  var lines: UInt64?

  /// Source: DWARF 5 §7.5.4.
  private enum Attribute {
    static let name: UInt64 = 0x03
    static let lines: UInt64 = 0x10
    static let language: UInt64 = 0x13
    static let directory: UInt64 = 0x1B
  }

  /// All units by the place of their lines. Units that are malformed are left out.
  static func read(_ sections: DebugSections) -> [UInt64: UnitRoot] {
    var roots: [UInt64: UnitRoot] = [:]
    var cursor = ByteCursor(sections.units)
    do throws(Malformed) {
      while !cursor.isAtEnd {
        let (byteCount, offsetByteCount) = try cursor.unitLength()
        var unit = try cursor.part(byteCount)
        do throws(Malformed) {
          let root = try UnitRoot(&unit, sections, offsetByteCount)
          if let lines = root.lines { roots[lines] = roots[lines] ?? root }
        } catch {}
      }
    } catch {}
    return roots
  }

  private init(
    _ unit: inout ByteCursor, _ sections: DebugSections, _ offsetByteCount: Int
  ) throws(Malformed) {
    let version: UInt16 = try unit.number()
    guard (2...5).contains(version) else { throw Malformed() }
    var kind: UInt8 = 1
    var addressByteCount = 4
    if version >= 5 {
      kind = try unit.number()
      addressByteCount = Int(try unit.number(UInt8.self))
    }
    let abbreviations = try unit.number(byteCount: offsetByteCount)
    if version < 5 { addressByteCount = Int(try unit.number(UInt8.self)) }
    switch kind {
    case 1, 3: break
    // A skeleton says where the rest is.
    case 4: try unit.skip(8)
    default: throw Malformed()
    }
    try readEntry(
      &unit, sections, abbreviations, addressByteCount: addressByteCount,
      offsetByteCount: offsetByteCount)
  }

  private mutating func readEntry(
    _ unit: inout ByteCursor, _ sections: DebugSections, _ abbreviations: UInt64,
    addressByteCount: Int, offsetByteCount: Int
  ) throws(Malformed) {
    let code = try unit.unsigned()
    var attributes = try Self.attributes(code, sections, at: abbreviations)
    while true {
      let attribute = try attributes.unsigned()
      var form = try attributes.unsigned()
      if attribute == 0, form == 0 { return }
      var value = Form.Value.other
      if form == Form.implicitConstant {
        value = .number(UInt64(bitPattern: try attributes.signed()))
      } else {
        while form == Form.indirect { form = try unit.unsigned() }
        value = try Form.read(
          form, &unit, in: .units, addressByteCount: addressByteCount,
          offsetByteCount: offsetByteCount)
      }
      switch (attribute, value) {
      case (Attribute.name, .text(let place)): name = place
      case (Attribute.directory, .text(let place)): directory = place
      case (Attribute.language, .number(let number)): language = number
      case (Attribute.lines, .number(let number)): lines = number
      default: break
      }
    }
  }

  /// As many are looked at before that of a unit's root, which compilers have first: all units can
  /// share a table.
  private static let abbreviationLimit = 64

  /// A cursor at the attributes that entries with `code` have.
  private static func attributes(
    _ code: UInt64, _ sections: DebugSections, at offset: UInt64
  ) throws(Malformed) -> ByteCursor {
    var cursor = try ByteCursor(sections.abbreviations, at: offset)
    for _ in 0..<abbreviationLimit {
      let found = try cursor.unsigned()
      guard found != 0 else { throw Malformed() }
      _ = try cursor.unsigned()  // tag
      _ = try cursor.number(UInt8.self)  // children
      if found == code { return cursor }
      while true {
        let (attribute, form) = (try cursor.unsigned(), try cursor.unsigned())
        if form == Form.implicitConstant { _ = try cursor.signed() }
        if attribute == 0, form == 0 { break }
      }
    }
    throw Malformed()
  }
}
