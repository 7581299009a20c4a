// Why a text is not a module.

/// An error with its place, as the parts of the parser throw it.
struct SourceError: Error {
  var message: String
  /// Byte offset in the text.
  var offset: Int
  /// What to do about it; nil where nobody knows.
  var hint: String?

  init(_ message: String, at offset: Int, hint: String? = nil) {
    self.message = message
    self.offset = offset
    self.hint = hint
  }
}

/// Text that is not a well-formed module.
package struct TextError: Error, Hashable, Sendable {
  package var message: String
  /// Counted from 1.
  package var line: Int
  /// Counted from 1, in Unicode scalars.
  package var column: Int
  /// What to do about it; nil where nobody knows.
  package var hint: String?

  init(_ error: SourceError, in text: UnsafeRawBufferPointer) {
    message = error.message
    hint = error.hint
    let before = text[..<min(error.offset, text.count)]
    let newline = UInt8(ascii: "\n")
    line = before.count { $0 == newline } + 1
    let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
    // Bytes that continue a scalar do not count.
    column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
  }
}

extension TextError: CustomStringConvertible {
  package var description: String { "\(line):\(column): \(message)" }
}
