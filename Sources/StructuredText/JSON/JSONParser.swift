// JSON, RFC 8259.

/// Reads a JSON document. A key that stands twice in an object is an error, as in TOML.
package struct JSONParser {
  private var scanner: Scanner

  /// The document's value.
  package static func parse(_ bytes: [UInt8]) throws(StructuredTextError) -> Node {
    var parser = JSONParser(scanner: try Scanner(bytes))
    let node = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.scanner.current == nil else {
      throw parser.scanner.error("the end of the file is expected, not \(parser.scanner.found)")
    }
    return node
  }

  private mutating func skipSpace() {
    scanner.skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  private mutating func value(depth: Int) throws(StructuredTextError) -> Node {
    skipSpace()
    let start = scanner.position
    guard depth <= Scanner.depthLimit else { throw scanner.error("values are nested too deeply") }
    switch scanner.current {
    case UInt8(ascii: "{"): return Node(.table(try object(depth: depth)), at: start)
    case UInt8(ascii: "["): return Node(.array(try array(depth: depth)), at: start)
    case UInt8(ascii: "\""): return Node(.string(try string()), at: start)
    case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte):
      return Node(try number(), at: start)
    default: break
    }
    if scanner.take("true") { return Node(.boolean(true), at: start) }
    if scanner.take("false") { return Node(.boolean(false), at: start) }
    if scanner.take("null") { return Node(.null, at: start) }
    throw scanner.error("a value is expected, not \(scanner.found)")
  }

  private mutating func object(depth: Int) throws(StructuredTextError) -> Table {
    scanner.position += 1
    var entries: [Table.Entry] = []
    var known: Set<String> = []
    skipSpace()
    if scanner.take("}") { return Table() }
    repeat {
      skipSpace()
      let keyOffset = scanner.position
      guard scanner.isAt("\"") else {
        throw scanner.error("a key is expected, not \(scanner.found)")
      }
      let key = try string()
      guard known.insert(key).inserted else {
        throw scanner.error("the key '\(key)' stands here a second time", at: keyOffset)
      }
      skipSpace()
      guard scanner.take(":") else { throw scanner.error("':' is expected, not \(scanner.found)") }
      let node = try value(depth: depth + 1)
      entries.append(Table.Entry(key: key, keyOffset: keyOffset, node: node))
      skipSpace()
    } while scanner.take(",")
    guard scanner.take("}") else {
      throw scanner.error("',' or '}' is expected, not \(scanner.found)")
    }
    return Table(entries)
  }

  private mutating func array(depth: Int) throws(StructuredTextError) -> [Node] {
    scanner.position += 1
    var nodes: [Node] = []
    skipSpace()
    if scanner.take("]") { return nodes }
    repeat {
      nodes.append(try value(depth: depth + 1))
      skipSpace()
    } while scanner.take(",")
    guard scanner.take("]") else {
      throw scanner.error("',' or ']' is expected, not \(scanner.found)")
    }
    return nodes
  }

  private mutating func number() throws(StructuredTextError) -> Node.Value {
    let start = scanner.position
    _ = scanner.take("-")
    if !scanner.take("0") { try digits() }
    var isInteger = true
    if scanner.take(".") {
      isInteger = false
      try digits()
    }
    if scanner.take("e") || scanner.take("E") {
      isInteger = false
      if !scanner.take("+") { _ = scanner.take("-") }
      try digits()
    }
    let text = scanner.text(from: start)
    if isInteger, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text) else { throw scanner.error("a number is expected", at: start) }
    return .float(value)
  }

  private mutating func digits() throws(StructuredTextError) {
    guard let byte = scanner.current, isDigit(byte) else {
      throw scanner.error("a digit is expected, not \(scanner.found)")
    }
    scanner.skip(while: isDigit)
  }

  private mutating func string() throws(StructuredTextError) -> String {
    let start = scanner.position
    scanner.position += 1
    var result: [UInt8] = []
    while true {
      guard let byte = scanner.current else {
        throw scanner.error("the string has no end", at: start)
      }
      switch byte {
      case UInt8(ascii: "\""):
        scanner.position += 1
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        result += Array(String(try escape()).utf8)
      case 0..<0x20: throw scanner.error("a control character must be written as an escape")
      default:
        result.append(byte)
        scanner.position += 1
      }
    }
  }

  private mutating func escape() throws(StructuredTextError) -> Unicode.Scalar {
    let start = scanner.position
    scanner.position += 1
    guard let byte = scanner.current else {
      throw scanner.error("the string has no end", at: start)
    }
    scanner.position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var value = try scanner.scalar(digitCount: 4)
      if (0xD800..<0xDC00).contains(value), scanner.take("\\u") {
        let low = try scanner.scalar(digitCount: 4)
        if (0xDC00..<0xE000).contains(low) {
          value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
        }
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw scanner.error("half of a pair of surrogates", at: start)
      }
      return scalar
    default: throw scanner.error("there is no such escape", at: start)
    }
  }
}
