// Vector instructions: which family translates one, and how operands get from and to the stack.

internal import CLLVM
internal import WasmModule

extension FunctionTranslator {
  /// Translates an instruction behind the prefix 0xFD.
  mutating func translateVector(_ instruction: Instruction) throws(ModuleError) {
    let opcode = instruction.opcode
    guard
      translateVectorMemory(instruction) || translateVectorLanes(instruction)
        || translateVectorArithmetic(opcode) || translateVectorComparison(opcode)
        || translateVectorBits(opcode) || translateVectorFloat(opcode)
        || translateVectorWidening(opcode) || translateVectorConversion(opcode)
        || translateRelaxedVector(opcode)
    else { throw unsupported(instruction) }
  }

  var vectors: VectorBuilder { VectorBuilder(unit: unit) }

  mutating func popVector(_ shape: VectorShape) -> LLVMValueRef { vectors.bitcast(pop(), shape) }

  mutating func pushVector(_ value: LLVMValueRef) { push(vectors.bitcast(value, .i64x2)) }

  // MARK: Operations on one or two vectors of one shape, giving a vector.

  mutating func vectorUnary(
    _ shape: VectorShape, _ build: (VectorBuilder, LLVMValueRef) -> LLVMValueRef
  ) {
    pushVector(build(vectors, popVector(shape)))
  }

  mutating func vectorUnary(_ shape: VectorShape, _ intrinsic: String) {
    vectorUnary(shape) { $0.intrinsic(intrinsic, shape, $1) }
  }

  mutating func vectorBinary(
    _ shape: VectorShape,
    _ build: (VectorBuilder, _ left: LLVMValueRef, _ right: LLVMValueRef) -> LLVMValueRef
  ) {
    let right = popVector(shape)
    let left = popVector(shape)
    pushVector(build(vectors, left, right))
  }

  mutating func vectorBinary(_ shape: VectorShape, _ operation: LLVMOpcode) {
    vectorBinary(shape) { $0.ir.binary(operation, $1, $2) }
  }

  mutating func vectorBinary(_ shape: VectorShape, _ intrinsic: String) {
    vectorBinary(shape) { $0.intrinsic(intrinsic, shape, $1, $2) }
  }
}
