// The validator's stack of operand types.

extension ValueType {
  /// The type of a value that code after an unconditional branch would find: any type.
  static let bottom = ValueType(rawValue: 0)
}

extension FunctionValidator {
  @inline(__always)
  mutating func push(_ type: ValueType) throws(ModuleError) {
    if operandCount == operands.capacity { try growOperands(by: 1) }
    operands[operandCount] = type
    operandCount &+= 1
  }

  @inline(__always)
  mutating func push(_ list: TypeList) throws(ModuleError) {
    let count = Int(list.count)
    if operandCount &+ count > operands.capacity { try growOperands(by: count) }
    for place in 0..<count { operands[operandCount &+ place] = tables.value(list, place) }
    operandCount &+= count
  }

  @inline(never)
  private mutating func growOperands(by count: Int) throws(ModuleError) {
    guard operandCount + count <= ImplementationLimits.operands else {
      throw ModuleError(
        .unsupported, "too many operands: the limit is \(ImplementationLimits.operands)",
        at: offset)
    }
    operands.grow(to: operandCount + count, keeping: operandCount)
  }

  @inline(__always)
  mutating func pop(_ expected: ValueType) throws(ModuleError) {
    let top = operandCount &- 1
    if top >= floor, operands[top] == expected {
      operandCount = top
    } else {
      try popUnusual(expected)
    }
  }

  /// A pop of a subtype, in unreachable code, or one that fails.
  @inline(never)
  private mutating func popUnusual(_ expected: ValueType) throws(ModuleError) {
    let found = try popAny(expected: expected)
    guard tables.matches(found, expected) else {
      throw mismatch(expected: expected, found: found)
    }
  }

  /// Takes a value of whatever type; `expected` is only for the message.
  mutating func popAny(expected: ValueType? = nil) throws(ModuleError) -> ValueType {
    if operandCount == floor {
      guard frames[frameCount - 1].isUnreachable else {
        throw mismatch(expected: expected, found: nil)
      }
      return .bottom
    }
    operandCount -= 1
    return operands[operandCount]
  }

  /// Takes a reference of whatever type; in unreachable code one that is of every type.
  mutating func popReference() throws(ModuleError) -> ValueType {
    let type = try popAny()
    if type == .bottom { return .reference(.bottom, nullable: false) }
    guard type.isReference else { throw typeMismatch("expects a reference, found \(type)") }
    return type
  }

  /// Takes values of the types of `list`, the last from the top.
  @inline(__always)
  mutating func pop(_ list: TypeList) throws(ModuleError) {
    try check(list)
    operandCount = max(operandCount &- Int(list.count), floor)
  }

  /// Checks that values of the types of `list` are on top, and leaves them there.
  @inline(__always)
  mutating func check(_ list: TypeList) throws(ModuleError) {
    var place = Int(list.count)
    var top = operandCount
    while place > 0 {
      place &-= 1
      top &-= 1
      let expected = tables.value(list, place)
      guard top >= floor else {
        if frames[frameCount &- 1].isUnreachable { return }
        throw mismatch(expected: expected, found: nil)
      }
      guard tables.matches(operands[top], expected) else {
        throw mismatch(expected: expected, found: operands[top])
      }
    }
  }

  /// What follows is not reached: the stack is as the code there would like it.
  @inline(__always)
  mutating func markUnreachable() {
    operandCount = floor
    frames[frameCount &- 1].isUnreachable = true
  }

  @inline(never)
  func mismatch(expected: ValueType?, found: ValueType?) -> ModuleError {
    let expectation = expected?.description ?? "a value"
    return typeMismatch("expects \(expectation), found \(found?.description ?? "nothing")")
  }

  /// The error of the current instruction: its name, then `detail`.
  @inline(never)
  func typeMismatch(_ detail: String) -> ModuleError {
    var again = InstructionReader(bytes: bytes, range: offset..<reader.end)
    let name = (try? again.next())?.opcode.textName ?? "the instruction"
    return ModuleError(.invalid, "type mismatch: \(name) \(detail)", at: offset)
  }
}
