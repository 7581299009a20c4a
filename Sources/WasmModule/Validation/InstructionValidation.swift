// The instructions whose type depends on more than their opcode. Spec: core 3.0 §3.4.

extension FunctionValidator {
  // MARK: Control, calls, variables, and what else is frequent.

  @inline(__always)
  mutating func validateSpecial() throws(ModuleError) {
    let index = instruction.index
    switch instruction.opcode {
    case .localGet:
      try push(try localType(index))
      if hasUnsetLocals { try checkIsSet(index) }
    case .localSet:
      try pop(try localType(index))
      if hasUnsetLocals { markSet(index) }
    case .localTee:
      let type = try localType(index)
      try pop(type)
      try push(type)
      if hasUnsetLocals { markSet(index) }
    case .globalGet: try push(try globalType(index).value)
    case .globalSet:
      let type = try globalType(index)
      guard type.isMutable else {
        throw ModuleError(.invalid, "immutable global \(index)", at: offset)
      }
      try pop(type.value)
    case .block: try enter(.block, instruction.blockType)
    case .loop: try enter(.loop, instruction.blockType)
    case .if:
      try pop(.i32)
      try enter(.if, instruction.blockType)
    case .else: try validateElse()
    case .end: try validateEnd()
    case .br:
      try pop(try labelTypes(index))
      markUnreachable()
    case .brIf:
      try pop(.i32)
      let types = try labelTypes(index)
      try pop(types)
      try push(types)
    case .call:
      let signature = try functionSignature(index)
      try pop(signature.parameters)
      try push(signature.results)
    case .return:
      try pop(frames[0].signature.results)
      markUnreachable()
    case .unreachable: markUnreachable()
    case .drop: _ = try popAny()
    case .select: try validateSelect()
    default: try validateRare()
    }
  }

  @inline(never)
  private mutating func validateRare() throws(ModuleError) {
    switch instruction.opcode {
    case .brTable: try validateBranchTable()
    case .callIndirect:
      let signature = try indirectSignature()
      try pop(signature.parameters)
      try push(signature.results)
    case .returnCall: try validateTailCall(try functionSignature(instruction.index))
    case .returnCallIndirect: try validateTailCall(try indirectSignature())
    case .selectT: try validateTypedSelect()
    case .callRef:
      let signature = try referenceSignature()
      try pop(signature.parameters)
      try push(signature.results)
    case .returnCallRef: try validateTailCall(try referenceSignature())
    case .refNull, .refIsNull, .refFunc, .refEq, .refAsNonNull, .brOnNull, .brOnNonNull:
      try validateReference()
    case .refTest, .refTestNull, .refCast, .refCastNull, .brOnCast, .brOnCastFail:
      try validateCast()
    case .structNew, .structNewDefault, .structGet, .structGetS, .structGetU, .structSet:
      try validateStructure()
    case .refI31, .i31GetS, .i31GetU, .anyConvertExtern, .externConvertAny:
      try validateConversion()
    case .memorySize, .memoryGrow, .memoryInit, .memoryCopy, .memoryFill, .dataDrop:
      try validateMemory()
    case .throw, .throwRef, .tryTable, .try, .catch, .catchAll, .delegate, .rethrow:
      try validateException()
    case .i64Add128, .i64Sub128: try validateWideArithmetic(operandCount: 4)
    case .i64MulWideS, .i64MulWideU: try validateWideArithmetic(operandCount: 2)
    case .tableGet, .tableSet, .tableSize, .tableGrow, .tableFill, .tableCopy, .tableInit,
      .elemDrop:
      try validateTable()
    default: try validateArray()
    }
  }

  @inline(__always)
  private mutating func localType(_ index: UInt32) throws(ModuleError) -> ValueType {
    guard Int(index) < localCount else { throw unknown("local", index) }
    return locals[Int(index)]
  }

  @inline(__always)
  private mutating func globalType(_ index: UInt32) throws(ModuleError) -> GlobalType {
    guard index < tables.globalCount else { throw unknown("global", index) }
    return tables.globals[Int(index)]
  }

  @inline(__always)
  private mutating func functionSignature(_ index: UInt32) throws(ModuleError) -> Signature {
    guard index < tables.functionCount else { throw unknown("function", index) }
    return tables.types[Int(tables.functions[Int(index)])]
  }

  /// Takes the callee's place in the table.
  private mutating func indirectSignature() throws(ModuleError) -> Signature {
    let element = try tableType(instruction.index2)
    let signature = try functionSignature(ofType: instruction.index)
    guard tables.matches(element, .funcref) else {
      throw typeMismatch("needs a table of functions, found one of \(element)")
    }
    try pop(tables.tableAddresses[Int(instruction.index2)])
    return signature
  }

  private mutating func validateTailCall(_ signature: Signature) throws(ModuleError) {
    guard tables.matches(signature.results, frames[0].signature.results) else {
      throw typeMismatch("calls a function with other results than its caller's")
    }
    try pop(signature.parameters)
    markUnreachable()
  }

  /// The table of opcodes has no room for two results. Spec: wide-arithmetic, "Overview".
  private mutating func validateWideArithmetic(operandCount: Int) throws(ModuleError) {
    for _ in 0..<operandCount { try pop(.i64) }
    for _ in 0..<2 { try push(.i64) }
  }

  private mutating func validateSelect() throws(ModuleError) {
    try pop(.i32)
    let second = try popAny()
    let first = try popAny()
    guard !first.isReference, !second.isReference else {
      throw typeMismatch("without a type needs numbers or vectors")
    }
    guard first == second || first == .bottom || second == .bottom else {
      throw mismatch(expected: first, found: second)
    }
    try push(first == .bottom ? second : first)
  }

  private mutating func validateTypedSelect() throws(ModuleError) {
    guard instruction.index == 1, case .value(let type) = instruction.blockType else {
      throw ModuleError(
        .invalid, "invalid result arity: select has \(instruction.index) types", at: offset)
    }
    try check(type)
    try pop(.i32)
    try pop(type)
    try pop(type)
    try push(type)
  }

  // MARK: Memories.

  /// An access to a memory with 32-bit addresses: all but the types of its operands.
  @inline(__always)
  mutating func checkMemoryAccess(_ entry: OpcodeEntry) throws(ModuleError) {
    try checkAlignment(entry)
    guard instruction.value <= UInt64(UInt32.max) else {
      throw ModuleError(.invalid, "offset out of range \(instruction.value)", at: offset)
    }
  }

  /// An access to a memory that is not among the first with 32-bit addresses, or an atomic one.
  @inline(never)
  mutating func validateOtherAccess(_ entry: OpcodeEntry) throws(ModuleError) {
    let address = try addressType(ofMemory: instruction.index)
    if entry.rule == .atomicAccess, instruction.alignment != UInt32(entry.naturalAlignment) {
      throw ModuleError(
        .invalid,
        "atomic alignment must be natural: 2^\(instruction.alignment), and natural is "
          + "2^\(entry.naturalAlignment)", at: offset)
    }
    if address == .i32 { try checkMemoryAccess(entry) } else { try checkAlignment(entry) }
    if entry.rule == .memoryLane { try checkLane(instruction.index2, entry) }
    // The address is the operand pushed first, behind which the table has none.
    let (top, second, third) = entry.operands
    if second != 0 { try pop(ValueType(rawValue: UInt32(top))) }
    if third != 0 { try pop(ValueType(rawValue: UInt32(second))) }
    try pop(address)
    if entry.result != 0 { try push(ValueType(rawValue: UInt32(entry.result))) }
  }

  @inline(__always)
  private mutating func checkAlignment(_ entry: OpcodeEntry) throws(ModuleError) {
    guard instruction.alignment <= UInt32(entry.naturalAlignment) else {
      throw ModuleError(
        .invalid,
        "alignment must not be larger than natural: 2^\(instruction.alignment), and "
          + "natural is 2^\(entry.naturalAlignment)", at: offset)
    }
  }

  mutating func checkLane(_ lane: UInt32, _ entry: OpcodeEntry) throws(ModuleError) {
    guard lane < UInt32(entry.laneCount) else {
      throw ModuleError(.invalid, "invalid lane index \(lane)", at: offset)
    }
  }

  mutating func checkShuffle() throws(ModuleError) {
    // Lanes 0-31 have none of the upper three bits set.
    guard (instruction.value | instruction.value2) & 0xE0E0_E0E0_E0E0_E0E0 == 0 else {
      throw ModuleError(.invalid, "invalid lane index", at: offset)
    }
  }

  private func addressType(ofMemory index: UInt32) throws(ModuleError) -> ValueType {
    guard index < tables.memoryCount else { throw unknown("memory", index) }
    return tables.memoryAddresses[Int(index)]
  }

  /// The number of data segments must be known before the code. Spec: core 3.0 §5.5.18.
  func checkDataSegment(_ index: UInt32) throws(ModuleError) {
    guard let count = tables.dataCount else {
      throw ModuleError(.malformed, "data count section required", at: offset)
    }
    guard index < count else { throw unknown("data segment", index) }
  }

  private mutating func validateMemory() throws(ModuleError) {
    switch instruction.opcode {
    case .memorySize:
      try push(try addressType(ofMemory: instruction.index))
    case .memoryGrow:
      let address = try addressType(ofMemory: instruction.index)
      try pop(address)
      try push(address)
    case .memoryInit:
      let address = try addressType(ofMemory: instruction.index2)
      try checkDataSegment(instruction.index)
      try popThree(address, .i32, .i32)
    case .memoryCopy:
      let destination = try addressType(ofMemory: instruction.index)
      let source = try addressType(ofMemory: instruction.index2)
      try popThree(destination, source, countType(destination, source))
    case .memoryFill:
      let address = try addressType(ofMemory: instruction.index)
      try popThree(address, .i32, address)
    default:
      try checkDataSegment(instruction.index)
    }
  }

  /// Takes three operands, given in the order in which they were pushed.
  mutating func popThree(
    _ first: ValueType, _ second: ValueType, _ third: ValueType
  ) throws(ModuleError) {
    try pop(third)
    try pop(second)
    try pop(first)
  }

  /// The type of how much is copied between two memories or tables: the narrower one.
  private func countType(_ destination: ValueType, _ source: ValueType) -> ValueType {
    destination == .i64 && source == .i64 ? .i64 : .i32
  }

  // MARK: Tables.

  private mutating func tableType(_ index: UInt32) throws(ModuleError) -> ValueType {
    guard index < tables.tableCount else { throw unknown("table", index) }
    return tables.tables[Int(index)]
  }

  mutating func elementType(_ index: UInt32) throws(ModuleError) -> ValueType {
    guard index < tables.elementCount else { throw unknown("elem segment", index) }
    return tables.elements[Int(index)]
  }

  private mutating func validateTable() throws(ModuleError) {
    if instruction.opcode == .elemDrop {
      _ = try elementType(instruction.index)
      return
    }
    if instruction.opcode == .tableInit {
      let table = try tableType(instruction.index2)
      let element = try elementType(instruction.index)
      guard tables.matches(element, table) else {
        throw typeMismatch("copies \(element) to a table of \(table)")
      }
      return try popThree(tables.tableAddresses[Int(instruction.index2)], .i32, .i32)
    }
    let element = try tableType(instruction.index)
    let address = tables.tableAddresses[Int(instruction.index)]
    switch instruction.opcode {
    case .tableGet:
      try pop(address)
      try push(element)
    case .tableSet:
      try pop(element)
      try pop(address)
    case .tableSize: try push(address)
    case .tableGrow:
      try pop(address)
      try pop(element)
      try push(address)
    case .tableFill: try popThree(address, element, address)
    case .tableCopy:
      let source = try tableType(instruction.index2)
      guard tables.matches(source, element) else {
        throw typeMismatch("copies \(source) to a table of \(element)")
      }
      let sourceAddress = tables.tableAddresses[Int(instruction.index2)]
      try popThree(address, sourceAddress, countType(address, sourceAddress))
    default:
      // Every opcode of the table is handled above; a new row must not pass unchecked.
      throw ModuleError(
        .unsupported, "unsupported instruction \(instruction.opcode.textName)", at: offset)
    }
  }
}
