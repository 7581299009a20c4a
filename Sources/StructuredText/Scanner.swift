// Going through a document's bytes.

/// A cursor. Looking beyond the end sees nil.
struct Scanner {
  let bytes: [UInt8]
  var position = 0

  /// Values that lie deeper than this in others are refused: the parsers are recursive.
  static let depthLimit = 100

  /// Throws where the bytes are no UTF-8.
  init(_ bytes: [UInt8]) throws(StructuredTextError) {
    self.bytes = bytes
    if let offset = Self.firstBadByte(bytes) {
      throw StructuredTextError("this is not UTF-8", at: offset)
    }
  }

  private static func firstBadByte(_ bytes: [UInt8]) -> Int? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  /// Whether what follows is `text`.
  func isAt(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    return bytes[position..<(position + count)].elementsEqual(
      UnsafeBufferPointer(start: text.utf8Start, count: count))
  }

  /// Goes beyond `text` if it follows.
  mutating func take(_ text: StaticString) -> Bool {
    guard isAt(text) else { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  mutating func skip(while isWanted: (UInt8) -> Bool) {
    while let byte = current, isWanted(byte) { position += 1 }
  }

  /// The text from `start` up to here.
  func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

  /// What stands here, for messages.
  var found: String {
    guard let byte = current else { return "the end of the file" }
    if byte == UInt8(ascii: "\n") || isAt("\r\n") { return "the end of the line" }
    let rest = String(decoding: bytes[position..<min(position + 8, bytes.count)], as: UTF8.self)
    return "'\(rest.unicodeScalars.first.map(String.init) ?? "")'"
  }

  func error(_ message: String, at offset: Int? = nil) -> StructuredTextError {
    StructuredTextError(message, at: offset ?? position)
  }

  /// Reads `count` hexadecimal digits as a scalar value.
  mutating func scalar(digitCount count: Int) throws(StructuredTextError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = current.flatMap({ hexadecimalValue($0) }) else {
        throw error("\(count) hexadecimal digits are expected, not \(found)")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
