// TOML's numbers. Spec: TOML 1.0.0, "Integer" and "Float".

enum TOMLNumber {
  /// The number that `text` is; nil where it is none.
  static func value(_ text: String) -> Node.Value? {
    let bytes = Array(text.utf8)
    if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), let radix = radix(bytes[1]) {
      guard let digits = withoutUnderscores(bytes[2...], isHexadecimal: radix == 16) else {
        return nil
      }
      return Int64(digits, radix: radix).map { .integer($0) }
    }
    let isSigned = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
    let magnitude = bytes[(isSigned ? 1 : 0)...]
    let sign = bytes.first == UInt8(ascii: "-") ? "-" : ""
    if magnitude.elementsEqual("inf".utf8) { return .float(sign.isEmpty ? .infinity : -.infinity) }
    if magnitude.elementsEqual("nan".utf8) { return .float(.nan) }
    if let digits = decimal(magnitude) { return Int64(sign + digits).map { .integer($0) } }
    return float(magnitude).flatMap { Double(sign + $0) }.map { .float($0) }
  }

  private static func radix(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "o"): 8
    case UInt8(ascii: "b"): 2
    default: nil
    }
  }

  /// Digits with single underscores between them, without those.
  private static func withoutUnderscores(
    _ bytes: ArraySlice<UInt8>, isHexadecimal: Bool = false
  ) -> String? {
    var wasDigit = false
    var digits: [UInt8] = []
    for byte in bytes {
      if isDigit(byte) || isHexadecimal && hexadecimalValue(byte) != nil {
        digits.append(byte)
        wasDigit = true
      } else if byte == UInt8(ascii: "_"), wasDigit {
        wasDigit = false
      } else {
        return nil
      }
    }
    return wasDigit ? String(decoding: digits, as: UTF8.self) : nil
  }

  /// Decimal digits that do not begin with a zero, unless it is all there is.
  private static func decimal(_ bytes: ArraySlice<UInt8>) -> String? {
    guard let digits = withoutUnderscores(bytes) else { return nil }
    return digits.utf8.count > 1 && digits.utf8.first == UInt8(ascii: "0") ? nil : digits
  }

  /// A float without its sign, as Swift reads it.
  private static func float(_ bytes: ArraySlice<UInt8>) -> String? {
    var mantissa = bytes
    var exponent = ""
    if let place = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      mantissa = bytes[..<place]
      var digits = bytes[(place + 1)...]
      exponent = "e"
      if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
        exponent += first == UInt8(ascii: "-") ? "-" : ""
        digits = digits.dropFirst()
      }
      guard let text = withoutUnderscores(digits) else { return nil }
      exponent += text
    }
    guard let point = mantissa.firstIndex(of: UInt8(ascii: ".")) else {
      return exponent.isEmpty ? nil : decimal(mantissa).map { $0 + exponent }
    }
    guard let whole = decimal(mantissa[..<point]),
      let fraction = withoutUnderscores(mantissa[(point + 1)...])
    else { return nil }
    return "\(whole).\(fraction)\(exponent)"
  }
}
