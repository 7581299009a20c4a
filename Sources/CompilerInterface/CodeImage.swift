// The code format: machine code and its tables, position-independent, ready to be mapped.
//
// A file is: header (256 bytes), metadata sections, padding to a page, text. Text holds code and
// read-only data; it is mapped R+X as it is, and needs no relocation: whatever lies outside is
// reached through the VMContext. All numbers are little-endian.

/// The fixed header at the start of an image. Every field is checked before it is used.
package struct CodeImageHeader: Sendable, Hashable {
  package static let magic: UInt64 = 0x00_4E_55_52_4D_53_41_57  // "WASMRUN\0"
  package static let byteCount = 256
  package static let pageByteCount = 4_096
  /// Changes with the file format.
  package static let formatVersion: UInt32 = 4

  /// A part of the file: byte offset and byte count.
  package struct Section: Sendable, Hashable {
    package var offset: UInt64 = 0
    package var byteCount: UInt64 = 0
    package init(offset: UInt64 = 0, byteCount: UInt64 = 0) {
      self.offset = offset
      self.byteCount = byteCount
    }
  }

  package var formatVersion = Self.formatVersion
  package var abiVersion = CallingConvention.abiVersion
  package var fileByteCount: UInt64 = 0
  /// SHA-256 of the wasm module.
  package var moduleHash = Hash256()
  /// SHA-256 of the compiler's build (its name, version and LLVM's).
  package var compilerBuild = Hash256()
  package var optionsFingerprint: UInt64 = 0
  package var cpuFeatures: UInt64 = 0
  package var functions = Section()
  package var entryThunks = Section()
  package var hostThunks = Section()
  package var positions = Section()
  package var inlinings = Section()
  package var pads = Section()
  package var text = Section()
  package var metadataChecksum: UInt64 = 0
  package var textChecksum: UInt64 = 0

  package init() {}
}

/// 32 bytes of a digest.
package struct Hash256: Sendable, Hashable {
  package var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  package init() {}

  /// `bytes` must be 32 long.
  package init(bytes: some Collection<UInt8>) {
    precondition(bytes.count == 32)
    var values: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() { values[index / 8] |= UInt64(byte) << (index % 8 * 8) }
    words = (values[0], values[1], values[2], values[3])
  }

  /// The digest that `hexadecimal` spells, nil where it is not 64 hexadecimal digits.
  package init?(hexadecimal: String) {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    guard digits.count == 64, hexadecimal.utf8.count == 64 else { return nil }
    self.init(
      bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }

  package static func == (left: Hash256, right: Hash256) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

  /// The digest in hexadecimal, first byte first.
  package var hexadecimal: String {
    [words.0, words.1, words.2, words.3].map { word in
      let digits = String(word.byteSwapped, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

/// A function's code, by its place among the defined functions. 16 bytes in the file.
package struct FunctionRecord: Sendable, Hashable {
  package static let byteCount = 16
  /// Offset of the body in the text.
  package var body: UInt32
  /// Offset of the table entry in the text; equals `body` where the body does not use m0.
  package var tableEntry: UInt32
  /// Bytes of the body's code.
  package var byteCount: UInt32

  package init(body: UInt32, tableEntry: UInt32, byteCount: UInt32) {
    self.body = body
    self.tableEntry = tableEntry
    self.byteCount = byteCount
  }
}

/// Which instruction a function's code is of, from a place in the text on to the next record's. 12
/// bytes in the file, ascending code offsets. Only images that are made for it have such records:
/// `CodegenOptions.notesPositions`.
package struct PositionRecord: Sendable, Hashable {
  package static let byteCount = 12
  package var codeOffset: UInt32
  /// Byte offset of the instruction in the module; 0 for code that is of none.
  package var wasmOffset: UInt32
  /// The place, from 1 on, in the list of inlinings of the one that the instruction is in; 0 where it is
  /// in the function's own body.
  package var inlining: UInt32

  package init(codeOffset: UInt32, wasmOffset: UInt32, inlining: UInt32 = 0) {
    self.codeOffset = codeOffset
    self.wasmOffset = wasmOffset
    self.inlining = inlining
  }
}

/// A body in place of a call. 8 bytes in the file.
package struct InliningRecord: Sendable, Hashable {
  package static let byteCount = 8
  /// Byte offset in the module of the call.
  package var call: UInt32
  /// The place, from 1 on and before this one's, of the inlining that the call is in; 0 where it is in
  /// the function's own body.
  package var outer: UInt32

  package init(call: UInt32, outer: UInt32) {
    self.call = call
    self.outer = outer
  }
}

/// What a linker hands over to be written as an image.
package struct CodeImageContents: Sendable {
  package var moduleHash = Hash256()
  package var compilerBuild = Hash256()
  package var options = CodegenOptions()
  package var functions: [FunctionRecord] = []
  /// Text offset of the entry thunk by type index; nil where none was made.
  package var entryThunks: [UInt32?] = []
  /// Text offset of the host thunk by type index; nil where none was made.
  package var hostThunks: [UInt32?] = []
  package var positions: [PositionRecord] = []
  package var inlinings: [InliningRecord] = []
  package var pads: [PadRecord] = []
  package var text: [UInt8] = []

  package init() {}
}

/// Why an image is refused.
package enum CodeImageError: Error, Hashable, Sendable {
  case truncated
  case notAnImage
  case otherVersion(String)
  case damaged(String)
  case doesNotFit(String)
}

extension CodeImageError: CustomStringConvertible {
  /// What the image is, to be read behind "the image is".
  package var description: String {
    switch self {
    case .truncated: "cut off"
    case .notAnImage: "no code image"
    case .otherVersion(let version): "of another version (\(version))"
    case .damaged(let place): "damaged (\(place))"
    case .doesNotFit(let reason): "of something else (\(reason))"
    }
  }
}
