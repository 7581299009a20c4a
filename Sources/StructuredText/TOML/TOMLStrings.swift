// TOML's four kinds of strings. Spec: TOML 1.0.0, "String".

extension TOMLParser {
  /// `"…"` on one line, with escapes.
  mutating func basicString() throws(StructuredTextError) -> String {
    let start = scanner.position
    scanner.position += 1
    var result: [UInt8] = []
    while true {
      switch scanner.current {
      case UInt8(ascii: "\""):
        scanner.position += 1
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"): result += Array(String(try escape()).utf8)
      default: result.append(try plainByte(of: start))
      }
    }
  }

  /// `'…'` on one line, as it is.
  mutating func literalString() throws(StructuredTextError) -> String {
    let start = scanner.position
    scanner.position += 1
    while !scanner.isAt("'") { _ = try plainByte(of: start) }
    scanner.position += 1
    return String(decoding: scanner.bytes[(start + 1)..<(scanner.position - 1)], as: UTF8.self)
  }

  /// `"""…"""`, with escapes.
  mutating func multilineBasicString() throws(StructuredTextError) -> String {
    let start = beginMultiline()
    var result: [UInt8] = []
    while true {
      if takeEnd("\"\"\"", UInt8(ascii: "\""), &result) {
        return String(decoding: result, as: UTF8.self)
      }
      if takeLineEnd() {
        result.append(UInt8(ascii: "\n"))
      } else if scanner.isAt("\\") {
        if try !skipLineContinuation() { result += Array(String(try escape()).utf8) }
      } else {
        result.append(try plainByte(of: start))
      }
    }
  }

  /// `'''…'''`, as it is.
  mutating func multilineLiteralString() throws(StructuredTextError) -> String {
    let start = beginMultiline()
    var result: [UInt8] = []
    while true {
      if takeEnd("'''", UInt8(ascii: "'"), &result) {
        return String(decoding: result, as: UTF8.self)
      }
      result.append(takeLineEnd() ? UInt8(ascii: "\n") : try plainByte(of: start))
    }
  }

  // MARK: Parts.

  private mutating func takeLineEnd() -> Bool { scanner.take("\n") || scanner.take("\r\n") }

  /// Goes beyond the quotes and an end of line right behind them; where they began.
  private mutating func beginMultiline() -> Int {
    let start = scanner.position
    scanner.position += 3
    _ = takeLineEnd()
    return start
  }

  /// Goes beyond three quotes. Up to two more before them belong to the string.
  private mutating func takeEnd(
    _ end: StaticString, _ quote: UInt8, _ result: inout [UInt8]
  ) -> Bool {
    guard scanner.take(end) else { return false }
    for _ in 0..<2 where scanner.current == quote {
      scanner.position += 1
      result.append(quote)
    }
    return true
  }

  /// A byte that stands for itself, in the string that began at `start`.
  private mutating func plainByte(of start: Int) throws(StructuredTextError) -> UInt8 {
    guard let byte = scanner.current else {
      throw scanner.error("the string has no end", at: start)
    }
    if byte == UInt8(ascii: "\n") || scanner.isAt("\r\n") {
      throw scanner.error("the string does not end on its line", at: start)
    }
    guard byte == 0x09 || byte >= 0x20 && byte != 0x7F else {
      throw scanner.error("a control character must be written as an escape")
    }
    scanner.position += 1
    return byte
  }

  /// A backslash that is the last on its line takes all blank space behind it away.
  private mutating func skipLineContinuation() throws(StructuredTextError) -> Bool {
    let start = scanner.position
    scanner.position += 1
    skipBlanks()
    guard takeLineEnd() else {
      scanner.position = start
      return false
    }
    repeat { skipBlanks() } while takeLineEnd()
    return true
  }

  private mutating func escape() throws(StructuredTextError) -> Unicode.Scalar {
    let start = scanner.position
    let byte = scanner.peek(1)
    scanner.position += 2
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try scalar(digitCount: 4, at: start)
    case UInt8(ascii: "U"): return try scalar(digitCount: 8, at: start)
    default:
      throw scanner.error(
        "there is no such escape; a backslash is written '\\\\', or stands in '…'", at: start)
    }
  }

  private mutating func scalar(
    digitCount: Int, at start: Int
  ) throws(StructuredTextError) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(try scanner.scalar(digitCount: digitCount)) else {
      throw scanner.error("there is no such character", at: start)
    }
    return scalar
  }
}
