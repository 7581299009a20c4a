// The element and data sections. Spec: core 3.0 §5.5.12, §5.5.14.

extension ModuleDecoder {
  mutating func decodeElements(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(
      limit: ImplementationLimits.elementSegments, "element segments")
    module.elements.reserveCapacity(count)
    for _ in 0..<count { module.elements.append(try decodeElement(&input)) }
  }

  /// Bit 0 of the flags: not active. Bit 1: a table index for an active segment, else declarative.
  /// Bit 2: items are expressions, not function indices.
  private mutating func decodeElement(
    _ input: inout ByteReader
  ) throws(ModuleError) -> ElementSegment {
    let offset = input.position
    let flags = try input.readUnsigned32()
    guard flags < 8 else {
      throw ModuleError(.malformed, "malformed elements segment kind", at: offset)
    }
    let bit1 = flags & 2 != 0
    let mode: SegmentMode
    if flags & 1 == 0 {
      let table = bit1 ? try input.readUnsigned32() : 0
      mode = .active(index: table, offset: try decodeConstantExpression(&input))
    } else {
      mode = bit1 ? .declarative : .passive
    }
    let usesExpressions = flags & 4 != 0
    // Items that are function indices are never null. The oldest forms name no type.
    var type = ValueType.reference(.function, nullable: usesExpressions)
    if flags & 3 != 0 {
      if usesExpressions { type = try input.readReferenceType() } else { try checkKind(&input) }
    }
    let items =
      usesExpressions ? try decodeExpressionItems(&input) : try decodeFunctionItems(&input)
    return ElementSegment(type: type, mode: mode, items: items)
  }

  private func checkKind(_ input: inout ByteReader) throws(ModuleError) {
    let offset = input.position
    guard try input.readByte() == 0 else {
      throw ModuleError(.malformed, "malformed element kind", at: offset)
    }
  }

  private mutating func decodeFunctionItems(
    _ input: inout ByteReader
  ) throws(ModuleError) -> ElementSegment.Items {
    let count = try input.readCount(
      limit: ImplementationLimits.elementSegmentItems, "element segment items")
    var indices: [UInt32] = []
    indices.reserveCapacity(count)
    for _ in 0..<count { indices.append(try input.readUnsigned32()) }
    references += indices
    return .functions(indices)
  }

  private mutating func decodeExpressionItems(
    _ input: inout ByteReader
  ) throws(ModuleError) -> ElementSegment.Items {
    let count = try input.readCount(
      limit: ImplementationLimits.elementSegmentItems, "element segment items")
    var expressions: [ConstantExpression] = []
    expressions.reserveCapacity(count)
    for _ in 0..<count { expressions.append(try decodeConstantExpression(&input)) }
    return .expressions(expressions)
  }

  mutating func decodeData(_ input: inout ByteReader) throws(ModuleError) {
    let count = try input.readCount(limit: ImplementationLimits.dataSegments, "data segments")
    module.data.reserveCapacity(count)
    for _ in 0..<count {
      let mode = try decodeDataMode(&input)
      let size = try input.readUnsigned32()
      module.data.append(DataSegment(mode: mode, bytes: try input.skip(size)))
    }
  }

  private mutating func decodeDataMode(
    _ input: inout ByteReader
  ) throws(ModuleError) -> SegmentMode {
    let offset = input.position
    switch try input.readUnsigned32() {
    case 0: return .active(index: 0, offset: try decodeConstantExpression(&input))
    case 1: return .passive
    case 2:
      let memory = try input.readUnsigned32()
      return .active(index: memory, offset: try decodeConstantExpression(&input))
    default: throw ModuleError(.malformed, "malformed data segment kind", at: offset)
    }
  }
}
