// Comparisons, and what is done with them at once: branches and selections take the flags.

internal import CompilerInterface

extension FunctionCompiler {
  @inline(never)
  mutating func translateComparison(_ opcode: UInt8) {
    switch opcode {
    case 0x45: equalsZero(.i32)
    case 0x46...0x4F: compare(.i32, Self.integerCondition(opcode &- 0x46))
    case 0x50: equalsZero(.i64)
    case 0x51...0x5A: compare(.i64, Self.integerCondition(opcode &- 0x51))
    case 0x5B...0x60: compareFloats(.f32, opcode &- 0x5B)
    default: compareFloats(.f64, opcode &- 0x61)
    }
  }

  /// eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u, a nibble each.
  @inline(__always)
  private static func integerCondition(_ place: UInt8) -> Condition {
    let codes: UInt64 = 0x3D_6E7F_2C54
    return Condition(UInt8(truncatingIfNeeded: codes &>> (UInt64(place) &* 4) & 15))
  }

  // MARK: Integers.

  private mutating func equalsZero(_ kind: ValueKind) {
    testPopped(kind)
    finish(.equal)
  }

  /// Pops an integer and compares it with zero.
  private mutating func testPopped(_ kind: ValueKind) {
    var operand = pop()
    if isInMemory(operand) {
      code.arithmetic(.cmp, kind.isWide, address(operand), immediate: 0)
      return
    }
    let register = register(&operand)
    code.test(kind.isWide, register, register)
    release(operand)
  }

  private mutating func compare(_ kind: ValueKind, _ condition: Condition) {
    var right = pop()
    var left = pop()
    var condition = condition
    if left.place == .constant {
      swap(&left, &right)
      condition = condition.swapped
    }
    let wide = kind.isWide
    let second = source(&right)
    if isInMemory(left) {
      switch second {
      case .immediate(let value):
        code.arithmetic(.cmp, wide, address(left), immediate: value)
        return finish(condition)
      case .register(let register):
        code.arithmetic(.cmp, wide, address(left), register)
        release(right)
        return finish(condition)
      case .memory: break
      }
    }
    let first = register(&left)
    switch second {
    case .register(let register): code.arithmetic(.cmp, wide, first, register)
    case .memory(let address): code.arithmetic(.cmp, wide, first, address)
    case .immediate(0) where condition == .equal || condition == .notEqual:
      code.test(wide, first, first)
    case .immediate(let value): code.arithmetic(.cmp, wide, first, immediate: value)
    }
    release(left)
    release(right)
    finish(condition)
  }

  // MARK: Floats.

  /// eq ne lt gt le ge. Comparing with a NaN sets carry, zero and parity: `above` and
  /// `aboveOrEqual` are false then, as they must, so the operands of `lt` and `le` change places.
  private mutating func compareFloats(_ kind: ValueKind, _ which: UInt8) {
    var right = pop()
    var left = pop()
    if which < 2 { return compareForEquality(kind, left, right, which == 0) }
    if which == 2 || which == 4 { swap(&left, &right) }
    let first = register(&left)
    let encoding = SSE.compareUnordered(isDouble: kind.isDouble)
    floatInstruction(encoding, first, &right)
    release(left)
    release(right)
    finish(which < 4 ? .above : .aboveOrEqual)
  }

  /// A mask from the comparison, whose lowest bit is the answer: two flags would be needed else.
  private mutating func compareForEquality(
    _ kind: ValueKind, _ left: Operand, _ right: Operand, _ isEqual: Bool
  ) {
    var right = right
    let other = register(&right)
    let mask = takeRegister(left)
    code.vector(
      SSE.compareScalar(isDouble: kind.isDouble), mask, other,
      isEqual ? ComparePredicate.equal : ComparePredicate.notEqual)
    release(right)
    let result = allocate(.i32)
    code.vector(SSE.toGeneral(false), mask, result)
    free |= mask.bit
    code.arithmetic(.and, false, result, immediate: 1)
    push(result, .i32)
  }

  /// A scalar instruction whose second operand may be in memory or a literal.
  @inline(__always)
  mutating func floatInstruction(
    _ encoding: Encoding, _ first: Register, _ second: inout Operand
  ) {
    if isInMemory(second) {
      code.vector(encoding, first, address(second))
    } else if second.place == .constant, second.bits != 0 {
      loadLiteral(encoding, first, second.bits)
    } else {
      code.vector(encoding, first, register(&second))
    }
  }

  // MARK: What becomes of a condition.

  /// Flags hold an i32 that is 1 if `condition` holds: gives it to the next instruction if that
  /// can take it so, else pushes it.
  @inline(never)
  mutating func finish(_ condition: Condition) {
    var condition = condition
    // i32.eqz turns it around.
    while reader.next.pointee == 0x45 {
      reader.next += 1
      condition = condition.inverse
    }
    switch reader.next.pointee {
    case 0x0D:
      reader.next += 1
      branch(if: condition)
    case 0x04:
      reader.next += 1
      enterIf(condition)
    case 0x1B:
      reader.next += 1
      select(condition)
    default:
      let target = destination(.i32)
      code.set(condition, target.register)
      code.encode(Assembler.zeroExtend8(), target.register, target.register)
      finish(target, .i32)
    }
  }

  /// Pops an i32; the condition holds where it is not zero.
  mutating func popCondition() -> Condition {
    testPopped(.i32)
    return .notEqual
  }

  /// Pops two operands and pushes the first if `condition` holds, else the second.
  mutating func select(_ condition: Condition) {
    var other = pop()
    var first = pop()
    let kind = first.kind
    if kind.isVector { return selectVector(condition, first, other) }
    var condition = condition
    // Keep what is in a register of its own, and what is a constant out of the second place.
    if other.place == .register && first.place != .register || other.place == .constant {
      swap(&first, &other)
      condition = condition.inverse
    }
    if isInMemory(other) {
      let target = destination(replacing: first, kind)
      move(first, to: target.register)
      code.move(kind.isWide, if: condition.inverse, target.register, address(other))
      release(first, unless: target)
      finish(target, kind)
      return
    }
    let second = register(&other)
    let target = destination(replacing: first, kind, avoiding: second)
    move(first, to: target.register)
    code.move(kind.isWide, if: condition.inverse, target.register, second)
    release(first, unless: target)
    release(other, unless: target)
    finish(target, kind)
  }

  private mutating func selectVector(_ condition: Condition, _ first: Operand, _ other: Operand) {
    let target = takeRegister(first)
    // Bring it in before the jump: what is resident must not depend on it.
    var other = other
    let second = register(&other)
    let over = code.shortJump(if: condition)
    code.moveVector(target, second)
    code.land(over)
    release(other)
    push(target, first.kind)
  }
}
