// Integer comparison and arithmetic.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateIntegerComparison(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .i32Eqz, .i64Eqz: equalsZero()
    case .i32Eq, .i64Eq: compare(LLVMIntEQ)
    case .i32Ne, .i64Ne: compare(LLVMIntNE)
    case .i32LtS, .i64LtS: compare(LLVMIntSLT)
    case .i32LtU, .i64LtU: compare(LLVMIntULT)
    case .i32GtS, .i64GtS: compare(LLVMIntSGT)
    case .i32GtU, .i64GtU: compare(LLVMIntUGT)
    case .i32LeS, .i64LeS: compare(LLVMIntSLE)
    case .i32LeU, .i64LeU: compare(LLVMIntULE)
    case .i32GeS, .i64GeS: compare(LLVMIntSGE)
    case .i32GeU, .i64GeU: compare(LLVMIntUGE)
    default: throw unsupported(instruction)
    }
  }

  mutating func translateInteger(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .i32Clz, .i64Clz: countZeros("llvm.ctlz")
    case .i32Ctz, .i64Ctz: countZeros("llvm.cttz")
    case .i32Popcnt, .i64Popcnt: unaryIntrinsic("llvm.ctpop")
    case .i32Add, .i64Add: binary(LLVMAdd)
    case .i32Sub, .i64Sub: binary(LLVMSub)
    case .i32Mul, .i64Mul: binary(LLVMMul)
    case .i32And, .i64And: binary(LLVMAnd)
    case .i32Or, .i64Or: binary(LLVMOr)
    case .i32Xor, .i64Xor: binary(LLVMXor)
    case .i32Shl, .i64Shl: shift(LLVMShl)
    case .i32ShrS, .i64ShrS: shift(LLVMAShr)
    case .i32ShrU, .i64ShrU: shift(LLVMLShr)
    case .i32Rotl, .i64Rotl: rotate("llvm.fshl")
    case .i32Rotr, .i64Rotr: rotate("llvm.fshr")
    case .i32DivS, .i64DivS: divideSigned()
    case .i32DivU, .i64DivU: divideUnsigned(LLVMUDiv)
    case .i32RemS, .i64RemS: remainderSigned()
    case .i32RemU, .i64RemU: divideUnsigned(LLVMURem)
    default: throw unsupported(instruction)
    }
  }

  // MARK: For all kinds of operands.

  mutating func binary(_ opcode: LLVMOpcode) {
    let (left, right) = popPair()
    push(builder.binary(opcode, left, right))
  }

  /// Applies an intrinsic that takes and yields the same type.
  mutating func unaryIntrinsic(_ name: String) {
    let operand = pop()
    push(intrinsic(name, [LLVMTypeOf(operand)], [operand]))
  }

  // MARK: Comparison.

  private mutating func compare(_ predicate: LLVMIntPredicate) {
    let (left, right) = popPair()
    push(condition: builder.compare(predicate, left, right))
  }

  private mutating func equalsZero() {
    let operand = pop()
    push(condition: builder.compare(LLVMIntEQ, operand, LLVMConstNull(LLVMTypeOf(operand))))
  }

  // MARK: Bits.

  private mutating func countZeros(_ name: String) {
    let operand = pop()
    // The second argument: the count of 0 is defined, it is the width.
    push(intrinsic(name, [LLVMTypeOf(operand)], [operand, types.i1(false)]))
  }

  /// The distance counts modulo the width; LLVM's shifts would be poison from the width on.
  private mutating func shift(_ opcode: LLVMOpcode) {
    let (value, distance) = popPair()
    let type: LLVMTypeRef = LLVMTypeOf(value)
    let mask: LLVMValueRef = LLVMConstInt(type, UInt64(LLVMGetIntTypeWidth(type)) - 1, 0)
    push(builder.binary(opcode, value, builder.binary(LLVMAnd, distance, mask)))
  }

  private mutating func rotate(_ name: String) {
    let (value, distance) = popPair()
    push(intrinsic(name, [LLVMTypeOf(value)], [value, value, distance]))
  }

  // MARK: Division.

  private mutating func divideUnsigned(_ opcode: LLVMOpcode) {
    let (dividend, divisor) = popPair()
    trapOnZero(divisor)
    push(builder.binary(opcode, dividend, divisor))
  }

  private mutating func divideSigned() {
    let (dividend, divisor) = popPair()
    trapOnZero(divisor)
    let type: LLVMTypeRef = LLVMTypeOf(divisor)
    let minimum: LLVMValueRef = LLVMConstInt(type, 1 << (UInt64(LLVMGetIntTypeWidth(type)) - 1), 0)
    // The divisor first: it is often a constant, and then there is nothing left to check.
    let isMinusOne = builder.compare(LLVMIntEQ, divisor, LLVMConstAllOnes(type))
    if LLVMIsConstant(isMinusOne) == 0 || LLVMIsNull(isMinusOne) == 0 {
      let isMinimum = builder.compare(LLVMIntEQ, dividend, minimum)
      trap(.integerOverflow, if: builder.binary(LLVMAnd, isMinusOne, isMinimum))
    }
    push(builder.binary(LLVMSDiv, dividend, divisor))
  }

  /// The minimum modulo -1 is 0 in wasm and undefined in LLVM; modulo 1 everything is 0, too.
  private mutating func remainderSigned() {
    let (dividend, divisor) = popPair()
    trapOnZero(divisor)
    let type: LLVMTypeRef = LLVMTypeOf(divisor)
    let isMinusOne = builder.compare(LLVMIntEQ, divisor, LLVMConstAllOnes(type))
    let harmless = builder.select(isMinusOne, LLVMConstInt(type, 1, 0), divisor)
    push(builder.binary(LLVMSRem, dividend, harmless))
  }

  private mutating func trapOnZero(_ divisor: LLVMValueRef) {
    trap(
      .integerDivideByZero,
      if: builder.compare(LLVMIntEQ, divisor, LLVMConstNull(LLVMTypeOf(divisor))))
  }
}
