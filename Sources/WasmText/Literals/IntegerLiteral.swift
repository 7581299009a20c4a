// Integer literals. Spec: core 3.0 §6.3.2.

/// A literal's sign and absolute value.
struct IntegerLiteral {
  var isNegative = false
  var hasSign = false
  var magnitude: UInt64

  enum Failure: Error {
    case malformed
    case tooLarge
  }

  /// Reads all of `text`.
  init(_ text: UnsafeRawBufferPointer) throws(Failure) {
    var position = 0
    if let first = text.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      hasSign = true
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    var radix = 10
    if text.count > position + 2, text[position] == UInt8(ascii: "0"),
      text[position + 1] == UInt8(ascii: "x")
    {
      radix = 16
      position += 2
    }
    let value = Digits.number(in: text, &position, end: text.count, radix: radix)
    guard let value else {
      let isNumber = Self.isDigits(text[position...], radix: radix)
      throw isNumber ? .tooLarge : .malformed
    }
    guard position == text.count else { throw .malformed }
    magnitude = value
  }

  /// Whether a number that ended early only had too many digits.
  private static func isDigits(_ rest: Slice<UnsafeRawBufferPointer>, radix: Int) -> Bool {
    var isDigitBefore = false
    for byte in rest {
      let isDigit = Digits.value(byte) < radix
      guard isDigit || byte == UInt8(ascii: "_") && isDigitBefore else { return false }
      isDigitBefore = isDigit
    }
    return isDigitBefore
  }

  /// The value as a two's complement of `bits` bits, which holds signed and unsigned literals.
  func value(bits: Int) throws(Failure) -> UInt64 {
    let unsignedLimit = bits == 64 ? UInt64.max : 1 << UInt64(bits) - 1
    let limit = isNegative ? 1 << UInt64(bits - 1) : unsignedLimit
    guard magnitude <= limit else { throw .tooLarge }
    return isNegative ? (0 &- magnitude) & unsignedLimit : magnitude
  }
}
