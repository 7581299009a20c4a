// Validates function bodies, each in one pass over its bytes.

/// The validator of a module's bodies, after the algorithm of the specification's appendix.
/// Spec: core 3.0 §A.3.
///
/// One serves a whole module: its stacks are flat and kept from one body to the next, so that a
/// body costs no allocation. It belongs to one thread; several threads take one each.
///
/// The helpers on the way of every instruction are `mutating` even if they only read: Swift 6.3
/// copies the whole of a non-copyable structure to inline a borrowing method into a mutating one.
package struct FunctionValidator: ~Copyable {
  /// The module's bytes; the caller keeps them alive.
  let bytes: UnsafeRawBufferPointer
  let tables: ValidationTables

  /// The types of the values that the code before has left.
  var operands = FlatBuffer<ValueType>(capacity: 1_024)
  var operandCount = 0
  /// The enclosing blocks, the function's body first.
  var frames = FlatBuffer<ControlFrame>(capacity: 256)
  var frameCount = 0
  /// The innermost block's `height`.
  var floor = 0
  /// The current body's parameters and locals.
  var locals = FlatBuffer<ValueType>(capacity: 1_024)
  var localCount = 0
  /// Whether the body has locals without a default; then `isSet` holds of each local whether it has
  /// a value here, and `setLocals` those that got theirs in the open blocks.
  var hasUnsetLocals = false
  var isSet = FlatBuffer<Bool>(capacity: 1)
  var setLocals = FlatBuffer<UInt32>(capacity: 1)
  var setLocalCount = 0

  var reader: InstructionReader
  /// The current instruction; fields that mean nothing for its opcode hold anything.
  var instruction = Instruction(opcode: .nop, offset: 0)

  /// Throws if a type is wrong or unknown; the module's other declarations are not checked (see
  /// `Module.validateDeclarations`).
  package init(_ module: Module, bytes: UnsafeRawBufferPointer) throws(ModuleError) {
    self.bytes = bytes
    tables = try ValidationTables(module)
    reader = InstructionReader(bytes: bytes, range: 0..<0)
  }

  /// Validates the body of function `functionIndex`, which must be a defined one.
  ///
  /// The error carries the function's index.
  package mutating func validate(functionIndex: UInt32) throws(ModuleError) {
    precondition(
      functionIndex >= tables.importedFunctionCount && functionIndex < tables.functionCount)
    do {
      try begin(functionIndex)
      try validateInstructions()
    } catch {
      var located = error
      located.functionIndex = functionIndex
      throw located
    }
  }

  /// Byte offset of the current instruction.
  @inline(__always)
  var offset: Int { instruction.offset }

  // MARK: A body.

  private mutating func begin(_ functionIndex: UInt32) throws(ModuleError) {
    let signature = tables.types[Int(tables.functions[Int(functionIndex)])]
    let body = tables.bodies[Int(functionIndex) - tables.importedFunctionCount]
    localCount = 0
    hasUnsetLocals = false
    instruction.offset = body.bytes.lowerBound
    for place in 0..<Int(signature.parameters.count) {
      appendLocals(1, tables.value(signature.parameters, place))
    }
    var declarations = try LocalDeclarations(bytes: bytes, body: body)
    let parameterCount = localCount
    while let run = try declarations.next() {
      try check(run.type)
      if run.count > 0, !run.type.isDefaultable { hasUnsetLocals = true }
      appendLocals(Int(run.count), run.type)
    }
    if hasUnsetLocals { prepareUnsetLocals(parameterCount: parameterCount) }
    reader = declarations.instructions
    beginExpression(results: signature.results)
  }

  private mutating func appendLocals(_ count: Int, _ type: ValueType) {
    let newCount = localCount + count
    if newCount > locals.capacity { locals.grow(to: newCount, keeping: localCount) }
    for place in localCount..<newCount { locals[place] = type }
    localCount = newCount
  }

  /// Empties the stacks and enters the outermost block.
  mutating func beginExpression(results: TypeList) {
    operandCount = 0
    floor = 0
    setLocalCount = 0
    frames[0] = ControlFrame(
      kind: .function, signature: Signature(parameters: .empty, results: results), height: 0,
      setLocalCount: 0)
    frameCount = 1
  }

  /// Validates from the reader's position to the `end` of the outermost block, which must be the
  /// last byte.
  private mutating func validateInstructions() throws(ModuleError) {
    while frameCount > 0 {
      if reader.isAtEnd { throw missingEnd() }
      try validateNext()
    }
    guard reader.isAtEnd else {
      throw ModuleError(
        .malformed, "section size mismatch: the function ends before its size says",
        at: reader.position)
    }
  }

  @inline(never)
  private func missingEnd() -> ModuleError {
    // Where code follows, the specification's own reader runs on and meets it.
    let isLast = reader.end == bytes.count
    return ModuleError(
      .malformed, isLast ? "unexpected end of section or function" : "END opcode expected",
      at: reader.end)
  }

  /// Reads and validates one instruction.
  @inline(__always)
  mutating func validateNext() throws(ModuleError) {
    let entry = try reader.decode(into: &instruction).pointee
    switch entry.rule {
    case .signature: break
    case .special: return try validateSpecial()
    case .memoryAccess:
      if instruction.index >= tables.narrowMemoryCount { return try validateOtherAccess(entry) }
      try checkMemoryAccess(entry)
    case .atomicAccess: return try validateOtherAccess(entry)
    case .lane: try checkLane(instruction.index, entry)
    case .memoryLane:
      if instruction.index >= tables.narrowMemoryCount { return try validateOtherAccess(entry) }
      try checkMemoryAccess(entry)
      try checkLane(instruction.index2, entry)
    case .shuffle: try checkShuffle()
    }
    if entry.operands.0 != 0 {
      try pop(ValueType(rawValue: UInt32(entry.operands.0)))
      if entry.operands.1 != 0 {
        try pop(ValueType(rawValue: UInt32(entry.operands.1)))
        if entry.operands.2 != 0 { try pop(ValueType(rawValue: UInt32(entry.operands.2))) }
      }
    }
    if entry.result != 0 { try push(ValueType(rawValue: UInt32(entry.result))) }
  }
}
