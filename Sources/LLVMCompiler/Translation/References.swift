// Instructions on references.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateReference(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .refNull:
      guard case .value(let type) = instruction.blockType else { throw unsupported(instruction) }
      push(types.zero(type))
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
      let reference = stack[stack.count - 1]
      let isNotNull = builder.compare(
        LLVMIntNE, reference, LLVMConstNull(LLVMTypeOf(reference)))
      branchIf(isNotNull, to: instruction.index)
      _ = pop()
    default: throw unsupported(instruction)
    }
  }

  func isNull(_ reference: LLVMValueRef) -> LLVMValueRef {
    builder.compare(LLVMIntEQ, reference, LLVMConstNull(LLVMTypeOf(reference)))
  }

  /// The bits of a reference, an i64.
  func bits(_ reference: LLVMValueRef) -> LLVMValueRef {
    builder.cast(LLVMPtrToInt, reference, to: types.i64)
  }
}
