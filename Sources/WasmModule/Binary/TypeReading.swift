// The binary format of types.

extension ByteReader {
  /// Spec: core 3.0 §5.3.5.
  mutating func readValueType() throws(ModuleError) -> ValueType {
    let offset = position
    let code = try readCode()
    switch code {
    case 0x7B...0x7F: return ValueType(rawValue: UInt32(code))
    case 0x69...0x74: return .reference(HeapType(rawValue: UInt32(code)), nullable: true)
    case 0x63: return .reference(try readHeapType(), nullable: true)
    case 0x64: return .reference(try readHeapType(), nullable: false)
    default: throw ModuleError(.malformed, "malformed value type", at: offset)
    }
  }

  /// Spec: core 3.0 §5.3.4.
  mutating func readReferenceType() throws(ModuleError) -> ValueType {
    let offset = position
    let type = try readValueType()
    guard type.isReference else {
      throw ModuleError(.malformed, "malformed reference type", at: offset)
    }
    return type
  }

  /// Spec: core 3.0 §5.3.3. A non-negative number is a type index.
  mutating func readHeapType() throws(ModuleError) -> HeapType {
    let offset = position
    let number = try readSigned33()
    if number >= 0 {
      // So large an index names nothing; the validator says so of the largest that fits.
      return .defined(UInt32(min(number, Int64(HeapType.definedLimit) - 1)))
    }
    guard number >= -0x40, HeapType.abstractCodes.contains(UInt32(number + 0x80)) else {
      throw ModuleError(.malformed, "malformed heap type", at: offset)
    }
    return HeapType(rawValue: UInt32(number + 0x80))
  }

  // MARK: Defined types.

  /// Reads a recursion group, or a type that is one by itself, to the end of `types`; yields how
  /// many types it has. Spec: core 3.0 §5.3.10.
  mutating func readRecursionGroup(into types: inout [SubType]) throws(ModuleError) -> Int {
    guard !isAtEnd, bytes[position] == 0x4E else {
      types.append(try readSubType())
      return 1
    }
    _ = try readByte()
    let limit = ImplementationLimits.types - types.count
    let count = try readCount(limit: limit, "types in a recursion group")
    for _ in 0..<count { types.append(try readSubType()) }
    return count
  }

  /// Spec: core 3.0 §5.3.9.
  private mutating func readSubType() throws(ModuleError) -> SubType {
    let offset = position
    let code = try readCode()
    guard code == 0x50 || code == 0x4F else {
      return SubType(try readCompositeType(code, at: offset))
    }
    let count = try readCount(limit: ImplementationLimits.types, "supertypes")
    var supertype: UInt32?
    for _ in 0..<count { supertype = try readUnsigned32() }
    let compositeOffset = position
    let composite = try readCompositeType(try readCode(), at: compositeOffset)
    guard count <= 1 else {
      throw ModuleError(.invalid, "sub type with \(count) supertypes", at: offset)
    }
    return SubType(composite, isFinal: code == 0x4F, supertype: supertype)
  }

  /// Spec: core 3.0 §5.3.8.
  private mutating func readCompositeType(
    _ code: UInt8, at offset: Int
  ) throws(ModuleError) -> CompositeType {
    switch code {
    case 0x60:
      let parameters = try readValueTypes(
        limit: ImplementationLimits.parameters, "function parameters")
      let results = try readValueTypes(limit: ImplementationLimits.results, "function results")
      return .function(FunctionType(parameters: parameters, results: results))
    case 0x5F:
      let count = try readCount(limit: ImplementationLimits.fields, "fields")
      var fields: [FieldType] = []
      fields.reserveCapacity(count)
      for _ in 0..<count { fields.append(try readFieldType()) }
      return .structure(fields)
    case 0x5E: return .array(try readFieldType())
    default: throw ModuleError(.malformed, "malformed function type", at: offset)
    }
  }

  /// Spec: core 3.0 §5.3.7.
  private mutating func readFieldType() throws(ModuleError) -> FieldType {
    let storage: StorageType
    switch isAtEnd ? 0 : bytes[position] {
    case 0x78: storage = .i8
    case 0x77: storage = .i16
    default: storage = .value(try readValueType())
    }
    if case .value = storage {} else { position += 1 }
    return FieldType(storage, isMutable: try readMutability())
  }

  private mutating func readValueTypes(
    limit: Int, _ what: String
  ) throws(ModuleError) -> [ValueType] {
    let count = try readCount(limit: limit, what)
    var types: [ValueType] = []
    types.reserveCapacity(count)
    for _ in 0..<count { types.append(try readValueType()) }
    return types
  }

  /// A vector's length, at most `limit` and at most the bytes left, since an element takes one at
  /// least: so an allocation for that many elements is bounded by the module's size.
  mutating func readCount(limit: Int, _ what: String) throws(ModuleError) -> Int {
    let offset = position
    let count = Int(try readUnsigned32())
    guard count <= remaining else { throw endError() }
    guard count <= limit else {
      throw ModuleError(
        .unsupported, "too many \(what): \(count), and the limit is \(limit)", at: offset)
    }
    return count
  }

  /// Flags in front of limits. Spec: core 3.0 §5.3.10; custom-page-sizes, "Binary Format".
  private enum LimitsFlag {
    static let hasMaximum: UInt8 = 1
    static let shared: UInt8 = 2
    static let is64Bit: UInt8 = 4
    /// Of memories only: the page size stands behind the limits.
    static let hasPageSize: UInt8 = 8
  }

  /// Reads limits whose flags are among `known`, and returns the flags, too.
  private mutating func readLimits(
    flags known: UInt8
  ) throws(ModuleError) -> (limits: Limits, flags: UInt8) {
    let offset = position
    let flags = try readByte()
    guard flags & ~known == 0 else {
      throw ModuleError(.malformed, "malformed limits flags", at: offset)
    }
    let minimum = try readUnsigned64()
    let maximum = flags & LimitsFlag.hasMaximum != 0 ? try readUnsigned64() : nil
    let limits = Limits(
      minimum: minimum, maximum: maximum, is64Bit: flags & LimitsFlag.is64Bit != 0,
      isShared: flags & LimitsFlag.shared != 0)
    return (limits, flags)
  }

  /// Spec: core 3.0 §5.3.12.
  mutating func readTableType() throws(ModuleError) -> TableType {
    let element = try readReferenceType()
    let known = LimitsFlag.hasMaximum | LimitsFlag.shared | LimitsFlag.is64Bit
    let offset = position
    let limits = try readLimits(flags: known).limits
    if limits.isShared { throw unsupportedType("shared tables", at: offset) }
    return TableType(element: element, limits: limits)
  }

  /// Spec: core 3.0 §5.3.11.
  mutating func readMemoryType() throws(ModuleError) -> MemoryType {
    let (limits, flags) = try readLimits(flags: 0xF)
    guard flags & LimitsFlag.hasPageSize != 0 else { return MemoryType(limits: limits) }
    let offset = position
    let pageSizeLog2 = try readUnsigned32()
    // Which of them are allowed, is for the validation to say.
    guard pageSizeLog2 < 64 else {
      throw ModuleError(.malformed, "invalid custom page size 2^\(pageSizeLog2)", at: offset)
    }
    return MemoryType(limits: limits, pageSizeLog2: UInt8(pageSizeLog2))
  }

  /// The type index of a tag. Spec: core 3.0 §5.3.14.
  mutating func readTagType() throws(ModuleError) -> UInt32 {
    let offset = position
    guard try readByte() == 0 else {
      throw ModuleError(.malformed, "malformed tag attribute", at: offset)
    }
    return try readUnsigned32()
  }

  /// Spec: core 3.0 §5.3.13.
  mutating func readGlobalType() throws(ModuleError) -> GlobalType {
    let value = try readValueType()
    return GlobalType(value: value, isMutable: try readMutability())
  }

  private mutating func readMutability() throws(ModuleError) -> Bool {
    let offset = position
    let mutability = try readByte()
    guard mutability <= 1 else {
      throw ModuleError(.malformed, "malformed mutability", at: offset)
    }
    return mutability == 1
  }

  // MARK: Errors.

  private func unsupportedType(_ feature: String, at offset: Int) -> ModuleError {
    ModuleError(.unsupported, "unsupported feature: \(feature)", at: offset)
  }
}
