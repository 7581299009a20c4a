// Digits, with underscores between them. Spec: core 3.0 §6.3.2.

enum Digits {
  /// The value of a hexadecimal digit; 16 for anything else.
  @inline(__always)
  static func value(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x57
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x37
    default: 16
    }
  }

  /// The hexadecimal number at `position`, which moves behind it; nil where there is none or it
  /// needs more than 64 bits.
  static func hexadecimal(in text: UnsafeRawBufferPointer, _ position: inout Int) -> UInt64? {
    number(in: text, &position, end: text.count, radix: 16)
  }

  /// The number at `position`, which moves behind its last digit; nil where there is none, where an
  /// underscore does not stand between two digits, or where it needs more than 64 bits.
  static func number(
    in text: UnsafeRawBufferPointer, _ position: inout Int, end: Int, radix: Int
  ) -> UInt64? {
    var result: UInt64 = 0
    var isDigitBefore = false
    while position < end {
      let byte = text[position]
      let digit = value(byte)
      if digit < radix {
        let (product, overflows) = result.multipliedReportingOverflow(by: UInt64(radix))
        let (sum, carries) = product.addingReportingOverflow(UInt64(digit))
        guard !overflows, !carries else { return nil }
        result = sum
      } else {
        guard byte == UInt8(ascii: "_"), isDigitBefore else { break }
      }
      isDigitBefore = digit < radix
      position &+= 1
    }
    return isDigitBefore ? result : nil
  }
}
