// Vector instructions between shapes: extend, narrow, widening arithmetic, float conversions.

internal import CLLVM
internal import WasmModule

/// Which half of a vector's lanes.
enum VectorHalf {
  case low
  case high

  func lanes(_ shape: VectorShape) -> Range<UInt32> {
    let count = shape.laneCount / 2
    return self == .low ? 0..<count : count..<2 * count
  }
}

extension VectorBuilder {
  // MARK: Integers.

  /// One half of `vector`'s lanes, extended to those of `shape`.
  func extend(
    _ half: VectorHalf, of vector: LLVMValueRef, _ extension: LLVMOpcode, to shape: VectorShape
  ) -> LLVMValueRef {
    let lanes = half.lanes(shape.narrower)
    return ir.cast(`extension`, select(lanes, of: vector), to: type(shape))
  }

  /// The lanes of `left`, then those of `right`, each saturated to half its width. The instruction
  /// takes its operands as signed and saturates as its name says.
  func narrow(
    _ left: LLVMValueRef, _ right: LLVMValueRef, to shape: VectorShape, isSigned: Bool
  ) -> LLVMValueRef {
    switch (shape, isSigned) {
    case (.i8x16, true): target("sse2.packsswb.128", left, right)
    case (.i8x16, false): target("sse2.packuswb.128", left, right)
    case (_, true): target("sse2.packssdw.128", left, right)
    case (_, false): target("sse41.packusdw", left, right)
    }
  }

  /// The sums of neighbouring lanes of `vector`, as lanes of `shape` (i16x8 or i32x4).
  func addPairs(
    _ vector: LLVMValueRef, _ extension: LLVMOpcode, to shape: VectorShape
  ) -> LLVMValueRef {
    let ones = constant(shape.narrower, 1)
    switch (shape, `extension`) {
    // Multiplies bytes, the left ones unsigned, the right ones signed, and adds pairs.
    case (.i16x8, LLVMSExt): return target("ssse3.pmadd.ub.sw.128", ones, vector)
    case (.i16x8, _): return target("ssse3.pmadd.ub.sw.128", vector, ones)
    case (_, LLVMSExt): return dot(vector, ones)
    default:
      let pairs = bitcast(vector, shape)
      return ir.binary(
        LLVMAdd, ir.binary(LLVMLShr, pairs, constant(shape, 16)),
        ir.binary(LLVMAnd, pairs, constant(shape, 0xFFFF)))
    }
  }

  /// The sums of neighbouring products of i16 lanes. Only -2^15 four times overflows, and wraps.
  func dot(_ left: LLVMValueRef, _ right: LLVMValueRef) -> LLVMValueRef {
    target("sse2.pmadd.wd", left, right)
  }

  // MARK: Floats to integers, saturating: NaN gives 0.

  /// i32x4.trunc_sat_f32x4_s. The instruction gives -2^31 for whatever has no integer, which is
  /// right below the range; above it, all bits are flipped.
  func truncateSigned(f32x4 vector: LLVMValueRef) -> LLVMValueRef {
    let truncated = target("sse2.cvttps2dq", vector)
    let isAbove = ir.compare(LLVMRealOGE, vector, constant(.f32x4, Self.floatBits(0x1p31)))
    let isNumber = ir.compare(LLVMRealORD, vector, vector)
    return ir.binary(
      LLVMAnd, ir.binary(LLVMXor, truncated, mask(isAbove, .i32x4)), mask(isNumber, .i32x4))
  }

  /// i32x4.trunc_sat_f32x4_u. Below 2^31 the signed conversion does; from there on it gives -2^31,
  /// to which the conversion of what is beyond 2^31 is added; from 2^32 on, all bits are set.
  func truncateUnsigned(f32x4 vector: LLVMValueRef) -> LLVMValueRef {
    let two31 = constant(.f32x4, Self.floatBits(0x1p31))
    // NaN is no greater than 0, so the instruction gives its right operand.
    let positive = target("sse.max.ps", vector, zero(.f32x4))
    let low = target("sse2.cvttps2dq", positive)
    let beyond = ir.binary(LLVMFSub, positive, two31)
    let high = target("sse2.cvttps2dq", beyond)
    let isLarge = ir.binary(LLVMAShr, low, constant(.i32x4, 31))
    let isAbove = ir.compare(LLVMRealOGE, beyond, two31)
    let number = ir.binary(LLVMOr, low, ir.binary(LLVMAnd, high, isLarge))
    return ir.binary(LLVMOr, number, mask(isAbove, .i32x4))
  }

  /// i32x4.trunc_sat_f64x2_s_zero. The instruction gives -2^31 for whatever is below the range.
  func truncateSigned(f64x2 vector: LLVMValueRef) -> LLVMValueRef {
    let isNumber = mask(ir.compare(LLVMRealORD, vector, vector), .f64x2)
    let largest = constant(.i64x2, Double(Int32.max).bitPattern)
    // `minpd` gives its right operand where the left is NaN: there it is made 0.
    let limit = bitcast(ir.binary(LLVMAnd, isNumber, largest), .f64x2)
    return target("sse2.cvttpd2dq", target("sse2.min.pd", vector, limit))
  }

  /// i32x4.trunc_sat_f64x2_u_zero. Added to 2^52, an integer is the low half of the sum's bits.
  func truncateUnsigned(f64x2 vector: LLVMValueRef) -> LLVMValueRef {
    let largest = constant(.f64x2, Double(UInt32.max).bitPattern)
    let positive = target("sse2.max.pd", vector, zero(.f64x2))
    let inRange = target("sse2.min.pd", positive, largest)
    let whole = intrinsic("llvm.trunc", .f64x2, inRange)
    let sum = ir.binary(LLVMFAdd, whole, constant(.f64x2, 0x1p52.bitPattern))
    return shuffle(bitcast(sum, .i32x4), zero(.i32x4), [0, 2, 4, 4])
  }

  private static func floatBits(_ value: Float) -> UInt64 { UInt64(value.bitPattern) }

  // MARK: Integers to floats, floats to floats.

  /// The low two lanes of `vector`, converted to f64x2.
  func convertLow(_ conversion: LLVMOpcode, _ vector: LLVMValueRef) -> LLVMValueRef {
    ir.cast(conversion, select(0..<2, of: vector), to: type(.f64x2))
  }
}

extension FunctionTranslator {
  /// Translates instructions between integer shapes; false where `opcode` is something else.
  mutating func translateVectorWidening(_ opcode: Opcode) -> Bool {
    let shape = opcode.vectorShape
    switch opcode {
    case .i16x8ExtendLowI8x16S, .i32x4ExtendLowI16x8S, .i64x2ExtendLowI32x4S:
      vectorExtend(.low, LLVMSExt, shape)
    case .i16x8ExtendLowI8x16U, .i32x4ExtendLowI16x8U, .i64x2ExtendLowI32x4U:
      vectorExtend(.low, LLVMZExt, shape)
    case .i16x8ExtendHighI8x16S, .i32x4ExtendHighI16x8S, .i64x2ExtendHighI32x4S:
      vectorExtend(.high, LLVMSExt, shape)
    case .i16x8ExtendHighI8x16U, .i32x4ExtendHighI16x8U, .i64x2ExtendHighI32x4U:
      vectorExtend(.high, LLVMZExt, shape)
    case .i16x8ExtmulLowI8x16S, .i32x4ExtmulLowI16x8S, .i64x2ExtmulLowI32x4S:
      vectorExtendAndMultiply(.low, LLVMSExt, shape)
    case .i16x8ExtmulLowI8x16U, .i32x4ExtmulLowI16x8U, .i64x2ExtmulLowI32x4U:
      vectorExtendAndMultiply(.low, LLVMZExt, shape)
    case .i16x8ExtmulHighI8x16S, .i32x4ExtmulHighI16x8S, .i64x2ExtmulHighI32x4S:
      vectorExtendAndMultiply(.high, LLVMSExt, shape)
    case .i16x8ExtmulHighI8x16U, .i32x4ExtmulHighI16x8U, .i64x2ExtmulHighI32x4U:
      vectorExtendAndMultiply(.high, LLVMZExt, shape)
    case .i16x8ExtaddPairwiseI8x16S, .i32x4ExtaddPairwiseI16x8S:
      vectorUnary(shape.narrower) { $0.addPairs($1, LLVMSExt, to: shape) }
    case .i16x8ExtaddPairwiseI8x16U, .i32x4ExtaddPairwiseI16x8U:
      vectorUnary(shape.narrower) { $0.addPairs($1, LLVMZExt, to: shape) }
    case .i32x4DotI16x8S: vectorBinary(.i16x8) { $0.dot($1, $2) }
    case .i8x16NarrowI16x8S:
      vectorBinary(.i16x8) { $0.narrow($1, $2, to: shape, isSigned: true) }
    case .i8x16NarrowI16x8U:
      vectorBinary(.i16x8) { $0.narrow($1, $2, to: shape, isSigned: false) }
    case .i16x8NarrowI32x4S:
      vectorBinary(.i32x4) { $0.narrow($1, $2, to: shape, isSigned: true) }
    case .i16x8NarrowI32x4U:
      vectorBinary(.i32x4) { $0.narrow($1, $2, to: shape, isSigned: false) }
    default: return false
    }
    return true
  }

  /// Translates instructions from or to floating-point lanes; false where `opcode` is none.
  mutating func translateVectorConversion(_ opcode: Opcode) -> Bool {
    switch opcode {
    case .i32x4TruncSatF32x4S: vectorUnary(.f32x4) { $0.truncateSigned(f32x4: $1) }
    case .i32x4TruncSatF32x4U: vectorUnary(.f32x4) { $0.truncateUnsigned(f32x4: $1) }
    case .i32x4TruncSatF64x2SZero: vectorUnary(.f64x2) { $0.truncateSigned(f64x2: $1) }
    case .i32x4TruncSatF64x2UZero: vectorUnary(.f64x2) { $0.truncateUnsigned(f64x2: $1) }
    case .f32x4ConvertI32x4S:
      vectorUnary(.i32x4) { $0.ir.cast(LLVMSIToFP, $1, to: $0.type(.f32x4)) }
    case .f32x4ConvertI32x4U:
      vectorUnary(.i32x4) { $0.ir.cast(LLVMUIToFP, $1, to: $0.type(.f32x4)) }
    case .f64x2ConvertLowI32x4S: vectorUnary(.i32x4) { $0.convertLow(LLVMSIToFP, $1) }
    case .f64x2ConvertLowI32x4U: vectorUnary(.i32x4) { $0.convertLow(LLVMUIToFP, $1) }
    case .f64x2PromoteLowF32x4: vectorUnary(.f32x4) { $0.convertLow(LLVMFPExt, $1) }
    case .f32x4DemoteF64x2Zero:
      // Not `fptrunc`: LLVM drops one after an `fpext`, and with it the quieting of a NaN.
      vectorUnary(.f64x2) { $0.target("sse2.cvtpd2ps", $1) }
    default: return false
    }
    return true
  }

  private mutating func vectorExtend(
    _ half: VectorHalf, _ extension: LLVMOpcode, _ shape: VectorShape
  ) {
    vectorUnary(shape.narrower) { $0.extend(half, of: $1, `extension`, to: shape) }
  }

  private mutating func vectorExtendAndMultiply(
    _ half: VectorHalf, _ extension: LLVMOpcode, _ shape: VectorShape
  ) {
    vectorBinary(shape.narrower) { vectors, left, right in
      vectors.ir.binary(
        LLVMMul, vectors.extend(half, of: left, `extension`, to: shape),
        vectors.extend(half, of: right, `extension`, to: shape))
    }
  }
}
