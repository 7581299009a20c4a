// Instructions on references.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateReference(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .refNull: push(LLVMConstNull(types.pointer))
    case .refIsNull: push(condition: isNull(pop()))
    case .refFunc:
      guard let offset = program.funcRefs[instruction.index] else { throw unsupported(instruction) }
      push(builder.address(vmctx, plus: offset))
    case .refEq:
      let (left, right) = popPair()
      push(condition: builder.compare(LLVMIntEQ, left, right))
    case .refAsNonNull:
      trap(.nullReference, if: isNull(stack[stack.count - 1]))
    case .brOnNull:
      let reference = pop()
      branchIf(isNull(reference), to: instruction.index)
      push(reference)
    case .brOnNonNull:
      let isNotNull = builder.compare(
        LLVMIntNE, stack[stack.count - 1], LLVMConstNull(types.pointer))
      branchIf(isNotNull, to: instruction.index)
      _ = pop()
    default: throw unsupported(instruction)
    }
  }

  func isNull(_ reference: LLVMValueRef) -> LLVMValueRef {
    builder.compare(LLVMIntEQ, reference, LLVMConstNull(types.pointer))
  }
}
