// The sections that declare a module's parts. Spec: core 3.0 §5.5.

extension ModuleDecoder {
  mutating func decodeCustomSection(_ input: inout ByteReader) throws(ModuleError) {
    let name = try input.readName()
    module.customSections.append(CustomSection(name: name, bytes: input.position..<input.end))
    input.position = input.end
  }

  mutating func decodeTypes(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(limit: ImplementationLimits.types, "types")
    module.types.reserveCapacity(count)
    for _ in 0..<count {
      let first = module.types.count
      let groupCount = try input.readRecursionGroup(into: &module.types)
      if groupCount > 1 { module.recursionGroups.append(first..<first + groupCount) }
    }
  }

  mutating func decodeImports(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(limit: ImplementationLimits.imports, "imports")
    module.imports.reserveCapacity(count)
    for _ in 0..<count {
      let moduleName = try input.readName()
      let name = try input.readName()
      let descriptor = try decodeImportDescriptor(&input)
      module.imports.append(Import(module: moduleName, name: name, descriptor: descriptor))
    }
    module.importedFunctionCount = module.functions.count
    module.importedTableCount = module.tables.count
    module.importedMemoryCount = module.memories.count
    module.importedGlobalCount = module.globals.count
    module.importedTagCount = module.tags.count
  }

  private mutating func decodeImportDescriptor(
    _ input: inout ByteReader
  ) throws(ModuleError) -> Import.Descriptor {
    let offset = input.position
    switch ExternKind(rawValue: try input.readByte()) {
    case .function:
      let typeIndex = try input.readUnsigned32()
      module.functions.append(typeIndex)
      return .function(typeIndex: typeIndex)
    case .table:
      let type = try input.readTableType()
      module.tables.append(Table(type: type))
      return .table(type)
    case .memory:
      let type = try input.readMemoryType()
      module.memories.append(type)
      return .memory(type)
    case .global:
      let type = try input.readGlobalType()
      module.globals.append(Global(type: type))
      return .global(type)
    case .tag:
      let typeIndex = try input.readTagType()
      module.tags.append(typeIndex)
      return .tag(typeIndex: typeIndex)
    case nil: throw ModuleError(.malformed, "malformed import kind", at: offset)
    }
  }

  mutating func decodeFunctions(_ input: inout ByteReader) throws(ModuleError) {
    let limit = ImplementationLimits.functions - module.functions.count
    let count = try input.readCount(limit: limit, "functions")
    module.functions.reserveCapacity(module.functions.count + count)
    for _ in 0..<count { module.functions.append(try input.readUnsigned32()) }
  }

  mutating func decodeTables(_ input: inout ByteReader) throws(ModuleError) {
    let limit = ImplementationLimits.tables - module.tables.count
    for _ in 0..<(try input.readCount(limit: limit, "tables")) {
      module.tables.append(try decodeTable(&input))
    }
  }

  /// A table's type, or 0x40 0x00, the type, and the expression that fills it.
  private mutating func decodeTable(_ input: inout ByteReader) throws(ModuleError) -> Table {
    guard input.remaining >= 1, bytes[input.position] == 0x40 else {
      return Table(type: try input.readTableType())
    }
    _ = try input.readByte()
    let offset = input.position
    guard try input.readByte() == 0 else {
      throw ModuleError(.malformed, "malformed table", at: offset)
    }
    let type = try input.readTableType()
    return Table(type: type, initializer: try decodeConstantExpression(&input))
  }

  mutating func decodeMemories(_ input: inout ByteReader) throws(ModuleError) {
    let limit = ImplementationLimits.memories - module.memories.count
    for _ in 0..<(try input.readCount(limit: limit, "memories")) {
      module.memories.append(try input.readMemoryType())
    }
  }

  mutating func decodeTags(_ input: inout ByteReader) throws(ModuleError) {
    let limit = ImplementationLimits.tags - module.tags.count
    for _ in 0..<(try input.readCount(limit: limit, "tags")) {
      module.tags.append(try input.readTagType())
    }
  }

  mutating func decodeGlobals(_ input: inout ByteReader) throws(ModuleError) {
    let limit = ImplementationLimits.globals - module.globals.count
    let count = try input.readCount(limit: limit, "globals")
    module.globals.reserveCapacity(module.globals.count + count)
    for _ in 0..<count {
      let type = try input.readGlobalType()
      let initializer = try decodeConstantExpression(&input)
      module.globals.append(Global(type: type, initializer: initializer))
    }
  }

  mutating func decodeExports(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(limit: ImplementationLimits.exports, "exports")
    module.exports.reserveCapacity(count)
    for _ in 0..<count {
      let name = try input.readName()
      let offset = input.position
      guard let kind = ExternKind(rawValue: try input.readByte()) else {
        throw ModuleError(.malformed, "malformed export kind", at: offset)
      }
      let index = try input.readUnsigned32()
      if kind == .function { references.append(index) }
      module.exports.append(Export(name: name, kind: kind, index: index))
    }
  }

  mutating func decodeCode(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(limit: ImplementationLimits.functions, "function bodies")
    module.bodies.reserveCapacity(count)
    for _ in 0..<count {
      let offset = input.position
      let size = try input.readUnsigned32()
      guard Int(size) <= ImplementationLimits.bodyByteCount else {
        throw ModuleError(
          .unsupported,
          "function body too large: \(size) bytes, and the limit is "
            + "\(ImplementationLimits.bodyByteCount)", at: offset)
      }
      module.bodies.append(FunctionBody(bytes: try input.skip(size)))
    }
  }
}
