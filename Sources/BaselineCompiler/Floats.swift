// Floating-point arithmetic on scalars.

internal import CompilerInterface

/// Rounding modes of `roundsd` and its kin; bit 3 keeps the inexact flag quiet.
enum Rounding {
  static let nearest: UInt8 = 8
  static let floor: UInt8 = 9
  static let ceil: UInt8 = 10
  static let trunc: UInt8 = 11
}

extension FunctionCompiler {
  /// f32 (0x8B) and f64 (0x99) alike.
  @inline(never)
  mutating func translateFloat(_ opcode: UInt8) {
    let kind: ValueKind = opcode < 0x99 ? .f32 : .f64
    switch opcode < 0x99 ? opcode &- 0x8B : opcode &- 0x99 {
    case 0: signOperation(kind, .two(SSE.and), complement: true)
    case 1: signOperation(kind, .two(SSE.xor), complement: false)
    case 2: round(kind, Rounding.ceil)
    case 3: round(kind, Rounding.floor)
    case 4: round(kind, Rounding.trunc)
    case 5: round(kind, Rounding.nearest)
    case 6: squareRoot(kind)
    case 7: binary(kind, SSE.add, commutes: true)
    case 8: binary(kind, SSE.subtract, commutes: false)
    case 9: binary(kind, SSE.multiply, commutes: true)
    case 10: binary(kind, SSE.divide, commutes: false)
    case 11: extremum(kind, SSE.minimum, merge: SSE.or)
    case 12: extremum(kind, SSE.maximum, merge: SSE.and)
    default: copySign(kind)
    }
  }

  /// Two copies of a scalar's sign bit, or of all others, as a literal's half.
  private func signMask(_ kind: ValueKind, complement: Bool) -> UInt64 {
    let sign: UInt64 = kind.isDouble ? 1 << 63 : 0x8000_0000_8000_0000
    return complement ? ~sign : sign
  }

  private mutating func signOperation(
    _ kind: ValueKind, _ encoding: Encoding, complement: Bool
  ) {
    let operand = pop()
    let target = destination(replacing: operand, kind)
    move(operand, to: target.register)
    let mask = signMask(kind, complement: complement)
    vectorLiteral(encoding, target.register, mask, mask)
    release(operand, unless: target)
    finish(target, kind)
  }

  private mutating func round(_ kind: ValueKind, _ mode: UInt8) {
    var operand = pop()
    let source = register(&operand)
    let target = destination(replacing: operand, kind)
    code.vector(SSE.roundScalar(isDouble: kind.isDouble), target.register, source, mode)
    release(operand, unless: target)
    finish(target, kind)
  }

  private mutating func squareRoot(_ kind: ValueKind) {
    var operand = pop()
    let source = register(&operand)
    let target = destination(replacing: operand, kind)
    code.vector(SSE.scalar(SSE.squareRoot, isDouble: kind.isDouble), target.register, source)
    release(operand, unless: target)
    finish(target, kind)
  }

  private mutating func binary(_ kind: ValueKind, _ opcode: UInt8, commutes: Bool) {
    var right = pop()
    var left = pop()
    let isSwapped =
      commutes
      && (right.place == .register && left.place != .register || left.place == .constant)
    if isSwapped { swap(&left, &right) }
    let other: Register
    if isInMemory(right) || right.place == .constant {
      other = .none
    } else {
      other = register(&right)
    }
    if commutes, other != .none, let home = upcomingHome(kind), home.register == other,
      left.place != .constant, !isInMemory(left)
    {
      // `x = y * x`: computed in x, the other way around.
      _ = register(&left)
      swap(&left, &right)
    }
    var avoided = Register.none
    if right.place == .register || right.place == .local && !isInMemory(right) {
      avoided = register(&right)
    }
    let target = destination(replacing: left, kind, avoiding: avoided)
    move(left, to: target.register)
    floatInstruction(
      SSE.scalar(opcode, isDouble: kind.isDouble), target.register, &right)
    release(left, unless: target)
    release(right, unless: target)
    finish(target, kind)
  }

  /// The instruction yields its second operand where both are equal or one is a NaN: equal ones
  /// (zeros of different sign) are merged by their bits, a NaN comes out of the sum, quiet.
  private mutating func extremum(_ kind: ValueKind, _ opcode: UInt8, merge: UInt8) {
    var right = pop()
    let left = pop()
    let second = register(&right)
    let first = takeRegister(left)
    let isDouble = kind.isDouble
    code.vector(SSE.compareUnordered(isDouble: isDouble), first, second)
    let differs = code.shortJump(if: .notEqual)
    let isNaN = code.shortJump(if: .parity)
    code.vector(.two(merge), first, second)
    let done = code.shortJump()
    code.land(isNaN)
    code.vector(SSE.scalar(SSE.add, isDouble: isDouble), first, second)
    let done2 = code.shortJump()
    code.land(differs)
    code.vector(SSE.scalar(opcode, isDouble: isDouble), first, second)
    code.land(done)
    code.land(done2)
    release(right)
    push(first, kind)
  }

  private mutating func copySign(_ kind: ValueKind) {
    let sign = pop()
    let magnitude = pop()
    let target = takeRegister(magnitude)
    move(sign, to: .xmm15)
    release(sign)
    let mask = signMask(kind, complement: false)
    vectorLiteral(.two(SSE.and), .xmm15, mask, mask)
    vectorLiteral(.two(SSE.and), target, ~mask, ~mask)
    code.vector(.two(SSE.or), target, .xmm15)
    push(target, kind)
  }
}
