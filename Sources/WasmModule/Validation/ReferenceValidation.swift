// References: null, functions, equality, casts, and branches on them. Spec: core 3.0 §3.4.

extension FunctionValidator {
  mutating func validateReference() throws(ModuleError) {
    let index = instruction.index
    switch instruction.opcode {
    case .refNull:
      guard case .value(let type) = instruction.blockType else { return }
      try check(type)
      try push(type)
    case .refIsNull:
      _ = try popReference()
      try push(.i32)
    case .refFunc:
      guard index < tables.functionCount else { throw unknown("function", index) }
      guard tables.isReferenced[Int(index)] else {
        throw ModuleError(.invalid, "undeclared function reference \(index)", at: offset)
      }
      try push(.reference(.defined(tables.functions[Int(index)]), nullable: false))
    case .refEq:
      try pop(.reference(.eq, nullable: true))
      try pop(.reference(.eq, nullable: true))
      try push(.i32)
    case .refAsNonNull: try push(try popReference().nonNull)
    case .brOnNull:
      let type = try popReference()
      let types = try labelTypes(index)
      try pop(types)
      try push(types)
      try push(type.nonNull)
    default:
      let type = try popReference()
      try validateBranch(index, carrying: type.nonNull)
    }
  }

  /// The signature of `call_ref`; takes the function off.
  mutating func referenceSignature() throws(ModuleError) -> Signature {
    let signature = try functionSignature(ofType: instruction.index)
    try pop(.reference(.defined(instruction.index), nullable: true))
    return signature
  }

  /// A branch that is perhaps taken, with a reference of `type` on top of the operands that stay
  /// where it is not.
  private mutating func validateBranch(
    _ depth: UInt32, carrying type: ValueType
  ) throws(ModuleError) {
    var types = try labelTypes(depth)
    guard types.count > 0 else {
      throw typeMismatch("carries \(type) to a label that takes nothing")
    }
    let last = tables.value(types, Int(types.count) - 1)
    guard tables.matches(type, last) else { throw mismatch(expected: last, found: type) }
    types.count -= 1
    try pop(types)
    try push(types)
  }

  // MARK: Casts.

  mutating func validateCast() throws(ModuleError) {
    let target = instruction.castTarget
    switch instruction.opcode {
    case .refTest, .refTestNull:
      try popCastable(to: target)
      try push(.i32)
    case .refCast, .refCastNull:
      try popCastable(to: target)
      try push(target)
    default: try validateCastBranch(target)
    }
  }

  /// Takes a reference of the target's family.
  private mutating func popCastable(to target: ValueType) throws(ModuleError) {
    try check(target)
    guard let heapType = target.heapType else { return }
    try pop(.reference(tables.typeTables.hierarchy(of: heapType).top, nullable: true))
  }

  private mutating func validateCastBranch(_ target: ValueType) throws(ModuleError) {
    guard case .value(let source) = instruction.blockType else { return }
    try check(source)
    try check(target)
    guard tables.matches(target, source) else {
      throw typeMismatch("casts \(source) to \(target), which is no subtype")
    }
    // Without the target's null, what is left has none either.
    let rest = target.isNullableReference ? source.nonNull : source
    let isTakenOnSuccess = instruction.opcode == .brOnCast
    try pop(source)
    try validateBranch(instruction.index, carrying: isTakenOnSuccess ? target : rest)
    try push(isTakenOnSuccess ? rest : target)
  }

  // MARK: i31 and conversions.

  mutating func validateConversion() throws(ModuleError) {
    switch instruction.opcode {
    case .refI31:
      try pop(.i32)
      try push(.reference(.i31, nullable: false))
    case .anyConvertExtern: try convert(.external, to: .any)
    case .externConvertAny: try convert(.any, to: .external)
    default:
      try pop(.reference(.i31, nullable: true))
      try push(.i32)
    }
  }

  /// Null becomes null.
  private mutating func convert(_ from: HeapType, to: HeapType) throws(ModuleError) {
    let type = try popReference()
    guard tables.matches(type, .reference(from, nullable: true)) else {
      throw mismatch(expected: .reference(from, nullable: true), found: type)
    }
    try push(.reference(to, nullable: type.isNullableReference))
  }
}
