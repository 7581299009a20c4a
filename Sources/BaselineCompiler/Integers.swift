// Integer arithmetic.

internal import CompilerInterface

/// What an instruction's second operand can be.
enum Source {
  case register(Register)
  case memory(Address)
  case immediate(Int32)
}

extension FunctionCompiler {
  /// Clz, ctz, popcnt, then the binary operations, i32 (0x67) and i64 (0x79) alike.
  @inline(never)
  mutating func translateInteger(_ opcode: UInt8) {
    let kind: ValueKind = opcode < 0x79 ? .i32 : .i64
    switch opcode < 0x79 ? opcode &- 0x67 : opcode &- 0x79 {
    case 0: countLeadingZeros(kind)
    case 1: countTrailingZeros(kind)
    case 2: countOnes(kind)
    case 3: add(kind)
    case 4: binary(.sub, kind, commutes: false)
    case 5: multiply(kind)
    case 6: divide(kind, isSigned: true, wantsRemainder: false)
    case 7: divide(kind, isSigned: false, wantsRemainder: false)
    case 8: divide(kind, isSigned: true, wantsRemainder: true)
    case 9: divide(kind, isSigned: false, wantsRemainder: true)
    case 10: binary(.and, kind, commutes: true)
    case 11: binary(.or, kind, commutes: true)
    case 12: binary(.xor, kind, commutes: true)
    case 13: shift(.left, kind)
    case 14: shift(.rightSigned, kind)
    case 15: shift(.rightUnsigned, kind)
    case 16: shift(.rotateLeft, kind)
    default: shift(.rotateRight, kind)
    }
  }

  // MARK: Operands.

  /// A popped integer operand as an instruction's second one.
  @inline(__always)
  mutating func source(_ operand: inout Operand) -> Source {
    if operand.place == .constant {
      // The bits of an i32 are zero-extended, an immediate is the low half.
      let signed =
        operand.kind == .i32
        ? Int64(Int32(truncatingIfNeeded: operand.bits)) : Int64(bitPattern: operand.bits)
      if let short = Int32(exactly: signed) { return .immediate(short) }
    } else if isInMemory(operand) {
      return .memory(address(operand))
    }
    return .register(register(&operand))
  }

  @inline(__always)
  mutating func apply(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Register, _ source: Source
  ) {
    switch source {
    case .register(let register): code.arithmetic(operation, wide, destination, register)
    case .memory(let address): code.arithmetic(operation, wide, destination, address)
    case .immediate(let value): code.arithmetic(operation, wide, destination, immediate: value)
    }
  }

  // MARK: Binary operations.

  /// The two topmost operands, popped; where the operation commutes, a constant is the second, and
  /// where only one of them has a register to give up it is the first.
  @inline(__always)
  private mutating func popPair(commutes: Bool) -> (Operand, Operand) {
    let right = pop()
    let left = pop()
    if commutes, left.place == .constant || right.place == .register && left.place != .register,
      right.place != .constant
    {
      return (right, left)
    }
    return (left, right)
  }

  @inline(__always)
  mutating func binary(_ operation: Arithmetic, _ kind: ValueKind, commutes: Bool) {
    var (left, right) = popPair(commutes: commutes)
    if left.place == .constant, right.place == .constant {
      pushConstant(kind, fold(operation, kind, left.bits, right.bits))
      return
    }
    binary(operation, kind, commutes, &left, &right)
  }

  @inline(never)
  private mutating func binary(
    _ operation: Arithmetic, _ kind: ValueKind, _ commutes: Bool, _ left: inout Operand,
    _ right: inout Operand
  ) {
    var second = source(&right)
    var other = Register.none
    if case .register(let register) = second { other = register }
    // `x = y - x` cannot be computed in x; `x = y + x` can, the other way around.
    if commutes, let home = upcomingHome(kind), home.register == other {
      swap(&left, &right)
      second = source(&right)
      other = .none
    }
    let target = destination(replacing: left, kind, avoiding: other)
    move(left, to: target.register)
    apply(operation, kind.isWide, target.register, second)
    release(left, unless: target)
    release(right, unless: target)
    finish(target, kind)
  }

  /// An addition to another register than the first operand's is an address computation.
  private mutating func add(_ kind: ValueKind) {
    var (left, right) = popPair(commutes: true)
    if left.place == .constant, right.place == .constant {
      pushConstant(kind, fold(.add, kind, left.bits, right.bits))
      return
    }
    if left.place == .local, right.place != .slot, !isInMemory(left), !isInMemory(right) {
      let second = source(&right)
      let first = register(&left)
      switch second {
      case .immediate(let value):
        let target = destination(kind)
        if target.register == first {
          code.arithmetic(.add, kind.isWide, first, immediate: value)
        } else {
          code.loadAddress(kind.isWide, target.register, Address(first, value))
        }
        finish(target, kind)
        return
      case .register(let other):
        let target = destination(replacing: right, kind)
        if target.register == first {
          code.arithmetic(.add, kind.isWide, first, other)
        } else if target.register == other {
          code.arithmetic(.add, kind.isWide, other, first)
        } else {
          code.loadAddress(kind.isWide, target.register, Address(first, other, 0))
        }
        release(right, unless: target)
        finish(target, kind)
        return
      case .memory: break
      }
    }
    binary(.add, kind, true, &left, &right)
  }

  private mutating func fold(
    _ operation: Arithmetic, _ kind: ValueKind, _ left: UInt64, _ right: UInt64
  ) -> UInt64 {
    let value: UInt64 =
      switch operation {
      case .add, .addWithCarry: left &+ right
      case .sub, .subtractWithBorrow, .cmp: left &- right
      case .and: left & right
      case .or: left | right
      case .xor: left ^ right
      }
    return kind == .i32 ? value & 0xFFFF_FFFF : value
  }

  private mutating func multiply(_ kind: ValueKind) {
    var (left, right) = popPair(commutes: true)
    if left.place == .constant, right.place == .constant {
      let value = left.bits &* right.bits
      pushConstant(kind, kind == .i32 ? value & 0xFFFF_FFFF : value)
      return
    }
    let second = source(&right)
    if case .immediate(let value) = second {
      let first = register(&left)
      let target = destination(replacing: left, kind)
      if value > 0, value & (value - 1) == 0 {
        copy(target.register, first, kind)
        if value > 1 {
          code.shift(
            .left, kind.isWide, target.register, by: UInt8(value.trailingZeroBitCount))
        }
      } else {
        code.multiply(kind.isWide, target.register, first, immediate: value)
      }
      release(left, unless: target)
      finish(target, kind)
      return
    }
    var other = Register.none
    if case .register(let register) = second { other = register }
    let target = destination(replacing: left, kind, avoiding: other)
    move(left, to: target.register)
    switch second {
    case .register(let register): code.multiply(kind.isWide, target.register, register)
    case .memory(let address): code.multiply(kind.isWide, target.register, address)
    case .immediate: break
    }
    release(left, unless: target)
    release(right, unless: target)
    finish(target, kind)
  }

  // MARK: Shifts.

  mutating func shift(_ operation: Shift, _ kind: ValueKind) {
    var count = pop()
    let value = pop()
    if count.place == .constant {
      let target = destination(replacing: value, kind)
      // An unclean register is cleaned by the operation, so it must not be left out.
      move(value, to: target.register)
      let distance = UInt8(truncatingIfNeeded: count.bits & (kind.isWide ? 63 : 31))
      if distance != 0 {
        code.shift(operation, kind.isWide, target.register, by: distance)
      } else if value.isUnclean {
        code.move(false, target.register, target.register)
      }
      release(value, unless: target)
      finish(target, kind)
      return
    }
    let isRotation = operation == .rotateLeft || operation == .rotateRight
    if features.contains(.bmi2), !isRotation {
      var value = value
      let distance = register(&count)
      let source = register(&value)
      let target = destination(replacing: value, kind)
      code.shift(operation, kind.isWide, target.register, source, by: distance)
      release(value, unless: target)
      release(count, unless: target)
      finish(target, kind)
      return
    }
    shiftByCL(operation, kind, value, count)
  }

  private mutating func shiftByCL(
    _ operation: Shift, _ kind: ValueKind, _ value: Operand, _ count: Operand
  ) {
    var value = value
    if value.place == .register, value.register == .rcx {
      // The value stands where the count must go.
      let other = allocate(kind)
      copy(other, .rcx, .i64)
      free |= Register.rcx.bit
      value.register = other
    }
    let ownsCount = count.place == .register && count.register == .rcx
    if !ownsCount {
      claim(.rcx)
      move(count, to: .rcx)
      release(count)
    }
    let target = destination(replacing: value, kind, avoiding: .rcx)
    move(value, to: target.register)
    code.shiftByCL(operation, kind.isWide, target.register)
    release(value, unless: target)
    free |= Register.rcx.bit
    finish(target, kind)
  }
}
