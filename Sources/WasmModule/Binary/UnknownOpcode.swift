// Says which opcode is refused.

enum UnknownOpcode {
  /// The error for an opcode byte, with the number behind it if the byte is a prefix.
  @inline(never)
  static func error(_ byte: UInt8, number: UInt32?, at offset: Int) -> ModuleError {
    let suffix = number.map { " " + hexadecimal($0) } ?? ""
    return ModuleError(.malformed, "illegal opcode \(hexadecimal(byte))\(suffix)", at: offset)
  }

  /// Two digits or more, lower case, as the specification's test suite has them.
  private static func hexadecimal(_ value: some BinaryInteger) -> String {
    let digits = String(value, radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }
}
