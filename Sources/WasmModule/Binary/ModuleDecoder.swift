// Decodes a module: the header, the sections in order, and the rules that join sections.

extension Module {
  /// Decodes everything outside function bodies; bodies, data and constant expressions are kept as
  /// ranges of `bytes`.
  ///
  /// The encoding is checked (except inside bodies), the typing rules are not: call
  /// `validateDeclarations(bytes:)` before trusting any index in the result.
  package static func decode(_ bytes: UnsafeRawBufferPointer) throws(ModuleError) -> Module {
    var decoder = try ModuleDecoder(bytes)
    do {
      try decoder.decodeSections()
    } catch {
      throw decoder.firstError(before: error)
    }
    return decoder.module
  }
}

/// The state of decoding a module. Spec: core 3.0 §5.5.
struct ModuleDecoder {
  var module = Module()
  /// Function indices that references are made of, in the order met.
  var references: [UInt32] = []
  let bytes: UnsafeRawBufferPointer
  /// Whether each defined function needs a body: skeletons have none.
  var expectsBodies = true
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
      module.sectionOffsets[Int(id)] = offset
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
    case .tag: try decodeTags(&input)
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
    guard module.bodies.count == module.definedFunctionCount || !expectsBodies else {
      throw ModuleError(
        .malformed,
        "function and code section have inconsistent lengths: \(module.definedFunctionCount) "
          + "functions and \(module.bodies.count) bodies", at: module.offset(of: .code))
    }
    if let dataCount = module.dataCount, Int(dataCount) != module.data.count {
      throw ModuleError(
        .malformed,
        "data count and data section have inconsistent lengths: \(dataCount) announced, "
          + "\(module.data.count) there", at: module.offset(of: .dataCount))
    }
  }

  /// The first malformed thing in the bodies read so far, else `error`.
  ///
  /// A wrong size in a body makes what follows unreadable: the first error in the file is the one
  /// to tell, though bodies are not read otherwise.
  func firstError(before error: ModuleError) -> ModuleError {
    for (place, body) in module.bodies.enumerated() where body.bytes.upperBound <= error.offset {
      do {
        try readThrough(body)
      } catch {
        var located = error
        located.functionIndex = UInt32(module.importedFunctionCount + place)
        return located
      }
    }
    return error
  }

  private func readThrough(_ body: FunctionBody) throws(ModuleError) {
    var locals = try LocalDeclarations(bytes: bytes, body: body)
    while try locals.next() != nil {}
    var reader = locals.instructions
    while !reader.isAtEnd {
      let instruction = try reader.next()
      try reader.skipList(of: instruction)
    }
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
      try reader.skipList(of: instruction)
      switch instruction.opcode {
      case .block, .loop, .if, .tryTable, .try: depth += 1
      case .refFunc: references.append(instruction.index)
      case .end, .delegate:
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
