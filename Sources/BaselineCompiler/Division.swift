// Integer division and remainder.

internal import CompilerInterface

extension FunctionCompiler {
  /// Spec: core 3.0 §4.3.2. The processor traps on a divisor of zero, and on the one overflow, which
  /// for remainders is none.
  mutating func divide(_ kind: ValueKind, isSigned: Bool, wantsRemainder: Bool) {
    let divisor = pop()
    if divisor.place == .constant, !isSigned, divisor.bits != 0,
      divisor.bits & (divisor.bits - 1) == 0
    {
      return divideByPowerOfTwo(kind, divisor.bits, wantsRemainder)
    }
    let dividend = pop()
    let (place, divisorRegister) = prepareDivision(kind, dividend, divisor)
    let wide = kind.isWide
    var done = 0
    if isSigned {
      let canOverflow =
        divisor.place != .constant
        || Int64(bitPattern: divisor.bits << (wide ? 0 : 32)) >> (wide ? 0 : 32) == -1
      if canOverflow { done = guardOverflow(kind, divisorRegister, wantsRemainder) }
      code.extendAccumulator(wide)
      code.unary(.divideSigned, wide, divisorRegister)
      if done != 0 { code.land(done) }
    } else {
      code.clear(.rdx)
      code.unary(.divideUnsigned, wide, divisorRegister)
    }
    free |= place
    let result: Register = wantsRemainder ? .rdx : .rax
    free |= (wantsRemainder ? Register.rax : Register.rdx).bit
    finishIn(result, kind)
  }

  /// Puts the dividend in rax and the divisor elsewhere, and claims rdx. Yields the mask of the
  /// temporary register that the divisor owns, and the divisor's register.
  mutating func prepareDivision(
    _ kind: ValueKind, _ dividend: Operand, _ divisor: Operand
  ) -> (UInt32, Register) {
    var divisor = divisor
    var dividend = dividend
    if divisor.place == .register, divisor.register == .rax || divisor.register == .rdx {
      // r11 is free, and nothing of what follows uses it.
      copy(.r11, divisor.register, kind)
      release(divisor)
      divisor = .register(.r11, kind)
    }
    if dividend.place == .register, dividend.register == .rdx {
      claimUnless(.rax, dividend)
      copy(.rax, .rdx, kind)
      dividend = .register(.rax, kind)
    } else {
      claimUnless(.rax, dividend)
      claim(.rdx)
      if !(dividend.place == .register && dividend.register == .rax) {
        move(dividend, to: .rax)
        release(dividend)
      }
    }
    if divisor.place == .register {
      return (divisor.register == .r11 ? 0 : divisor.register.bit, divisor.register)
    }
    if divisor.place == .local {
      let home = locals[Int(divisor.index)].home
      if home != .none {
        if resident & home.bit == 0 { makeResident(home) }
        return (0, home)
      }
    }
    move(divisor, to: .r11)
    return (0, .r11)
  }

  private mutating func claimUnless(_ register: Register, _ operand: Operand) {
    if operand.place == .register, operand.register == register { return }
    claim(register)
  }

  /// Handles a divisor of -1; returns where to jump over the division, 0 for nowhere.
  private mutating func guardOverflow(
    _ kind: ValueKind, _ divisor: Register, _ wantsRemainder: Bool
  ) -> Int {
    code.arithmetic(.cmp, kind.isWide, divisor, immediate: -1)
    let usual = code.shortJump(if: .notEqual)
    if wantsRemainder {
      code.clear(.rdx)
    } else {
      code.unary(.negate, kind.isWide, .rax)
      jumpToTrap(.integerOverflow, if: Condition(0))
    }
    let done = code.shortJump()
    code.land(usual)
    return done
  }

  private mutating func divideByPowerOfTwo(
    _ kind: ValueKind, _ divisor: UInt64, _ wantsRemainder: Bool
  ) {
    if wantsRemainder {
      pushConstant(kind, divisor - 1)
      binary(.and, kind, commutes: true)
    } else {
      pushConstant(.i32, UInt64(divisor.trailingZeroBitCount))
      shift(.rightUnsigned, kind)
    }
  }

  /// The result is in a claimed temporary register: pushes it, or moves it to the local that the
  /// next instruction sets.
  @inline(__always)
  mutating func finishIn(_ register: Register, _ kind: ValueKind) { push(register, kind) }
}
