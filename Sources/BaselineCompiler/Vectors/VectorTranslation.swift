// Vector instructions: dispatch, and those that the table describes.

internal import CompilerInterface

extension FunctionCompiler {
  @inline(never)
  mutating func translateVector(_ number: UInt32) {
    guard number < VectorTable.count else { return markUnsupported(0xFD00 | number) }
    let row = VectorTable.rows[Int(number)]
    switch row.form {
    case .special: translateSpecialVector(number)
    case .unary, .unaryHigh: vectorUnary(row)
    default: vectorBinary(row)
    }
  }

  private mutating func translateSpecialVector(_ number: UInt32) {
    switch number {
    case 0...11, 84...93: translateVectorMemory(number)
    case 12...34: translateVectorLanes(number)
    case 38, 40, 42, 44: compareUnsigned(number - 38, minimum: SSE.integer(0xDA), 0xDE, 0x74)
    case 48, 50, 52, 54: compareUnsigned(number - 48, minimum: .three38(0x3A), 0x3E, 0x75)
    case 58, 60, 62, 64: compareUnsigned(number - 58, minimum: .three38(0x3B), 0x3F, 0x76)
    case 77, 82, 0x109...0x10C: translateVectorBits(number)
    case 83, 99, 100, 131, 132, 163, 164, 195, 196: testVector(number)
    case 107...109, 139...141, 171...173, 203...205: shiftVector(number)
    case 97, 98, 129, 130, 161, 192, 193, 213: translateVectorInteger(number)
    case 216...219: compareWide(number)
    case 124...127: addPairs(number)
    case 156...159: multiplyWidening(number - 156, 0x20, 0x30, SSE.integer(0xD5))
    case 188...191: multiplyWidening(number - 188, 0x23, 0x33, .three38(0x40))
    case 220...223: multiplyWide(number - 220)
    case 0x105...0x108: multiplyAndAdd(number)
    case 0x113: relaxedDotAndAdd()
    default: translateVectorFloat(number)
    }
  }

  // MARK: By the table.

  private mutating func vectorUnary(_ row: VectorRow) {
    var operand = pop()
    let source = register(&operand)
    let target = destination(replacing: operand, .v128)
    if row.form == .unaryHigh {
      // The upper half to the lower.
      code.vector(SSE.integer(0x70), target.register, source, 0xEE)
      code.vector(row.encoding, target.register, target.register)
    } else {
      code.vector(row.encoding, target.register, source)
      if row.immediate >= 0 { code.put8(UInt8(truncatingIfNeeded: row.immediate)) }
    }
    release(operand, unless: target)
    finish(target, .v128)
  }

  private mutating func vectorBinary(_ row: VectorRow) {
    var right = pop()
    var left = pop()
    if row.form == .swapped || row.form == .swappedInverted { swap(&left, &right) }
    let source = register(&right)
    let target = destination(replacing: left, .v128, avoiding: source)
    move(left, to: target.register)
    code.vector(row.encoding, target.register, source)
    if row.immediate >= 0 { code.put8(UInt8(truncatingIfNeeded: row.immediate)) }
    if row.form == .inverted || row.form == .swappedInverted { invert(target.register) }
    release(left, unless: target)
    release(right, unless: target)
    finish(target, .v128)
  }

  /// Inverts all bits.
  mutating func invert(_ register: Register) {
    code.vector(SSE.integer(0x76), .xmm15, .xmm15)
    code.vector(SSE.integer(0xEF), register, .xmm15)
  }

  // MARK: Operands for what needs several instructions.

  /// Pops a vector into a register that may be changed.
  mutating func takeVector() -> Register { takeRegister(pop()) }

  /// Pushes a vector in a register that is the caller's.
  @inline(__always)
  mutating func pushVector(_ register: Register) { push(register, .v128) }

  /// `opcode` behind 66 0F with a literal of two equal halves as its source.
  mutating func integer(_ opcode: UInt8, _ register: Register, literal bits: UInt64) {
    vectorLiteral(SSE.integer(opcode), register, bits, bits)
  }
}
