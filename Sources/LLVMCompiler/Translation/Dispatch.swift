// Which family translates an instruction.

internal import CLLVM
internal import WasmModule

extension FunctionTranslator {
  /// Translates one instruction of reachable code.
  mutating func translate(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode.rawValue {
    case 0x06...0x0A, 0x18...0x19, 0x1F: try translateException(instruction)
    case 0x00...0x15: try translateControl(instruction)
    case 0x1A...0x1C: translateParametric(instruction)
    case 0x20...0x24: translateVariable(instruction)
    case 0x25...0x26, 0x100C...0x1011: try translateTable(instruction)
    case 0x28...0x3E: try translateMemoryAccess(instruction)
    case 0x3F...0x40, 0x1008...0x100B: try translateMemory(instruction)
    case 0x41...0x44: translateConstant(instruction)
    case 0x45...0x5A: try translateIntegerComparison(instruction)
    case 0x5B...0x66: try translateFloatComparison(instruction)
    case 0x67...0x8A: try translateInteger(instruction)
    case 0x8B...0xA6: try translateFloat(instruction)
    case 0x1013...0x1016: translateWideArithmetic(instruction)
    case 0xA7...0xC4, 0x1000...0x1007: try translateConversion(instruction)
    case 0xD0...0xD6: try translateReference(instruction)
    case 0x2000...0x2113: try translateVector(instruction)
    case 0x3000...0x304E: translateAtomic(instruction)
    case 0x4000...0x4005: try translateStructure(instruction)
    case 0x4006...0x4013: try translateArray(instruction)
    case 0x4014...0x401E: try translateCast(instruction)
    default: throw unsupported(instruction)
    }
  }

  /// The error for an instruction that this compiler does not have.
  func unsupported(_ instruction: Instruction) -> ModuleError {
    ModuleError(
      .unsupported, "unsupported instruction \(instruction.opcode)", at: instruction.offset,
      functionIndex: activation.index)
  }

  // MARK: The smallest families.

  private mutating func translateParametric(_ instruction: Instruction) {
    if instruction.opcode == .drop {
      _ = pop()
      return
    }
    let condition = popCondition()
    let (then, otherwise) = popPair()
    push(builder.select(condition, then, otherwise))
  }

  private mutating func translateConstant(_ instruction: Instruction) {
    let bits = instruction.value
    switch instruction.opcode {
    case .i32Const: push(types.i32(UInt32(truncatingIfNeeded: bits)))
    case .i64Const: push(types.i64(bits))
    case .f32Const: push(types.f32(bits: UInt32(truncatingIfNeeded: bits)))
    default: push(types.f64(bits: bits))
    }
  }
}
