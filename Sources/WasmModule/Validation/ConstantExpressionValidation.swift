// Validates the expressions that initialise globals, tables and segments.

extension FunctionValidator {
  /// Validates a constant expression of one result of `type`, for which the first
  /// `visibleGlobals` globals exist. Spec: core 3.0 §3.4.13 (extended constants).
  mutating func validate(
    _ expression: ConstantExpression, type: ValueType, visibleGlobals: Int
  ) throws(ModuleError) {
    reader = InstructionReader(bytes: bytes, range: expression.bytes)
    instruction.offset = expression.bytes.lowerBound
    localCount = 0
    hasUnsetLocals = false
    beginExpression(results: try list(of: type))
    while frameCount > 0 {
      var ahead = reader
      instruction = try ahead.next()
      try checkConstant(visibleGlobals: visibleGlobals)
      try validateNext()
    }
  }

  private mutating func checkConstant(visibleGlobals: Int) throws(ModuleError) {
    switch instruction.opcode {
    case .i32Const, .i64Const, .f32Const, .f64Const, .v128Const, .refNull, .refFunc, .end,
      .i32Add, .i32Sub, .i32Mul, .i64Add, .i64Sub, .i64Mul,
      .structNew, .structNewDefault, .arrayNew, .arrayNewDefault, .arrayNewFixed, .refI31,
      .anyConvertExtern, .externConvertAny:
      break
    case .globalGet:
      guard instruction.index < visibleGlobals else {
        throw unknown("global", instruction.index)
      }
      guard !tables.globals[Int(instruction.index)].isMutable else {
        throw notConstant("global \(instruction.index) is mutable")
      }
    default:
      throw notConstant("\(instruction.opcode.textName) is not constant")
    }
  }

  private func notConstant(_ detail: String) -> ModuleError {
    ModuleError(.invalid, "constant expression required: \(detail)", at: offset)
  }
}
