// Floating-point literals, rounded to the nearest value, ties to even. Spec: core 3.0 §6.3.2.

enum FloatLiteral {
  enum Failure: Error {
    case malformed
    case tooLarge
  }

  /// The bits of an f32.
  static func bits32(_ text: UnsafeRawBufferPointer) throws(Failure) -> UInt32 {
    UInt32(try bits(text, Float.self))
  }

  /// The bits of an f64.
  static func bits64(_ text: UnsafeRawBufferPointer) throws(Failure) -> UInt64 {
    try bits(text, Double.self)
  }

  private static func bits<Format: TextFloat>(
    _ text: UnsafeRawBufferPointer, _ format: Format.Type
  ) throws(Failure) -> UInt64 {
    var start = 0
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { start = 1 }
    let signBit: UInt64 =
      text.first == UInt8(ascii: "-")
      ? 1 << UInt64(Format.exponentBitCount + Format.significandBitCount) : 0
    let rest = UnsafeRawBufferPointer(rebasing: text[start...])
    return signBit | (try magnitude(rest, format))
  }

  private static func magnitude<Format: TextFloat>(
    _ text: UnsafeRawBufferPointer, _ format: Format.Type
  ) throws(Failure) -> UInt64 {
    let infinity = Format.infinityBits
    if text.elementsEqual("inf".utf8) { return infinity }
    if text.elementsEqual("nan".utf8) {
      return infinity | 1 << UInt64(Format.significandBitCount - 1)
    }
    if text.starts(with: "nan:0x".utf8) {
      var position = 6
      let payload = Digits.hexadecimal(in: text, &position)
      guard let payload, position == text.count else { throw .malformed }
      guard payload > 0, payload < 1 << UInt64(Format.significandBitCount) else { throw .tooLarge }
      return infinity | payload
    }
    let isHexadecimal = text.starts(with: "0x".utf8)
    let number = try ScannedFloat(text, isHexadecimal: isHexadecimal)
    let bits = isHexadecimal ? number.roundedBinary(format) : number.roundedDecimal(text, format)
    guard bits < infinity else { throw .tooLarge }
    return bits
  }
}

/// What the two formats differ in.
protocol TextFloat: BinaryFloatingPoint, LosslessStringConvertible {
  /// The bits without a sign, zero-extended.
  var magnitudeBits: UInt64 { get }
}

extension Float: TextFloat {
  var magnitudeBits: UInt64 { UInt64(magnitude.bitPattern) }
}

extension Double: TextFloat {
  var magnitudeBits: UInt64 { magnitude.bitPattern }
}

extension TextFloat {
  fileprivate static var infinityBits: UInt64 { infinity.magnitudeBits }
}

/// A literal's number: `significand` times the base to the power of `exponent`.
private struct ScannedFloat {
  /// The first digits, as many as fit.
  var significand: UInt64 = 0
  /// Of 2 or 10.
  var exponent = 0
  /// Whether digits were left out of `significand` that are not 0.
  var isInexact = false

  /// Reads all of `text`, which has no sign.
  init(_ text: UnsafeRawBufferPointer, isHexadecimal: Bool) throws(FloatLiteral.Failure) {
    var position = isHexadecimal ? 2 : 0
    let radix = isHexadecimal ? 16 : 10
    // What a digit adds to the exponent.
    let step = isHexadecimal ? 4 : 1
    try scanDigits(text, &position, radix: radix, exponentIfDropped: step, exponentIfKept: 0)
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      if position < text.count, Digits.value(text[position]) < radix {
        try scanDigits(
          text, &position, radix: radix, exponentIfDropped: 0, exponentIfKept: -step)
      }
    }
    if position < text.count {
      let letter = text[position] | 0x20
      guard letter == UInt8(ascii: isHexadecimal ? "p" : "e") else { throw .malformed }
      position += 1
      try scanExponent(text, &position)
    }
    guard position == text.count else { throw .malformed }
  }

  private mutating func scanDigits(
    _ text: UnsafeRawBufferPointer, _ position: inout Int, radix: Int, exponentIfDropped: Int,
    exponentIfKept: Int
  ) throws(FloatLiteral.Failure) {
    var isDigitBefore = false
    while position < text.count {
      let byte = text[position]
      let digit = Digits.value(byte)
      if digit < radix {
        if significand <= (UInt64.max - 15) / UInt64(radix) {
          significand = significand * UInt64(radix) + UInt64(digit)
          exponent += exponentIfKept
        } else {
          isInexact = isInexact || digit != 0
          exponent += exponentIfDropped
        }
      } else {
        guard byte == UInt8(ascii: "_"), isDigitBefore else { break }
      }
      isDigitBefore = digit < radix
      position += 1
    }
    guard isDigitBefore else { throw .malformed }
  }

  private mutating func scanExponent(
    _ text: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(FloatLiteral.Failure) {
    var isNegative = false
    if position < text.count,
      text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+")
    {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    var value = 0
    var isDigitBefore = false
    while position < text.count {
      let digit = Digits.value(text[position])
      if digit < 10 {
        // Where the text's own length no longer matters, nor does the exact number.
        value = min(value * 10 + digit, 1 << 40)
      } else {
        guard text[position] == UInt8(ascii: "_"), isDigitBefore else { break }
      }
      isDigitBefore = digit < 10
      position += 1
    }
    guard isDigitBefore else { throw .malformed }
    exponent += isNegative ? -value : value
  }

  /// The bits of the nearest value to a number of base 2.
  func roundedBinary<Format: TextFloat>(_ format: Format.Type) -> UInt64 {
    guard significand != 0 else { return 0 }
    let bias = 1 << (Format.exponentBitCount - 1) - 1
    let shift = significand.leadingZeroBitCount
    let top = significand << UInt64(shift)
    // The power of two that the highest bit stands for.
    let power = exponent - shift + 63
    guard power <= bias else { return Format.infinityBits }
    // Below the normal numbers precision shrinks.
    let lack = max(1 - bias - power, 0)
    let kept = Format.significandBitCount + 1 - lack
    guard kept >= 0 else { return 0 }
    let quotient = kept == 0 ? 0 : top >> UInt64(64 - kept)
    let rest = top << UInt64(kept)
    let half: UInt64 = 1 << 63
    let roundsUp = rest > half || rest == half && (isInexact || quotient & 1 == 1)
    // A carry out of the significand adds to the exponent, as it should.
    let rounded = quotient + (roundsUp ? 1 : 0)
    return lack > 0
      ? rounded : UInt64(power + bias - 1) << UInt64(Format.significandBitCount) + rounded
  }

  /// The bits of the nearest value to a number of base 10, whose literal is `text`.
  func roundedDecimal<Format: TextFloat>(
    _ text: UnsafeRawBufferPointer, _ format: Format.Type
  ) -> UInt64 {
    guard significand != 0 else { return 0 }
    // Where significand and power are exact, so is the one rounding of their product.
    let exactPower = Format.significandBitCount < 32 ? 10 : 22
    if !isInexact, significand >> UInt64(Format.significandBitCount + 1) == 0,
      abs(exponent) <= exactPower
    {
      var power: Format = 1
      for _ in 0..<abs(exponent) { power *= 10 }
      let value = Format(significand)
      return (exponent < 0 ? value / power : value * power).magnitudeBits
    }
    let digits = String(decoding: text.lazy.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    return (Format(digits) ?? .infinity).magnitudeBits
  }
}
