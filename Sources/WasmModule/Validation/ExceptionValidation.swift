// Exceptions: throwing, `try_table`, and the older `try`.
//
// Spec: core 3.0 §3.3.6; for `try`, `catch`, `catch_all`, `delegate` and `rethrow` the legacy
// exception handling proposal, which toolchains still follow.

extension FunctionValidator {
  mutating func validateException() throws(ModuleError) {
    switch instruction.opcode {
    case .throw:
      try pop(try payload(instruction.index))
      markUnreachable()
    case .throwRef:
      try pop(.exnref)
      markUnreachable()
    case .tryTable:
      let (blockType, count) = (instruction.blockType, instruction.index)
      // Labels are counted from outside of the block.
      for _ in 0..<count { try check(try reader.nextClause()) }
      try enter(.block, blockType)
    case .try: try enter(.try, instruction.blockType)
    case .catch:
      let payload = try payload(instruction.index)
      try reopen(as: .catch)
      try push(payload)
    case .catchAll: try reopen(as: .catchAll)
    case .delegate: try validateDelegate()
    default: try validateRethrow()
    }
  }

  /// What exceptions of tag `index` carry.
  private func payload(_ index: UInt32) throws(ModuleError) -> TypeList {
    guard index < tables.tagCount else { throw unknown("tag", index) }
    return tables.tags[Int(index)]
  }

  /// What a clause hands on must be what its label takes.
  private mutating func check(_ clause: CatchClause) throws(ModuleError) {
    let carried = try clause.tag.map { tag throws(ModuleError) in try payload(tag) } ?? .empty
    let types = try labelTypes(clause.label)
    let count = carried.count + (clause.kind.passesReference ? 1 : 0)
    guard types.count == count else {
      throw typeMismatch("hands \(count) values to a label that takes \(types.count)")
    }
    for place in 0..<Int(count) {
      let found =
        place < Int(carried.count)
        ? tables.value(carried, place) : ValueType.reference(.exception, nullable: false)
      let expected = tables.value(types, place)
      guard tables.matches(found, expected) else {
        throw typeMismatch("hands \(found) to a label that takes \(expected)")
      }
    }
  }

  // MARK: The older form.

  /// Ends the body of a `try`, or of the `catch` before, and begins another.
  private mutating func reopen(as kind: ControlFrame.Kind) throws(ModuleError) {
    let before = frames[frameCount - 1].kind
    guard before == .try || before == .catch else {
      throw ModuleError(
        .malformed, "END opcode expected: a catch without try, or behind catch_all", at: offset)
    }
    let frame = try close()
    open(
      ControlFrame(
        kind: kind, signature: frame.signature, height: operandCount,
        setLocalCount: setLocalCount))
  }

  private mutating func validateDelegate() throws(ModuleError) {
    guard frames[frameCount - 1].kind == .try else {
      throw ModuleError(.malformed, "END opcode expected: a delegate without try", at: offset)
    }
    let frame = try close()
    _ = try labelTypes(instruction.index)
    try push(frame.signature.results)
  }

  private mutating func validateRethrow() throws(ModuleError) {
    _ = try labelTypes(instruction.index)
    let kind = frames[frameCount - 1 - Int(instruction.index)].kind
    guard kind == .catch || kind == .catchAll else {
      throw ModuleError(.invalid, "invalid rethrow label \(instruction.index)", at: offset)
    }
    markUnreachable()
  }
}
