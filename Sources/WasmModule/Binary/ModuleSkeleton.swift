// A module without its bodies: what is left of it for runs whose code is made already.

/// A module's bytes without code, and on demand without what active data segments hold. It is a
/// module in the binary format but for the missing bodies; `Module.decode(skeleton:)` reads it.
package struct ModuleSkeleton: Sendable {
  package var bytes: [UInt8] = []
  /// Where the name section begins, which stands last; the end where there is none.
  package var namesOffset = 0
}

extension Module {
  /// Makes the skeleton of a valid module, decoded from `bytes`.
  ///
  /// Without active data, somebody else has to put that into the memories: active segments are
  /// empty then, at their places, and wholly absent where no instruction can name a segment (without
  /// a data count section, spec: core 3.0 §5.5.16).
  package func skeleton(
    bytes: UnsafeRawBufferPointer, withoutActiveData: Bool
  ) throws(ModuleError) -> ModuleSkeleton {
    var result = ModuleSkeleton()
    result.bytes += bytes.prefix(8)
    var input = ByteReader(bytes: bytes, range: min(8, bytes.count)..<bytes.count)
    var names: Range<Int>?
    while !input.isAtEnd {
      let start = input.position
      let section = Section(rawValue: try input.readByte())
      let content = try input.skip(try input.readUnsigned32())
      switch section {
      case nil, .code: continue
      case .custom:
        if names == nil, customSections.contains(where: { $0.isNames && $0.ends(content) }) {
          names = start..<content.upperBound
        }
        continue
      case .data where withoutActiveData:
        if dataCount != nil { result.appendSection(.data, passiveData(bytes)) }
      default: result.bytes += bytes[start..<content.upperBound]
      }
    }
    result.namesOffset = result.bytes.count
    if let names { result.bytes += bytes[names] }
    return result
  }

  /// A data section's content whose active segments are empty.
  private func passiveData(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var content: [UInt8] = []
    content.append(unsigned: UInt64(data.count))
    for segment in data {
      switch segment.mode {
      case .active(let memory, let offset):
        content.append(unsigned: memory == 0 ? 0 : 2)
        if memory != 0 { content.append(unsigned: UInt64(memory)) }
        content += bytes[offset.bytes]
        content.append(unsigned: 0)
      case .passive, .declarative:
        content.append(unsigned: 1)
        content.append(unsigned: UInt64(segment.bytes.count))
        content += bytes[segment.bytes]
      }
    }
    return content
  }

  /// Decodes a skeleton. As everything in it was valid once, it need not be validated again, if
  /// nobody can have changed it.
  package static func decode(skeleton bytes: UnsafeRawBufferPointer) throws(ModuleError) -> Module {
    var decoder = try ModuleDecoder(bytes)
    decoder.expectsBodies = false
    try decoder.decodeSections()
    return decoder.module
  }
}

extension CustomSection {
  fileprivate var isNames: Bool { name == "name" }

  /// Whether this is the section with `content`, which begins with the name.
  fileprivate func ends(_ content: Range<Int>) -> Bool {
    bytes.upperBound == content.upperBound && bytes.lowerBound > content.lowerBound
      && bytes.lowerBound <= content.upperBound
  }
}

extension ModuleSkeleton {
  fileprivate mutating func appendSection(_ section: Section, _ content: [UInt8]) {
    bytes.append(section.rawValue)
    bytes.append(unsigned: UInt64(content.count))
    bytes += content
  }
}
