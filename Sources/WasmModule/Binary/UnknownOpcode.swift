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
    switch (byte, number ?? 0) {
    case (0x06, _), (0x07, _), (0x09, _), (0x18, _), (0x19, _): "legacy exception handling"
    case (0x08, _), (0x0A, _), (0x1F, _): "exception handling"
    case (0xFE, _): "threads"
    default: nil
    }
  }

  /// Two digits or more, lower case, as the specification's test suite has them.
  private static func hexadecimal(_ value: some BinaryInteger) -> String {
    let digits = String(value, radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }
}
