// The binary format of types.

extension ByteReader {
  /// Spec: core 3.0 §5.3.5.
  mutating func readValueType() throws(ModuleError) -> ValueType {
    let offset = position
    let code = try readCode()
    switch code {
    case 0x7B...0x7F: return ValueType(rawValue: UInt32(code))
    case 0x70: return .funcref
    case 0x6F: return .externref
    case 0x63: return .reference(try readHeapType(), nullable: true)
    case 0x64: throw unsupportedType("typed function references", at: offset)
    default: throw unknownType(code, "malformed value type", at: offset)
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
    switch number {
    case -0x10: return .function
    case -0x11: return .external
    case 0...: throw unsupportedType("typed function references", at: offset)
    case -0x40..<0:
      throw unknownType(UInt8(number + 0x80), "malformed heap type", at: offset)
    default: throw ModuleError(.malformed, "malformed heap type", at: offset)
    }
  }

  /// Spec: core 3.0 §5.3.8: only function types, without recursion groups, in this release.
  mutating func readFunctionType() throws(ModuleError) -> FunctionType {
    let offset = position
    switch try readCode() {
    case 0x60: break
    case 0x4E...0x50, 0x5E, 0x5F: throw unsupportedType("garbage collection", at: offset)
    default: throw ModuleError(.malformed, "malformed function type", at: offset)
    }
    let parameters = try readValueTypes(
      limit: ImplementationLimits.parameters, "function parameters")
    let results = try readValueTypes(limit: ImplementationLimits.results, "function results")
    return FunctionType(parameters: parameters, results: results)
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
    if limits.isShared { throw unsupportedType("shared memories", at: offset) }
    return (limits, flags)
  }

  /// Spec: core 3.0 §5.3.12.
  mutating func readTableType() throws(ModuleError) -> TableType {
    let element = try readReferenceType()
    let known = LimitsFlag.hasMaximum | LimitsFlag.shared | LimitsFlag.is64Bit
    return TableType(element: element, limits: try readLimits(flags: known).limits)
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

  /// Spec: core 3.0 §5.3.13.
  mutating func readGlobalType() throws(ModuleError) -> GlobalType {
    let value = try readValueType()
    let offset = position
    let mutability = try readByte()
    guard mutability <= 1 else {
      throw ModuleError(.malformed, "malformed mutability", at: offset)
    }
    return GlobalType(value: value, isMutable: mutability == 1)
  }

  // MARK: Errors.

  private func unknownType(_ code: UInt8, _ message: String, at offset: Int) -> ModuleError {
    switch code {
    case 0x69, 0x74: unsupportedType("exception handling", at: offset)
    case 0x6A...0x6E, 0x71...0x73: unsupportedType("garbage collection", at: offset)
    default: ModuleError(.malformed, message, at: offset)
    }
  }

  private func unsupportedType(_ feature: String, at offset: Int) -> ModuleError {
    ModuleError(.unsupported, "unsupported feature: \(feature)", at: offset)
  }
}
