// Words of a command line for swift-argument-parser, which takes nothing but text.

package import SystemCalls

extension OSString {
  /// Byte `b` that is not part of UTF-8 becomes the scalar `escapeBase + b`, of the last private use
  /// area. A scalar of that range is itself written byte by byte in the same way, so that no two
  /// strings have the same text.
  private static let escapeBase: UInt32 = 0x10FF00
  private static let escapes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

  /// The string as text that `init(parserText:)` turns back into the same bytes.
  package var parserText: String {
    // The words of nearly all command lines.
    if let text, !text.unicodeScalars.contains(where: { Self.escapes.contains($0.value) }) {
      return text
    }
    var result = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      if let character = Self.firstScalar(of: rest), !Self.escapes.contains(character.value) {
        result.append(character)
        rest = rest.dropFirst(UTF8.width(character))
      } else {
        result.append(Unicode.Scalar(Self.escapeBase + UInt32(first)) ?? "\u{FFFD}")
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  package init(parserText text: String) {
    self.init(
      bytes: text.unicodeScalars.flatMap { scalar in
        Self.escapes.contains(scalar.value)
          ? [UInt8(scalar.value - Self.escapeBase)] : Array(String(scalar).utf8)
      })
  }

  /// The scalar that UTF-8 begins with; nil where it begins with none.
  private static func firstScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
    return nil
  }
}
