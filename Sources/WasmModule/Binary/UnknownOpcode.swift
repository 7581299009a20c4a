// Says why an opcode is refused: not an instruction, or one of a feature to come.

enum UnknownOpcode {
  /// The error for an opcode byte, with the number behind it if the byte is a prefix.
  @inline(never)
  static func error(_ byte: UInt8, number: UInt32?, at offset: Int) -> ModuleError {
    guard let feature = feature(byte, number: number) else {
      let suffix = number.map { " " + hexadecimal($0) } ?? ""
      return ModuleError(.malformed, "illegal opcode \(hexadecimal(byte))\(suffix)", at: offset)
    }
    return ModuleError(.unsupported, "unsupported instruction of \(feature)", at: offset)
  }

  /// The proposal or part of WebAssembly 3.0 that the opcode belongs to; nil if to none.
  private static func feature(_ byte: UInt8, number: UInt32?) -> String? {
    byte == 0xFE ? "threads" : nil
  }

  /// Two digits or more, lower case, as the specification's test suite has them.
  private static func hexadecimal(_ value: some BinaryInteger) -> String {
    let digits = String(value, radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }
}
