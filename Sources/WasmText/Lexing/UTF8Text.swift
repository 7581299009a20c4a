// Checks of UTF-8. Spec: core 3.0 §6.3.1: a text is a sequence of Unicode scalar values.

enum UTF8Text {
  /// The number of bytes of the scalar value that begins at `offset`; nil where none does.
  static func sequenceLength(in text: UnsafeRawBufferPointer, at offset: Int) -> Int? {
    let length =
      switch text[offset] {
      case 0..<0x80: 1
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 0
      }
    guard length > 0, offset + length <= text.count else { return nil }
    guard (1..<max(length, 1)).allSatisfy({ text[offset + $0] & 0xC0 == 0x80 }) else { return nil }
    guard length > 2 else { return length }
    // Neither longer than it must be, nor a surrogate, nor beyond the last scalar value.
    switch (text[offset], text[offset + 1]) {
    case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return nil
    default: return length
    }
  }

  static func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        guard let length = sequenceLength(in: buffer, at: offset) else { return false }
        offset += length
      }
      return true
    }
  }
}
