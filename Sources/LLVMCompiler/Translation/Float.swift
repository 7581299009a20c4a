// Floating-point comparison and arithmetic on scalars.
//
// LLVM assumes that nobody tells a signalling NaN from a quiet one, wasm says that arithmetic never
// yields a signalling one. `QuietNaNs` keeps LLVM from the simplifications where that matters.

internal import CLLVM
internal import WasmModule

extension FunctionTranslator {
  mutating func translateFloatComparison(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .f32Eq, .f64Eq: compare(LLVMRealOEQ)
    case .f32Ne, .f64Ne: compare(LLVMRealUNE)
    case .f32Lt, .f64Lt: compare(LLVMRealOLT)
    case .f32Gt, .f64Gt: compare(LLVMRealOGT)
    case .f32Le, .f64Le: compare(LLVMRealOLE)
    case .f32Ge, .f64Ge: compare(LLVMRealOGE)
    default: throw unsupported(instruction)
    }
  }

  mutating func translateFloat(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .f32Abs, .f64Abs: unaryIntrinsic("llvm.fabs")
    case .f32Neg, .f64Neg: push(builder.negate(float: pop()))
    case .f32Ceil, .f64Ceil: unaryIntrinsic("llvm.ceil")
    case .f32Floor, .f64Floor: unaryIntrinsic("llvm.floor")
    case .f32Trunc, .f64Trunc: unaryIntrinsic("llvm.trunc")
    case .f32Nearest, .f64Nearest: unaryIntrinsic("llvm.roundeven")
    case .f32Sqrt, .f64Sqrt: unaryIntrinsic("llvm.sqrt")
    case .f32Add, .f64Add: binary(LLVMFAdd)
    case .f32Sub, .f64Sub: binary(LLVMFSub)
    case .f32Mul, .f64Mul: binary(LLVMFMul)
    case .f32Div, .f64Div: binary(LLVMFDiv)
    case .f32Min: extremum(LLVMRealOLT, LLVMOr, bits: types.i32)
    case .f64Min: extremum(LLVMRealOLT, LLVMOr, bits: types.i64)
    case .f32Max: extremum(LLVMRealOGT, LLVMAnd, bits: types.i32)
    case .f64Max: extremum(LLVMRealOGT, LLVMAnd, bits: types.i64)
    case .f32Copysign, .f64Copysign:
      let (magnitude, sign) = popPair()
      push(intrinsic("llvm.copysign", [LLVMTypeOf(magnitude)], [magnitude, sign]))
    default: throw unsupported(instruction)
    }
  }

  private mutating func compare(_ predicate: LLVMRealPredicate) {
    let (left, right) = popPair()
    push(condition: builder.compare(predicate, left, right))
  }

  private mutating func extremum(
    _ predicate: LLVMRealPredicate, _ merge: LLVMOpcode, bits: LLVMTypeRef
  ) {
    let (left, right) = popPair()
    push(extremum(left, right, predicate, merge, bits: bits))
  }

  /// The minimum or maximum, for scalars and, with vector types, lane by lane.
  ///
  /// `minss` and its kin yield the second operand where the operands are equal. Asked both ways
  /// they agree but for zeros of different sign, whose bits `merge` (or for a minimum, and for a
  /// maximum) makes right. A NaN comes out of the sum, quiet. Five instructions without a branch;
  /// `llvm.minimum` takes more and lets signalling NaNs through.
  func extremum(
    _ left: LLVMValueRef, _ right: LLVMValueRef, _ predicate: LLVMRealPredicate,
    _ merge: LLVMOpcode, bits: LLVMTypeRef
  ) -> LLVMValueRef {
    let type: LLVMTypeRef = LLVMTypeOf(left)
    let one = builder.select(builder.compare(predicate, left, right), left, right)
    let other = builder.select(builder.compare(predicate, right, left), right, left)
    let merged = builder.binary(
      merge, builder.bitcast(one, to: bits), builder.bitcast(other, to: bits))
    let isUnordered = builder.compare(LLVMRealUNO, left, right)
    return builder.select(
      isUnordered, builder.binary(LLVMFAdd, left, right), builder.bitcast(merged, to: type))
  }
}
