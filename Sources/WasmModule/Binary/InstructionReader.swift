// Reads a body's instructions one after the other, without copying.

/// A cursor over instructions. Decodes immediates, checks the encoding, validates nothing.
package struct InstructionReader {
  /// The module's bytes; the caller keeps them alive.
  package let bytes: UnsafeRawBufferPointer
  /// Byte offset of what is read next.
  package var position: Int
  /// Where the expression or body ends.
  package let end: Int

  package init(bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  package var isAtEnd: Bool { position >= end }
}
