// 128-bit arithmetic on pairs of i64, the low half first. Spec: wide-arithmetic, "Overview".

internal import CLLVM
internal import WasmModule

extension FunctionTranslator {
  mutating func translateWideArithmetic(_ instruction: Instruction) {
    switch instruction.opcode {
    case .i64Add128: combine(LLVMAdd)
    case .i64Sub128: combine(LLVMSub)
    case .i64MulWideS: multiply(LLVMSExt)
    default: multiply(LLVMZExt)
    }
  }

  private mutating func combine(_ opcode: LLVMOpcode) {
    let right = popWide()
    let left = popWide()
    pushWide(builder.binary(opcode, left, right))
  }

  private mutating func multiply(_ extend: LLVMOpcode) {
    let (left, right) = popPair()
    pushWide(
      builder.binary(
        LLVMMul, builder.cast(extend, left, to: types.i128),
        builder.cast(extend, right, to: types.i128)))
  }

  private var halfWidth: LLVMValueRef { LLVMConstInt(types.i128, 64, 0) }

  private mutating func popWide() -> LLVMValueRef {
    let (low, high) = popPair()
    let upper = builder.binary(LLVMShl, builder.cast(LLVMZExt, high, to: types.i128), halfWidth)
    return builder.binary(LLVMOr, upper, builder.cast(LLVMZExt, low, to: types.i128))
  }

  private mutating func pushWide(_ value: LLVMValueRef) {
    push(builder.cast(LLVMTrunc, value, to: types.i64))
    let upper = builder.binary(LLVMLShr, value, halfWidth)
    push(builder.cast(LLVMTrunc, upper, to: types.i64))
  }
}
