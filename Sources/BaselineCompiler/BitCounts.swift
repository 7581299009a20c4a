// Counts of zeros and ones.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func countLeadingZeros(_ kind: ValueKind) {
    var operand = pop()
    let source = register(&operand)
    let wide = kind.isWide
    if features.contains(.lzcnt) {
      let target = destination(replacing: operand, kind)
      code.leadingZeros(wide, target.register, source)
      release(operand, unless: target)
      finish(target, kind)
      return
    }
    // bsr leaves its target undefined for 0: then 2 * width - 1 takes its place, which the
    // exclusive-or turns into the width.
    let target = destination(replacing: operand, kind)
    code.scanReverse(wide, target.register, source)
    code.move(.r11, immediate: wide ? 127 : 63)
    code.move(wide, if: .equal, target.register, .r11)
    code.arithmetic(.xor, wide, target.register, immediate: wide ? 63 : 31)
    release(operand, unless: target)
    finish(target, kind)
  }

  mutating func countTrailingZeros(_ kind: ValueKind) {
    var operand = pop()
    let source = register(&operand)
    let wide = kind.isWide
    let target = destination(replacing: operand, kind)
    if features.contains(.bmi) {
      code.trailingZeros(wide, target.register, source)
    } else {
      code.scanForward(wide, target.register, source)
      code.move(.r11, immediate: wide ? 64 : 32)
      code.move(wide, if: .equal, target.register, .r11)
    }
    release(operand, unless: target)
    finish(target, kind)
  }

  mutating func countOnes(_ kind: ValueKind) {
    var operand = pop()
    let source = register(&operand)
    if features.contains(.popcnt) {
      let target = destination(replacing: operand, kind)
      code.populationCount(kind.isWide, target.register, source)
      release(operand, unless: target)
      finish(target, kind)
      return
    }
    let result = takeRegister(operand)
    countOnesByBits(kind, result)
    push(result, kind)
  }

  /// Adds neighbouring bits, then pairs, then nibbles, then all bytes by a product.
  private mutating func countOnesByBits(_ kind: ValueKind, _ register: Register) {
    let wide = kind.isWide
    let other = allocate(kind)
    let mask = { (byte: UInt64) in wide ? byte &* 0x0101_0101_0101_0101 : byte &* 0x0101_0101 }
    let and = { (self: inout Self, register: Register, byte: UInt64) in
      self.code.move(.r11, immediate: mask(byte))
      self.code.arithmetic(.and, wide, register, .r11)
    }
    code.move(wide, other, register)
    code.shift(.rightUnsigned, wide, other, by: 1)
    and(&self, other, 0x55)
    code.arithmetic(.sub, wide, register, other)
    code.move(wide, other, register)
    code.shift(.rightUnsigned, wide, other, by: 2)
    and(&self, other, 0x33)
    and(&self, register, 0x33)
    code.arithmetic(.add, wide, register, other)
    code.move(wide, other, register)
    code.shift(.rightUnsigned, wide, other, by: 4)
    code.arithmetic(.add, wide, register, other)
    and(&self, register, 0x0F)
    code.move(.r11, immediate: mask(1))
    code.multiply(wide, register, .r11)
    code.shift(.rightUnsigned, wide, register, by: wide ? 56 : 24)
    free |= other.bit
  }
}
