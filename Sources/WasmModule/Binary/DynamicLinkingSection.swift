// The section `dylink.0` of modules that are placed and linked when they are loaded.

/// What a shared library, or a program that uses some, says about itself. Source: the WebAssembly
/// tool conventions, "Dynamic Linking".
package struct DynamicLinkingSection: Equatable, Sendable {
  package static let name = "dylink.0"

  /// Bytes of memory that its data needs, and their alignment as a power of two.
  package var memoryByteCount: UInt32 = 0
  package var memoryAlignmentLog2: UInt32 = 0
  /// Elements of the table that its functions need.
  package var tableElementCount: UInt32 = 0
  package var tableAlignmentLog2: UInt32 = 0
  /// The libraries that it uses, by file name.
  package var needed: [String] = []

  package init() {}
}

extension Module {
  /// The module's section about dynamic linking; nil where it has none. `bytes` are the module's.
  /// Subsections that are not about placing are passed over.
  package func dynamicLinking(
    bytes: UnsafeRawBufferPointer
  ) throws(ModuleError) -> DynamicLinkingSection? {
    // It stands first, as the conventions demand.
    guard let section = customSections.first(where: { $0.name == DynamicLinkingSection.name })
    else { return nil }
    var result = DynamicLinkingSection()
    var input = ByteReader(bytes: bytes, range: section.bytes)
    while !input.isAtEnd {
      let id = try input.readByte()
      var content = ByteReader(
        bytes: bytes, range: try input.skip(try input.readUnsigned32()))
      switch id {
      case 1:
        result.memoryByteCount = try content.readUnsigned32()
        result.memoryAlignmentLog2 = try content.readUnsigned32()
        result.tableElementCount = try content.readUnsigned32()
        result.tableAlignmentLog2 = try content.readUnsigned32()
        guard result.memoryAlignmentLog2 < 32, result.tableAlignmentLog2 < 32 else {
          throw ModuleError(.malformed, "alignment too large", at: section.bytes.lowerBound)
        }
      case 2:
        for _ in 0..<(try content.readUnsigned32()) {
          result.needed.append(try content.readName())
        }
      default: break
      }
    }
    return result
  }
}
