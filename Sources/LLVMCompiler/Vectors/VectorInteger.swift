// Vector instructions on integers and bits: arithmetic, shifts, comparisons, tests.
// Spec: core 3.0 §4.3.2, lane-wise.

internal import CLLVM
internal import WasmModule

extension VectorBuilder {
  /// Shifts each lane by `amount`, an i32, modulo the lanes' width.
  func shift(
    _ operation: LLVMOpcode, _ vector: LLVMValueRef, by amount: LLVMValueRef, _ shape: VectorShape
  ) -> LLVMValueRef {
    let masked = ir.binary(LLVMAnd, amount, types.i32(shape.laneBitCount - 1))
    let widening = shape == .i64x2 ? LLVMZExt : LLVMTrunc
    let lane = shape == .i32x4 ? masked : ir.cast(widening, masked, to: laneType(shape))
    return ir.binary(operation, vector, splat(lane, shape))
  }

  /// The mean of unsigned lanes, rounded up; LLVM knows this form as `pavg`.
  func average(_ left: LLVMValueRef, _ right: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    let laneBitCount = shape.laneBitCount * 2
    let wide: LLVMTypeRef = LLVMVectorType(
      LLVMIntTypeInContext(types.context, laneBitCount), shape.laneCount)
    let one = constant(
      Array(repeating: LLVMConstInt(LLVMGetElementType(wide), 1, 0), count: Int(shape.laneCount)))
    let sum = ir.binary(
      LLVMAdd, ir.cast(LLVMZExt, left, to: wide), ir.cast(LLVMZExt, right, to: wide))
    let half = ir.binary(LLVMLShr, ir.binary(LLVMAdd, sum, one), one)
    return ir.cast(LLVMTrunc, half, to: type(shape))
  }

  /// Products of i16 lanes as fractions of 2^15, rounded. The instruction overflows only for
  /// -1 * -1, to -1, which is no other product's result.
  func roundingFractionProduct(_ left: LLVMValueRef, _ right: LLVMValueRef) -> LLVMValueRef {
    let product = target("ssse3.pmul.hr.sw.128", left, right)
    let overflows = ir.compare(LLVMIntEQ, product, constant(.i16x8, 0x8000))
    return ir.binary(LLVMXor, product, mask(overflows, .i16x8))
  }

  /// i32: 1 where no lane is zero.
  func allTrue(_ vector: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    let zeros = ir.compare(LLVMIntEQ, vector, zero(shape))
    let bits = ir.bitcast(zeros, to: LLVMIntTypeInContext(types.context, shape.laneCount))
    return isZero(bits, LLVMIntEQ)
  }

  /// i32: 1 where any bit is set.
  func anyTrue(_ vector: LLVMValueRef) -> LLVMValueRef {
    isZero(ir.bitcast(vector, to: LLVMIntTypeInContext(types.context, 128)), LLVMIntNE)
  }

  private func isZero(_ bits: LLVMValueRef, _ predicate: LLVMIntPredicate) -> LLVMValueRef {
    let isZero = ir.compare(predicate, bits, LLVMConstNull(LLVMTypeOf(bits)))
    return ir.cast(LLVMZExt, isZero, to: types.i32)
  }

  /// i32: the lanes' sign bits, lane 0's in the lowest.
  func bitmask(_ vector: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    let negative = ir.compare(LLVMIntSLT, vector, zero(shape))
    let bits = ir.bitcast(negative, to: LLVMIntTypeInContext(types.context, shape.laneCount))
    return ir.cast(LLVMZExt, bits, to: types.i32)
  }

  /// The bits of `left` where `mask` has a one, of `right` where it has a zero.
  func bitSelect(
    _ left: LLVMValueRef, _ right: LLVMValueRef, _ mask: LLVMValueRef
  ) -> LLVMValueRef {
    ir.binary(
      LLVMOr, ir.binary(LLVMAnd, left, mask), ir.binary(LLVMAnd, right, not(mask)))
  }
}

extension FunctionTranslator {
  /// Translates arithmetic on integer lanes; false where `opcode` is something else.
  mutating func translateVectorArithmetic(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .i8x16Add, .i16x8Add, .i32x4Add, .i64x2Add: vectorBinary(shape, LLVMAdd)
    case .i8x16Sub, .i16x8Sub, .i32x4Sub, .i64x2Sub: vectorBinary(shape, LLVMSub)
    case .i16x8Mul, .i32x4Mul, .i64x2Mul: vectorBinary(shape, LLVMMul)
    case .i8x16AddSatS, .i16x8AddSatS: vectorBinary(shape, "llvm.sadd.sat")
    case .i8x16AddSatU, .i16x8AddSatU: vectorBinary(shape, "llvm.uadd.sat")
    case .i8x16SubSatS, .i16x8SubSatS: vectorBinary(shape, "llvm.ssub.sat")
    case .i8x16SubSatU, .i16x8SubSatU: vectorBinary(shape, "llvm.usub.sat")
    case .i8x16MinS, .i16x8MinS, .i32x4MinS: vectorBinary(shape, "llvm.smin")
    case .i8x16MinU, .i16x8MinU, .i32x4MinU: vectorBinary(shape, "llvm.umin")
    case .i8x16MaxS, .i16x8MaxS, .i32x4MaxS: vectorBinary(shape, "llvm.smax")
    case .i8x16MaxU, .i16x8MaxU, .i32x4MaxU: vectorBinary(shape, "llvm.umax")
    case .i8x16AvgrU, .i16x8AvgrU:
      vectorBinary(shape) { $0.average($1, $2, shape) }
    case .i16x8Q15mulrSatS:
      vectorBinary(shape) { $0.roundingFractionProduct($1, $2) }
    case .i8x16Neg, .i16x8Neg, .i32x4Neg, .i64x2Neg:
      vectorUnary(shape) { $0.ir.binary(LLVMSub, $0.zero(shape), $1) }
    case .i8x16Abs, .i16x8Abs, .i32x4Abs, .i64x2Abs:
      // The last argument: the most negative value is its own absolute value, not poison.
      vectorUnary(shape) { $0.intrinsic("llvm.abs", shape, $1, $0.types.i1(false)) }
    case .i8x16Popcnt: vectorUnary(shape) { $0.intrinsic("llvm.ctpop", shape, $1) }
    case .i8x16Shl, .i16x8Shl, .i32x4Shl, .i64x2Shl: vectorShift(shape, LLVMShl)
    case .i8x16ShrS, .i16x8ShrS, .i32x4ShrS, .i64x2ShrS: vectorShift(shape, LLVMAShr)
    case .i8x16ShrU, .i16x8ShrU, .i32x4ShrU, .i64x2ShrU: vectorShift(shape, LLVMLShr)
    default: return false
    }
    return true
  }

  /// Translates comparisons of integer lanes; false where `opcode` is something else.
  mutating func translateVectorComparison(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .i8x16Eq, .i16x8Eq, .i32x4Eq, .i64x2Eq: vectorCompare(shape, LLVMIntEQ)
    case .i8x16Ne, .i16x8Ne, .i32x4Ne, .i64x2Ne: vectorCompare(shape, LLVMIntNE)
    case .i8x16LtS, .i16x8LtS, .i32x4LtS, .i64x2LtS: vectorCompare(shape, LLVMIntSLT)
    case .i8x16LtU, .i16x8LtU, .i32x4LtU: vectorCompare(shape, LLVMIntULT)
    case .i8x16GtS, .i16x8GtS, .i32x4GtS, .i64x2GtS: vectorCompare(shape, LLVMIntSGT)
    case .i8x16GtU, .i16x8GtU, .i32x4GtU: vectorCompare(shape, LLVMIntUGT)
    case .i8x16LeS, .i16x8LeS, .i32x4LeS, .i64x2LeS: vectorCompare(shape, LLVMIntSLE)
    case .i8x16LeU, .i16x8LeU, .i32x4LeU: vectorCompare(shape, LLVMIntULE)
    case .i8x16GeS, .i16x8GeS, .i32x4GeS, .i64x2GeS: vectorCompare(shape, LLVMIntSGE)
    case .i8x16GeU, .i16x8GeU, .i32x4GeU: vectorCompare(shape, LLVMIntUGE)
    default: return false
    }
    return true
  }

  /// Translates operations on all bits, and tests; false where `opcode` is something else.
  mutating func translateVectorBits(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .v128Not: vectorUnary(shape) { $0.not($1) }
    case .v128And: vectorBinary(shape, LLVMAnd)
    case .v128Andnot: vectorBinary(shape) { $0.ir.binary(LLVMAnd, $1, $0.not($2)) }
    case .v128Or: vectorBinary(shape, LLVMOr)
    case .v128Xor: vectorBinary(shape, LLVMXor)
    case .v128Bitselect:
      let (mask, right, left) = (popVector(shape), popVector(shape), popVector(shape))
      pushVector(vectors.bitSelect(left, right, mask))
    case .v128AnyTrue: push(vectors.anyTrue(popVector(shape)))
    case .i8x16AllTrue, .i16x8AllTrue, .i32x4AllTrue, .i64x2AllTrue:
      push(vectors.allTrue(popVector(shape), shape))
    case .i8x16Bitmask, .i16x8Bitmask, .i32x4Bitmask, .i64x2Bitmask:
      push(vectors.bitmask(popVector(shape), shape))
    default: return false
    }
    return true
  }

  private mutating func vectorShift(_ shape: VectorShape, _ operation: LLVMOpcode) {
    let amount = pop()
    pushVector(vectors.shift(operation, popVector(shape), by: amount, shape))
  }

  private mutating func vectorCompare(_ shape: VectorShape, _ predicate: LLVMIntPredicate) {
    vectorBinary(shape) { $0.mask($0.ir.compare(predicate, $1, $2), shape) }
  }
}
