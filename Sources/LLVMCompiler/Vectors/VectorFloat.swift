// Vector instructions on floating-point lanes. Spec: core 3.0 §4.3.3, lane-wise.
//
// LLVM's own floating-point operations say little about NaNs: they may hand a signalling NaN on.
// Wasm wants a quiet one from everything that computes, and every bit kept by everything that only
// moves (abs, neg, pmin, pmax).

internal import CLLVM
internal import WasmModule

extension VectorBuilder {
  /// The instruction `minps`, `maxps`, `minpd` or `maxpd`: `left` where it is smaller (greater),
  /// else `right`, unchanged, also where a NaN or two zeros meet.
  func hardware(
    _ name: String, _ left: LLVMValueRef, _ right: LLVMValueRef, _ shape: VectorShape
  ) -> LLVMValueRef {
    target(shape == .f32x4 ? "sse.\(name).ps" : "sse2.\(name).pd", left, right)
  }

  /// fmin or fmax. In both orders the instruction gives the same, but for zeros of different signs
  /// (then it gives both, and the bits together make the right one) and for NaNs.
  func extremum(
    _ left: LLVMValueRef, _ right: LLVMValueRef, isMinimum: Bool, _ shape: VectorShape
  ) -> LLVMValueRef {
    let name = isMinimum ? "min" : "max"
    let ordered = bitcast(hardware(name, left, right, shape), shape.integer)
    let swapped = bitcast(hardware(name, right, left, shape), shape.integer)
    let number = ir.binary(isMinimum ? LLVMOr : LLVMAnd, ordered, swapped)
    let canonicalNaN: UInt64 = shape == .f32x4 ? 0x7FC0_0000 : 0x7FF8_0000_0000_0000
    return ir.select(
      ir.compare(LLVMRealUNO, left, right), constant(shape.integer, canonicalNaN), number)
  }

  /// pmin (`right < left ? right : left`) or pmax (`left < right ? right : left`).
  func pseudoExtremum(
    _ left: LLVMValueRef, _ right: LLVMValueRef, isMinimum: Bool, _ shape: VectorShape
  ) -> LLVMValueRef {
    hardware(isMinimum ? "min" : "max", right, left, shape)
  }
}

extension VectorBuilder {
  /// fadd, fsub, fmul or fdiv. LLVM drops adding 0 and multiplying by 1, of either sign, and with
  /// it the quieting of a NaN: such constants are hidden from it.
  func arithmetic(
    _ operation: LLVMOpcode, _ left: LLVMValueRef, _ right: LLVMValueRef, _ shape: VectorShape
  ) -> LLVMValueRef {
    let neutral: Double = operation == LLVMFMul || operation == LLVMFDiv ? 1 : 0
    return ir.binary(operation, hide(neutral, in: left, shape), hide(neutral, in: right, shape))
  }

  /// `vector`, unknown to LLVM if it is a constant with a lane of this magnitude. The fence costs
  /// no instruction.
  private func hide(
    _ magnitude: Double, in vector: LLVMValueRef, _ shape: VectorShape
  ) -> LLVMValueRef {
    guard LLVMIsConstant(vector) != 0 else { return vector }
    let mayBeNeutral = (0..<shape.laneCount).contains { lane in
      guard let value = LLVMGetAggregateElement(vector, lane), LLVMIsAConstantFP(value) != nil
      else { return true }
      var losesInformation: LLVMBool = 0
      return LLVMConstRealGetDouble(value, &losesInformation).magnitude == magnitude
    }
    return mayBeNeutral ? intrinsic("llvm.arithmetic.fence", shape, vector) : vector
  }
}

extension FunctionTranslator {
  /// Translates operations on floating-point lanes; false where `opcode` is something else.
  mutating func translateVectorFloat(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .f32x4Add, .f64x2Add: vectorFloatArithmetic(shape, LLVMFAdd)
    case .f32x4Sub, .f64x2Sub: vectorFloatArithmetic(shape, LLVMFSub)
    case .f32x4Mul, .f64x2Mul: vectorFloatArithmetic(shape, LLVMFMul)
    case .f32x4Div, .f64x2Div: vectorFloatArithmetic(shape, LLVMFDiv)
    case .f32x4Min, .f64x2Min:
      vectorBinary(shape) { $0.extremum($1, $2, isMinimum: true, shape) }
    case .f32x4Max, .f64x2Max:
      vectorBinary(shape) { $0.extremum($1, $2, isMinimum: false, shape) }
    case .f32x4Pmin, .f64x2Pmin:
      vectorBinary(shape) { $0.pseudoExtremum($1, $2, isMinimum: true, shape) }
    case .f32x4Pmax, .f64x2Pmax:
      vectorBinary(shape) { $0.pseudoExtremum($1, $2, isMinimum: false, shape) }
    case .f32x4Abs, .f64x2Abs: vectorUnary(shape, "llvm.fabs")
    case .f32x4Neg, .f64x2Neg: vectorUnary(shape) { $0.ir.negate(float: $1) }
    case .f32x4Sqrt, .f64x2Sqrt: vectorUnary(shape, "llvm.sqrt")
    case .f32x4Ceil, .f64x2Ceil: vectorUnary(shape, "llvm.ceil")
    case .f32x4Floor, .f64x2Floor: vectorUnary(shape, "llvm.floor")
    case .f32x4Trunc, .f64x2Trunc: vectorUnary(shape, "llvm.trunc")
    case .f32x4Nearest, .f64x2Nearest: vectorUnary(shape, "llvm.roundeven")
    case .f32x4Eq, .f64x2Eq: vectorFloatCompare(shape, LLVMRealOEQ)
    case .f32x4Ne, .f64x2Ne: vectorFloatCompare(shape, LLVMRealUNE)
    case .f32x4Lt, .f64x2Lt: vectorFloatCompare(shape, LLVMRealOLT)
    case .f32x4Gt, .f64x2Gt: vectorFloatCompare(shape, LLVMRealOGT)
    case .f32x4Le, .f64x2Le: vectorFloatCompare(shape, LLVMRealOLE)
    case .f32x4Ge, .f64x2Ge: vectorFloatCompare(shape, LLVMRealOGE)
    default: return false
    }
    return true
  }

  private mutating func vectorFloatArithmetic(_ shape: VectorShape, _ operation: LLVMOpcode) {
    vectorBinary(shape) { $0.arithmetic(operation, $1, $2, shape) }
  }

  private mutating func vectorFloatCompare(_ shape: VectorShape, _ predicate: LLVMRealPredicate) {
    vectorBinary(shape) { $0.mask($0.ir.compare(predicate, $1, $2), shape) }
  }
}
