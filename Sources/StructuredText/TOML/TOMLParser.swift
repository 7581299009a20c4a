// TOML 1.0.0: the document's structure.
//
// TOMLKit, which would do this, keeps no places of keys and values and brings Foundation into the
// program, which each start would pay for. What this parser accepts is tested beside Python's
// tomllib.

/// Reads a TOML document.
package struct TOMLParser {
  var scanner: Scanner

  /// The document's table. `bytes` are its text; offsets in the result and in the error count them.
  package static func parse(_ bytes: [UInt8]) throws(StructuredTextError) -> Table {
    var parser = TOMLParser(scanner: try Scanner(bytes))
    return try parser.document()
  }

  private mutating func document() throws(StructuredTextError) -> Table {
    let root = TableBuilder(.header, at: 0)
    var table = root
    while true {
      skipBlanks()
      guard let byte = scanner.current else { return root.table }
      if byte == UInt8(ascii: "[") {
        table = try header(root)
      } else if byte != UInt8(ascii: "#"), !isAtLineEnd {
        try keyValue(into: table, depth: 0)
      }
      try endLine()
    }
  }

  // MARK: Lines.

  mutating func skipBlanks() { scanner.skip { $0 == 0x20 || $0 == 0x09 } }

  private var isAtLineEnd: Bool { scanner.isAt("\n") || scanner.isAt("\r\n") }

  /// Goes beyond a comment, if there is one.
  mutating func skipComment() throws(StructuredTextError) {
    guard scanner.isAt("#") else { return }
    while let byte = scanner.current, !isAtLineEnd {
      guard byte == 0x09 || byte >= 0x20 && byte != 0x7F else {
        throw scanner.error("a comment holds no control characters")
      }
      scanner.position += 1
    }
  }

  private mutating func endLine() throws(StructuredTextError) {
    skipBlanks()
    try skipComment()
    guard scanner.current != nil else { return }
    guard scanner.take("\n") || scanner.take("\r\n") else {
      throw scanner.error("the end of the line is expected, not \(scanner.found)")
    }
  }

  /// Goes beyond blanks, comments and ends of lines, which may stand between an array's values.
  mutating func skipLines() throws(StructuredTextError) {
    while true {
      skipBlanks()
      try skipComment()
      guard scanner.take("\n") || scanner.take("\r\n") else { return }
    }
  }

  // MARK: Headers and keys.

  /// Reads `[a.b]` or `[[a.b]]`; the table that the lines below it fill.
  private mutating func header(_ root: TableBuilder) throws(StructuredTextError) -> TableBuilder {
    let isElement = scanner.take("[[")
    if !isElement { _ = scanner.take("[") }
    let keys = try dottedKey(depth: 0)
    guard isElement ? scanner.take("]]") : scanner.take("]") else {
      throw scanner.error("'\(isElement ? "]]" : "]")' is expected, not \(scanner.found)")
    }
    let parent = try root.parent(keys.dropLast())
    let last = keys[keys.count - 1]
    return isElement ? try parent.beginElement(last) : try parent.beginTable(last)
  }

  /// Reads `a.b = value`.
  mutating func keyValue(into table: TableBuilder, depth: Int) throws(StructuredTextError) {
    let keys = try dottedKey(depth: depth)
    guard scanner.take("=") else { throw scanner.error("'=' is expected, not \(scanner.found)") }
    skipBlanks()
    // Before its value is read: what is wrong with the key is what comes first.
    let owner = try table.owner(keys.dropLast())
    let node = try value(depth: depth + keys.count)
    try owner.add(keys[keys.count - 1], node)
  }

  /// At least one key, and the blanks around them.
  private mutating func dottedKey(depth: Int) throws(StructuredTextError) -> [TOMLKey] {
    var keys: [TOMLKey] = []
    repeat {
      skipBlanks()
      guard depth + keys.count < Scanner.depthLimit else {
        throw scanner.error("tables are nested too deeply")
      }
      keys.append(try key())
      skipBlanks()
    } while scanner.take(".")
    return keys
  }

  private mutating func key() throws(StructuredTextError) -> TOMLKey {
    let start = scanner.position
    switch scanner.current {
    case UInt8(ascii: "\""): return TOMLKey(text: try basicString(), offset: start)
    case UInt8(ascii: "'"): return TOMLKey(text: try literalString(), offset: start)
    default: break
    }
    scanner.skip(while: Self.isBareKeyByte)
    guard scanner.position > start else {
      throw scanner.error("a key is expected, not \(scanner.found)")
    }
    return TOMLKey(text: scanner.text(from: start), offset: start)
  }

  private static func isBareKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  // MARK: Values.

  private mutating func value(depth: Int) throws(StructuredTextError) -> Node {
    let start = scanner.position
    guard depth <= Scanner.depthLimit else { throw scanner.error("values are nested too deeply") }
    if scanner.isAt("\"\"\"") { return Node(.string(try multilineBasicString()), at: start) }
    if scanner.isAt("'''") { return Node(.string(try multilineLiteralString()), at: start) }
    switch scanner.current {
    case UInt8(ascii: "\""): return Node(.string(try basicString()), at: start)
    case UInt8(ascii: "'"): return Node(.string(try literalString()), at: start)
    case UInt8(ascii: "["): return Node(.array(try array(depth: depth)), at: start)
    case UInt8(ascii: "{"): return Node(.table(try inlineTable(depth: depth)), at: start)
    default: return Node(try word(), at: start)
    }
  }

  private mutating func array(depth: Int) throws(StructuredTextError) -> [Node] {
    scanner.position += 1
    var nodes: [Node] = []
    while true {
      try skipLines()
      if scanner.take("]") { return nodes }
      nodes.append(try value(depth: depth + 1))
      try skipLines()
      guard scanner.isAt("]") || scanner.take(",") else {
        throw scanner.error("',' or ']' is expected, not \(scanner.found)")
      }
    }
  }

  private mutating func inlineTable(depth: Int) throws(StructuredTextError) -> Table {
    let table = TableBuilder(.header, at: scanner.position)
    scanner.position += 1
    skipBlanks()
    if scanner.take("}") { return Table() }
    repeat {
      try keyValue(into: table, depth: depth + 1)
      skipBlanks()
    } while scanner.take(",")
    guard scanner.take("}") else {
      throw scanner.error("',' or '}' is expected, not \(scanner.found)")
    }
    return table.table
  }

  /// A value that is neither quoted nor bracketed: all up to the next separator.
  private mutating func word() throws(StructuredTextError) -> Node.Value {
    let start = scanner.position
    scanner.skip { byte in
      switch byte {
      case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"),
        UInt8(ascii: "="), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""),
        UInt8(ascii: "'"):
        false
      default: true
      }
    }
    guard scanner.position > start else {
      throw scanner.error("a value is expected, not \(scanner.found)")
    }
    var text = scanner.text(from: start)
    // A blank may separate a date from its time.
    if text.utf8.count == 10, TOMLDateTime.isDate(text), scanner.isAt(" "),
      let digit = scanner.peek(1), isDigit(digit)
    {
      scanner.position += 1
      scanner.skip { isDigit($0) || ":.+-zZ".utf8.contains($0) }
      text = scanner.text(from: start)
    }
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: break
    }
    if let number = TOMLNumber.value(text) { return number }
    if TOMLDateTime.isValid(text) { return .dateTime(text) }
    throw scanner.error(
      "'\(text)' is no value; a string must stand in quotes", at: start)
  }
}
