// Decodes a module: the header, the sections in order, and the rules that join sections.

extension Module {
  /// Decodes everything outside function bodies; bodies, data and constant expressions are kept as
  /// ranges of `bytes`.
  ///
  /// The encoding is checked (except inside bodies), the typing rules are not: call
  /// `validateDeclarations(bytes:)` before trusting any index in the result.
  package static func decode(_ bytes: UnsafeRawBufferPointer) throws(ModuleError) -> Module {
    var decoder = try ModuleDecoder(bytes)
    try decoder.decodeSections()
    return decoder.module
  }
}

/// The state of decoding a module. Spec: core 3.0 §5.5.
struct ModuleDecoder {
  var module = Module()
  /// Function indices that references are made of, in the order met.
  var references: [UInt32] = []
  let bytes: UnsafeRawBufferPointer
  private var input: ByteReader

  /// Checks the header.
  init(_ bytes: UnsafeRawBufferPointer) throws(ModuleError) {
    self.bytes = bytes
    input = ByteReader(bytes: bytes, range: 0..<bytes.count)
    try Self.checkHeader(&input)
    guard bytes.count <= ImplementationLimits.moduleByteCount else {
      throw ModuleError(
        .unsupported,
        "module too large: \(bytes.count) bytes, and the limit is "
          + "\(ImplementationLimits.moduleByteCount)", at: 0)
    }
  }

  private static func checkHeader(_ input: inout ByteReader) throws(ModuleError) {
    guard try input.readFixed32() == 0x6D73_6100 else {
      throw ModuleError(.malformed, "magic header not detected", at: 0)
    }
    switch try input.readFixed32() {
    case 1: break
    case 0x0001_000D:
      throw ModuleError(
        .unsupported, "unsupported binary: this is a component, not a core module", at: 4)
    default: throw ModuleError(.malformed, "unknown binary version", at: 4)
    }
  }

  mutating func decodeSections() throws(ModuleError) {
    var lastOrder = 0
    while !input.isAtEnd {
      let offset = input.position
      let id = try input.readByte()
      guard let section = Section(rawValue: id) else {
        throw ModuleError(.malformed, "malformed section id \(id)", at: offset)
      }
      let size = try input.readUnsigned32()
      guard Int(size) <= input.remaining else {
        throw ModuleError(
          .malformed,
          "length out of bounds: a section of \(size) bytes, \(input.remaining) are left",
          at: offset)
      }
      if section != .custom {
        guard section.order > lastOrder else {
          throw ModuleError(
            .malformed,
            "unexpected content after last section: section \(id) is repeated or out of"
              + " order", at: offset)
        }
        lastOrder = section.order
      }
      var content = ByteReader(bytes: bytes, range: try input.skip(size))
      try decode(section, &content)
      guard content.isAtEnd else {
        throw ModuleError(
          .malformed, "section size mismatch: \(content.remaining) bytes are left over",
          at: content.position)
      }
    }
    try checkCounts()
    module.referencedFunctions = sortedWithoutRepeats(references)
  }

  private mutating func decode(
    _ section: Section, _ input: inout ByteReader
  ) throws(ModuleError) {
    switch section {
    case .custom: try decodeCustomSection(&input)
    case .type: try decodeTypes(&input)
    case .import: try decodeImports(&input)
    case .function: try decodeFunctions(&input)
    case .table: try decodeTables(&input)
    case .memory: try decodeMemories(&input)
    case .tag:
      throw ModuleError(
        .unsupported, "unsupported feature: exception handling", at: input.position)
    case .global: try decodeGlobals(&input)
    case .export: try decodeExports(&input)
    case .start: module.start = try input.readUnsigned32()
    case .element: try decodeElements(&input)
    case .dataCount: module.dataCount = try input.readUnsigned32()
    case .code: try decodeCode(&input)
    case .data: try decodeData(&input)
    }
  }

  /// The rules between sections, where a section may be absent. Spec: core 3.0 §5.5.18.
  private func checkCounts() throws(ModuleError) {
    guard module.bodies.count == module.definedFunctionCount else {
      throw functionCountError(at: bytes.count)
    }
    if let dataCount = module.dataCount, Int(dataCount) != module.data.count {
      throw dataCountError(at: bytes.count)
    }
  }

  func functionCountError(at offset: Int) -> ModuleError {
    ModuleError(.malformed, "function and code section have inconsistent lengths", at: offset)
  }

  func dataCountError(at offset: Int) -> ModuleError {
    ModuleError(.malformed, "data count and data section have inconsistent lengths", at: offset)
  }

  /// Reads a constant expression to find its end, and notes the functions it refers to.
  mutating func decodeConstantExpression(
    _ input: inout ByteReader
  ) throws(ModuleError) -> ConstantExpression {
    let start = input.position
    var reader = InstructionReader(bytes: bytes, range: start..<input.end)
    // Blocks are not constant, but the validator says so, not the decoder.
    var depth = 0
    while true {
      let instruction = try reader.next()
      switch instruction.opcode {
      case .block, .loop, .if: depth += 1
      case .brTable: try reader.skipTargets(of: instruction)
      case .refFunc: references.append(instruction.index)
      case .end:
        if depth == 0 {
          input.position = reader.position
          return ConstantExpression(bytes: start..<reader.position)
        }
        depth -= 1
      default: break
      }
    }
  }

  private func sortedWithoutRepeats(_ indices: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    for index in indices.sorted() where index != result.last { result.append(index) }
    return result
  }
}

/// A section by its id. Spec: core 3.0 §5.5.2.
private enum Section: UInt8 {
  case custom, type, `import`, function, table, memory, global, export, start, element, code, data
  case dataCount
  case tag

  /// The place in the prescribed order; custom sections stand anywhere. The later additions to the
  /// format, tag and data count, do not stand where their ids would put them.
  var order: Int {
    switch self {
    case .custom: 0
    case .type: 1
    case .import: 2
    case .function: 3
    case .table: 4
    case .memory: 5
    case .tag: 6
    case .global: 7
    case .export: 8
    case .start: 9
    case .element: 10
    case .dataCount: 11
    case .code: 12
    case .data: 13
    }
  }
}
