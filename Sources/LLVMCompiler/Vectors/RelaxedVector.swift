// Relaxed vector instructions. Spec: core 3.0 §4.3.5.
//
// Where the specification leaves a choice, it is made here once for all machines, so that a program
// computes the same whatever features the processor has:
//   swizzle     an index from 16 to 127 counts modulo 16, one from 128 on gives 0 (`pshufb`)
//   trunc       signed: NaN and what is out of range give -2^31 (`cvttps2dq`, `cvttpd2dq`);
//               unsigned: saturates, NaN gives 0, as the instruction that is not relaxed
//   madd        rounds twice: a product, then a sum. Not every machine has a fused instruction
//   laneselect  by bits, as v128.bitselect
//   min, max    the second operand where one is NaN or both are zeros (`minps` and its like)
//   q15mulr     -1 * -1 gives -1 (`pmulhrsw`)
//   dot         the second operand's lanes are unsigned, sums of two products saturate (`pmaddubsw`)

internal import CLLVM
internal import WasmModule

extension VectorBuilder {
  /// Sums of pairs of products of signed bytes and bytes below 128, as i16x8.
  func relaxedDot(_ left: LLVMValueRef, _ right: LLVMValueRef) -> LLVMValueRef {
    target("ssse3.pmadd.ub.sw.128", right, left)
  }

  /// The same of four products, added to `sum`, as i32x4.
  func relaxedDot(
    _ left: LLVMValueRef, _ right: LLVMValueRef, plus sum: LLVMValueRef
  ) -> LLVMValueRef {
    ir.binary(LLVMAdd, dot(relaxedDot(left, right), constant(.i16x8, 1)), sum)
  }
}

extension FunctionTranslator {
  /// Translates a relaxed instruction; false where `opcode` is none.
  mutating func translateRelaxedVector(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .i8x16RelaxedSwizzle: vectorBinary(shape) { $0.target("ssse3.pshuf.b.128", $1, $2) }
    case .i32x4RelaxedTruncF32x4S: vectorUnary(.f32x4) { $0.target("sse2.cvttps2dq", $1) }
    case .i32x4RelaxedTruncF32x4U: vectorUnary(.f32x4) { $0.truncateUnsigned(f32x4: $1) }
    case .i32x4RelaxedTruncF64x2SZero: vectorUnary(.f64x2) { $0.target("sse2.cvttpd2dq", $1) }
    case .i32x4RelaxedTruncF64x2UZero: vectorUnary(.f64x2) { $0.truncateUnsigned(f64x2: $1) }
    case .f32x4RelaxedMadd, .f64x2RelaxedMadd: multiplyAndAdd(shape, LLVMFAdd)
    case .f32x4RelaxedNmadd, .f64x2RelaxedNmadd: multiplyAndAdd(shape, LLVMFSub)
    case .i8x16RelaxedLaneselect, .i16x8RelaxedLaneselect, .i32x4RelaxedLaneselect,
      .i64x2RelaxedLaneselect:
      let (mask, right, left) = (popVector(shape), popVector(shape), popVector(shape))
      pushVector(vectors.bitSelect(left, right, mask))
    case .f32x4RelaxedMin, .f64x2RelaxedMin:
      vectorBinary(shape) { $0.hardware("min", $1, $2, shape) }
    case .f32x4RelaxedMax, .f64x2RelaxedMax:
      vectorBinary(shape) { $0.hardware("max", $1, $2, shape) }
    case .i16x8RelaxedQ15mulrS: vectorBinary(shape) { $0.target("ssse3.pmul.hr.sw.128", $1, $2) }
    case .i16x8RelaxedDotI8x16I7x16S: vectorBinary(.i8x16) { $0.relaxedDot($1, $2) }
    case .i32x4RelaxedDotI8x16I7x16AddS:
      let sum = popVector(.i32x4)
      vectorBinary(.i8x16) { $0.relaxedDot($1, $2, plus: sum) }
    default: return false
    }
    return true
  }

  /// Adds the product of the first two operands to the third, or subtracts it from the third.
  private mutating func multiplyAndAdd(_ shape: VectorShape, _ operation: LLVMOpcode) {
    let (sum, right, left) = (popVector(shape), popVector(shape), popVector(shape))
    let product = vectors.arithmetic(LLVMFMul, left, right, shape)
    pushVector(vectors.arithmetic(operation, sum, product, shape))
  }
}
