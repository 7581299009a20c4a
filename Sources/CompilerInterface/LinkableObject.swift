// What a compiler hands to the linker: sections, symbols and relocations, in no file format.

/// One object: the code of a unit with the read-only data that belongs to it.
package struct LinkableObject: Sendable {
  package var sections: [Section] = []
  package var symbols: [Symbol] = []
  package var pads: [Pad] = []
  /// Ascending within each section; see `PositionRecord`.
  package var positions: [Position] = []
  /// See `InliningRecord`.
  package var inlinings: [InliningRecord] = []

  package init() {}

  /// Where exceptions that pass calls in a part of a section are caught; see `PadRecord`.
  package struct Pad: Sendable, Hashable {
    package var section: Int
    package var start: Int
    package var end: Int
    package var pad: Int

    package init(section: Int, start: Int, end: Int, pad: Int) {
      self.section = section
      self.start = start
      self.end = end
      self.pad = pad
    }
  }

  /// Which instruction the code from a place in a section on is of; see `PositionRecord`.
  package struct Position: Sendable, Hashable {
    package var section: Int
    package var offset: Int
    package var wasmOffset: UInt32
    /// The place, from 1 on, among the object's inlinings; or 0.
    package var inlining: UInt32

    package init(section: Int, offset: Int, wasmOffset: UInt32, inlining: UInt32 = 0) {
      self.section = section
      self.offset = offset
      self.wasmOffset = wasmOffset
      self.inlining = inlining
    }
  }

  /// Bytes to be placed together.
  package struct Section: Sendable {
    package var bytes: [UInt8]
    /// A power of two.
    package var alignment: Int
    package var isCode: Bool
    package var relocations: [Relocation] = []

    package init(bytes: [UInt8], alignment: Int, isCode: Bool) {
      self.bytes = bytes
      self.alignment = alignment
      self.isCode = isCode
    }
  }

  /// A place that has a name, or one that is wanted from another object.
  package struct Symbol: Sendable {
    package var name: ImageSymbol
    /// Where it is; nil where another object defines it.
    package var definition: Definition?

    package init(name: ImageSymbol, definition: Definition?) {
      self.name = name
      self.definition = definition
    }
  }

  package struct Definition: Sendable {
    package var section: Int
    package var offset: Int
    /// Bytes of the function or datum.
    package var byteCount: Int
    /// Other objects may refer to it.
    package var isGlobal: Bool

    package init(section: Int, offset: Int, byteCount: Int, isGlobal: Bool) {
      self.section = section
      self.offset = offset
      self.byteCount = byteCount
      self.isGlobal = isGlobal
    }
  }

  /// `symbol + addend - place` to be written at `offset` of a section.
  package struct Relocation: Sendable {
    package enum Width: Sendable {
      case bits32
      case bits64
    }

    package var offset: Int
    package var width: Width
    /// A place among the object's symbols.
    package var symbol: Int
    package var addend: Int

    package init(offset: Int, width: Width, symbol: Int, addend: Int) {
      self.offset = offset
      self.width = width
      self.symbol = symbol
      self.addend = addend
    }
  }
}
