// The validator's stack of blocks.

/// A block that is open at the current instruction.
struct ControlFrame: BitwiseCopyable {
  enum Kind: UInt8 {
    case function, block, loop, `if`, `else`, `try`, `catch`, catchAll
  }

  var kind: Kind
  /// An unconditional branch has been met in it.
  var isUnreachable = false
  var signature: Signature
  /// The number of locals without a default that were set before the block.
  var setLocalCount: UInt32
  /// The number of operands below the block's parameters.
  var height: Int

  init(kind: Kind, signature: Signature, height: Int, setLocalCount: Int) {
    self.kind = kind
    self.signature = signature
    self.setLocalCount = UInt32(truncatingIfNeeded: setLocalCount)
    self.height = height
  }

  /// What a branch to the block carries.
  @inline(__always)
  var labelTypes: TypeList { kind == .loop ? signature.parameters : signature.results }
}

extension FunctionValidator {
  mutating func signature(of blockType: BlockType) throws(ModuleError) -> Signature {
    switch blockType {
    case .empty: return Signature(parameters: .empty, results: .empty)
    case .value(let type):
      return Signature(parameters: .empty, results: try list(of: type))
    case .function(let typeIndex):
      return try functionSignature(ofType: typeIndex)
    }
  }

  mutating func list(of type: ValueType) throws(ModuleError) -> TypeList {
    guard let list = tables.list(of: type) else { throw unknown("type", index(in: type)) }
    return list
  }

  /// Refuses a type whose index names none.
  @inline(__always)
  mutating func check(_ type: ValueType) throws(ModuleError) {
    if let index = type.heapType?.typeIndex, index >= tables.typeCount {
      throw unknown("type", index)
    }
  }

  private func index(in type: ValueType) -> UInt32 { type.heapType?.typeIndex ?? 0 }

  /// The parameters and results of type `index`, which must be a function type.
  mutating func functionSignature(ofType index: UInt32) throws(ModuleError) -> Signature {
    guard index < tables.typeCount else { throw unknown("type", index) }
    guard tables.typeTables.kinds[Int(index)] == .function else {
      throw typeMismatch("needs a function type, and type \(index) is none")
    }
    return tables.types[Int(index)]
  }

  /// Enters a block whose parameters are on the stack.
  mutating func enter(_ kind: ControlFrame.Kind, _ blockType: BlockType) throws(ModuleError) {
    let signature = try signature(of: blockType)
    try pop(signature.parameters)
    if frameCount == frames.capacity { frames.grow(to: frameCount + 1, keeping: frameCount) }
    open(
      ControlFrame(
        kind: kind, signature: signature, height: operandCount, setLocalCount: setLocalCount))
    try push(signature.parameters)
  }

  @inline(__always)
  mutating func open(_ frame: ControlFrame) {
    frames[frameCount] = frame
    frameCount &+= 1
    floor = frame.height
  }

  /// Leaves the innermost block: its results, and nothing else, must be on the stack.
  @inline(__always)
  mutating func close() throws(ModuleError) -> ControlFrame {
    let frame = frames[frameCount &- 1]
    try pop(frame.signature.results)
    guard operandCount == floor else {
      throw typeMismatch("finds \(operandCount - floor) values too many on the stack")
    }
    if setLocalCount != Int(frame.setLocalCount) { unsetLocals(downTo: frame.setLocalCount) }
    frameCount &-= 1
    if frameCount > 0 { floor = frames[frameCount &- 1].height }
    return frame
  }

  mutating func validateElse() throws(ModuleError) {
    guard frames[frameCount - 1].kind == .if else {
      throw ModuleError(.malformed, "END opcode expected: an else without if", at: offset)
    }
    let frame = try close()
    open(
      ControlFrame(
        kind: .else, signature: frame.signature, height: operandCount,
        setLocalCount: setLocalCount))
    try push(frame.signature.parameters)
  }

  mutating func validateEnd() throws(ModuleError) {
    let frame = try close()
    if frame.kind == .if {
      // The missing else passes the parameters on as the results.
      guard tables.matches(frame.signature.parameters, frame.signature.results) else {
        throw typeMismatch("of an if without else, whose parameters are not its results")
      }
    }
    if frameCount > 0 { try push(frame.signature.results) }
  }

  /// What a branch to the label at `depth` carries.
  @inline(__always)
  mutating func labelTypes(_ depth: UInt32) throws(ModuleError) -> TypeList {
    guard Int(depth) < frameCount else { throw unknown("label", depth) }
    return frames[frameCount &- 1 &- Int(depth)].labelTypes
  }

  mutating func validateBranchTable() throws(ModuleError) {
    try pop(.i32)
    var previous: TypeList?
    for _ in 0..<instruction.index {
      let types = try labelTypes(try reader.nextTarget())
      // Most tables jump to labels of one type.
      if let previous, previous.start == types.start, previous.count == types.count { continue }
      guard types.count == (previous ?? types).count else {
        throw typeMismatch("has targets of different arity")
      }
      try check(types)
      previous = types
    }
    let types = try labelTypes(try reader.nextTarget())
    guard types.count == (previous ?? types).count else {
      throw typeMismatch("has targets of different arity")
    }
    try pop(types)
    markUnreachable()
  }

  @inline(never)
  func unknown(_ what: String, _ index: UInt32) -> ModuleError {
    ModuleError(.invalid, "unknown \(what) \(index)", at: offset)
  }
}
