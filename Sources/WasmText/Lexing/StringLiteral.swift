// String literals: where they end, and which bytes they stand for. Spec: core 3.0 §6.3.3.

enum StringLiteral {
  /// The offset behind the literal that begins at `start` with a quotation mark.
  static func end(
    in text: UnsafeRawBufferPointer, from start: Int
  ) throws(SourceError) -> Int {
    var position = start + 1
    while position < text.count {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""): return position + 1
      case UInt8(ascii: "\\"): position = try escapeEnd(in: text, position)
      case 0x20...0x7E: position &+= 1
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        throw SourceError("unclosed string", at: start)
      case 0x80...:
        guard let length = UTF8Text.sequenceLength(in: text, at: position) else {
          throw SourceError("malformed UTF-8 encoding", at: position)
        }
        position &+= length
      default: throw SourceError("illegal character in a string", at: position)
      }
    }
    throw SourceError("unclosed string", at: start)
  }

  /// The offset behind the escape sequence at `start`.
  private static func escapeEnd(
    in text: UnsafeRawBufferPointer, _ start: Int
  ) throws(SourceError) -> Int {
    func byte(_ offset: Int) -> UInt8 { offset < text.count ? text[offset] : 0 }
    let malformed = SourceError("malformed escape sequence in a string", at: start)
    switch byte(start + 1) {
    case UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "\\"):
      return start + 2
    case UInt8(ascii: "u"):
      var end = start + 3
      guard byte(start + 2) == UInt8(ascii: "{") else { throw malformed }
      guard let value = Digits.hexadecimal(in: text, &end), byte(end) == UInt8(ascii: "}"),
        let scalar = UInt32(exactly: value), Unicode.Scalar(scalar) != nil
      else { throw malformed }
      return end + 1
    case let digit:
      guard Digits.value(digit) < 16, Digits.value(byte(start + 2)) < 16 else { throw malformed }
      return start + 3
    }
  }

  /// Appends the bytes that the literal at `range`, quotation marks included, stands for. The lexer
  /// has checked it.
  static func append(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, to bytes: inout [UInt8]
  ) {
    let end = range.upperBound - 1
    var position = range.lowerBound + 1
    while position < end {
      let start = position
      while position < end, text[position] != UInt8(ascii: "\\") { position &+= 1 }
      bytes.append(contentsOf: text[start..<position])
      if position < end { position = appendEscape(text, position, to: &bytes) }
    }
  }

  /// Appends what the escape sequence at `start` means; returns the offset behind it.
  private static func appendEscape(
    _ text: UnsafeRawBufferPointer, _ start: Int, to bytes: inout [UInt8]
  ) -> Int {
    let code = text[start + 1]
    switch code {
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "n"): bytes.append(0x0A)
    case UInt8(ascii: "r"): bytes.append(0x0D)
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): bytes.append(code)
    case UInt8(ascii: "u"):
      var end = start + 3
      let value = Digits.hexadecimal(in: text, &end) ?? 0
      if let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)) {
        bytes.append(contentsOf: UTF8.encode(scalar)!)
      }
      return end + 1
    default:
      bytes.append(UInt8(Digits.value(code) << 4 | Digits.value(text[start + 2])))
      return start + 3
    }
    return start + 2
  }
}
