// Conversions between number types.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateConversion(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .i32WrapI64: cast(LLVMTrunc, types.i32)
    case .i64ExtendI32S: cast(LLVMSExt, types.i64)
    case .i64ExtendI32U: cast(LLVMZExt, types.i64)
    case .i32Extend8S: extend(types.i8, types.i32)
    case .i32Extend16S: extend(types.i16, types.i32)
    case .i64Extend8S: extend(types.i8, types.i64)
    case .i64Extend16S: extend(types.i16, types.i64)
    case .i64Extend32S: extend(types.i32, types.i64)
    case .f32ConvertI32S, .f32ConvertI64S: cast(LLVMSIToFP, types.f32)
    case .f32ConvertI32U, .f32ConvertI64U: cast(LLVMUIToFP, types.f32)
    case .f64ConvertI32S, .f64ConvertI64S: cast(LLVMSIToFP, types.f64)
    case .f64ConvertI32U, .f64ConvertI64U: cast(LLVMUIToFP, types.f64)
    case .f32DemoteF64: cast(LLVMFPTrunc, types.f32)
    case .f64PromoteF32: cast(LLVMFPExt, types.f64)
    case .i32ReinterpretF32: push(builder.bitcast(pop(), to: types.i32))
    case .i64ReinterpretF64: push(builder.bitcast(pop(), to: types.i64))
    case .f32ReinterpretI32: push(builder.bitcast(pop(), to: types.f32))
    case .f64ReinterpretI64: push(builder.bitcast(pop(), to: types.f64))
    default: try translateTruncation(instruction)
    }
  }

  private mutating func translateTruncation(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .i32TruncF32S, .i32TruncF64S: truncate(LLVMFPToSI, types.i32)
    case .i32TruncF32U, .i32TruncF64U: truncate(LLVMFPToUI, types.i32)
    case .i64TruncF32S, .i64TruncF64S: truncate(LLVMFPToSI, types.i64)
    case .i64TruncF32U, .i64TruncF64U: truncate(LLVMFPToUI, types.i64)
    case .i32TruncSatF32S, .i32TruncSatF64S: saturate("llvm.fptosi.sat", types.i32)
    case .i32TruncSatF32U, .i32TruncSatF64U: saturate("llvm.fptoui.sat", types.i32)
    case .i64TruncSatF32S, .i64TruncSatF64S: saturate("llvm.fptosi.sat", types.i64)
    case .i64TruncSatF32U, .i64TruncSatF64U: saturate("llvm.fptoui.sat", types.i64)
    default: throw unsupported(instruction)
    }
  }

  private mutating func cast(_ opcode: LLVMOpcode, _ type: LLVMTypeRef) {
    push(builder.cast(opcode, pop(), to: type))
  }

  /// Sign-extends the low bits that `narrow` holds.
  private mutating func extend(_ narrow: LLVMTypeRef, _ type: LLVMTypeRef) {
    push(builder.cast(LLVMSExt, builder.cast(LLVMTrunc, pop(), to: narrow), to: type))
  }

  private mutating func saturate(_ name: String, _ type: LLVMTypeRef) {
    let value = pop()
    push(intrinsic(name, [type, LLVMTypeOf(value)], [value]))
  }

  /// Traps on a NaN and on what lies outside of the integer's range, else converts.
  private mutating func truncate(_ opcode: LLVMOpcode, _ type: LLVMTypeRef) {
    let value = pop()
    let source: LLVMTypeRef = LLVMTypeOf(value)
    let bits = Int(LLVMGetIntTypeWidth(type))
    let range = TruncationRange(
      isSigned: opcode == LLVMFPToSI, bits: bits, isDouble: source == types.f64)
    let lowest: LLVMValueRef = LLVMConstReal(source, range.lowest)
    let limit: LLVMValueRef = LLVMConstReal(source, range.limit)
    // Ordered comparisons: a NaN fails them, so the common case needs no test of its own.
    let isInside = builder.binary(
      LLVMAnd,
      builder.compare(range.includesLowest ? LLVMRealOGE : LLVMRealOGT, value, lowest),
      builder.compare(LLVMRealOLT, value, limit))
    let outside = builder.newBlock(in: function)
    let next = builder.newBlock(in: function)
    builder.branch(isInside, next, outside)
    builder.position(atEndOf: outside)
    trap(.invalidConversionToInteger, if: builder.compare(LLVMRealUNO, value, value))
    trap(.integerOverflow)
    isReachable = true
    builder.position(atEndOf: next)
    push(builder.cast(opcode, value, to: type))
  }
}

/// The floats whose truncation fits in an integer type: from `lowest` (itself only if
/// `includesLowest`) to below `limit`. Both are exact in the source type.
private struct TruncationRange {
  let lowest: Double
  let includesLowest: Bool
  let limit: Double

  init(isSigned: Bool, bits: Int, isDouble: Bool) {
    let power = { (exponent: Int) in Double(sign: .plus, exponent: exponent, significand: 1) }
    limit = power(isSigned ? bits - 1 : bits)
    guard isSigned else {
      // Everything above -1 truncates to 0 or more.
      (lowest, includesLowest) = (-1, false)
      return
    }
    // Where the source has room for a fraction below the minimum, that fraction is cut off.
    let hasFraction = isDouble && bits == 32
    (lowest, includesLowest) =
      hasFraction ? (-power(bits - 1) - 1, false) : (-power(bits - 1), true)
  }
}
