// What a module is made of, for people who look at it: its sections, and the features it uses.

/// A section as it stands in the file.
package struct SectionExtent: Hashable, Sendable {
  /// The specification's word for it, or a custom section's own name.
  package var name: String
  package var isCustom: Bool
  /// Byte offset of the section's id.
  package var offset: Int
  /// Bytes of its content, behind id and size.
  package var byteCount: Int
}

extension Module {
  /// The sections of `bytes`, which were decoded before, in their order.
  package static func sections(_ bytes: UnsafeRawBufferPointer) throws(ModuleError)
    -> [SectionExtent]
  {
    var input = ByteReader(bytes: bytes, range: 8..<bytes.count)
    var sections: [SectionExtent] = []
    while !input.isAtEnd {
      let offset = input.position
      let id = try input.readByte()
      let content = try input.skip(try input.readUnsigned32())
      var reader = ByteReader(bytes: bytes, range: content)
      let isCustom = id == Section.custom.rawValue
      let name =
        isCustom ? try reader.readName() : Section(rawValue: id)?.word ?? "section \(id)"
      sections.append(
        SectionExtent(name: name, isCustom: isCustom, offset: offset, byteCount: content.count))
    }
    return sections
  }

  /// The features beyond WebAssembly 1.0 that the module uses, by their proposals' names, in the
  /// alphabet's order. Reads all bodies; their encoding is checked, their types are not.
  package func features(bytes: UnsafeRawBufferPointer) throws(ModuleError) -> [String] {
    var used: Set<ModuleFeature> = declaredFeatures
    var seen = [Bool](repeating: false, count: 1 << 16)
    for body in bodies {
      var reader = InstructionReader(bytes: bytes, range: try code(of: body, bytes))
      while !reader.isAtEnd {
        let instruction = try reader.next()
        try reader.skipList(of: instruction)
        let code = Int(instruction.opcode.rawValue)
        guard !seen[code] else { continue }
        seen[code] = true
        if let feature = ModuleFeature(of: instruction.opcode) { used.insert(feature) }
      }
    }
    return used.map(\.rawValue).sorted()
  }

  /// A body without its declarations of locals.
  private func code(
    of body: FunctionBody, _ bytes: UnsafeRawBufferPointer
  ) throws(ModuleError) -> Range<Int> {
    var input = ByteReader(bytes: bytes, range: body.bytes)
    for _ in 0..<(try input.readUnsigned32()) {
      _ = try input.readUnsigned32()
      _ = try input.readValueType()
    }
    return input.position..<body.bytes.upperBound
  }

  private var declaredFeatures: Set<ModuleFeature> {
    var used: Set<ModuleFeature> = []
    if memories.count > 1 { used.insert(.multiMemory) }
    if memories.contains(where: { $0.limits.is64Bit }) { used.insert(.memory64) }
    if tables.contains(where: { $0.type.limits.is64Bit }) { used.insert(.memory64) }
    if memories.contains(where: { $0.limits.isShared }) { used.insert(.threads) }
    if memories.contains(where: { $0.pageSizeLog2 != 16 }) { used.insert(.customPageSizes) }
    if tables.count > 1 { used.insert(.referenceTypes) }
    if !tags.isEmpty { used.insert(.exceptionHandling) }
    if dataCount != nil { used.insert(.bulkMemory) }
    if types.contains(where: { ($0.function?.results.count ?? 0) > 1 }) {
      used.insert(.multiValue)
    }
    if !recursionGroups.isEmpty || types.contains(where: { $0.function == nil }) {
      used.insert(.garbageCollection)
    }
    return used
  }
}

/// A feature by its proposal's name.
private enum ModuleFeature: String {
  case bulkMemory = "bulk-memory"
  case customPageSizes = "custom-page-sizes"
  case exceptionHandling = "exception-handling"
  case functionReferences = "function-references"
  case garbageCollection = "gc"
  case legacyExceptions = "legacy-exceptions"
  case memory64
  case multiMemory = "multi-memory"
  case multiValue = "multi-value"
  case nontrappingConversions = "nontrapping-fptoint"
  case referenceTypes = "reference-types"
  case relaxedSIMD = "relaxed-simd"
  case signExtension = "sign-extension"
  case simd
  case tailCall = "tail-call"
  case threads
  case wideArithmetic = "wide-arithmetic"

  /// The feature that brought `opcode`; nil for one of WebAssembly 1.0.
  init?(of opcode: Opcode) {
    let number = opcode.rawValue & 0xFFF
    let feature: ModuleFeature? =
      switch opcode.rawValue >> 12 {
      case 0: Self.plain(number)
      case 1:
        switch number {
        case 0...7: .nontrappingConversions
        case 8...14: .bulkMemory
        case 15...17: .referenceTypes
        default: .wideArithmetic
        }
      case 2: number < 0x100 ? .simd : .relaxedSIMD
      case 3: .threads
      default: .garbageCollection
      }
    guard let feature else { return nil }
    self = feature
  }

  /// Of opcodes without a prefix.
  private static func plain(_ number: UInt16) -> ModuleFeature? {
    switch number {
    case 0x06, 0x07, 0x09, 0x18, 0x19: .legacyExceptions
    case 0x08, 0x0A, 0x1F: .exceptionHandling
    case 0x12, 0x13: .tailCall
    case 0x14, 0x15, 0xD4...0xD6: .functionReferences
    case 0x1C, 0x25, 0x26, 0xD0...0xD2: .referenceTypes
    case 0xC0...0xC4: .signExtension
    case 0xD3: .garbageCollection
    default: nil
    }
  }
}

extension Section {
  /// The specification's word for it.
  fileprivate var word: String {
    switch self {
    case .custom: "custom"
    case .type: "type"
    case .import: "import"
    case .function: "function"
    case .table: "table"
    case .memory: "memory"
    case .global: "global"
    case .export: "export"
    case .start: "start"
    case .element: "element"
    case .code: "code"
    case .data: "data"
    case .dataCount: "data count"
    case .tag: "tag"
    }
  }
}
