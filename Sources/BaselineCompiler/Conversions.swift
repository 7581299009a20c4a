// Conversions between number types.

internal import CompilerInterface

extension FunctionCompiler {
  @inline(never)
  mutating func translateConversion(_ opcode: UInt8) {
    switch opcode {
    case 0xA7: wrap()
    case 0xA8: truncate(.f32, .i32, isSigned: true)
    case 0xA9: truncate(.f32, .i32, isSigned: false)
    case 0xAA: truncate(.f64, .i32, isSigned: true)
    case 0xAB: truncate(.f64, .i32, isSigned: false)
    case 0xAC: extend(Assembler.signExtend32(), .i32, .i64)
    case 0xAD: extendUnsigned()
    case 0xAE: truncate(.f32, .i64, isSigned: true)
    case 0xAF: truncate(.f32, .i64, isSigned: false)
    case 0xB0: truncate(.f64, .i64, isSigned: true)
    case 0xB1: truncate(.f64, .i64, isSigned: false)
    case 0xB2: convert(.i32, .f32, isSigned: true)
    case 0xB3: convert(.i32, .f32, isSigned: false)
    case 0xB4: convert(.i64, .f32, isSigned: true)
    case 0xB5: convertUnsigned64(.f32)
    case 0xB6: convertFloat(.f64, .f32, .two(0x5A, prefix: 0xF2))
    case 0xB7: convert(.i32, .f64, isSigned: true)
    case 0xB8: convert(.i32, .f64, isSigned: false)
    case 0xB9: convert(.i64, .f64, isSigned: true)
    case 0xBA: convertUnsigned64(.f64)
    case 0xBB: convertFloat(.f32, .f64, .two(0x5A, prefix: 0xF3))
    case 0xBC: reinterpret(as: .i32)
    case 0xBD: reinterpret(as: .i64)
    case 0xBE: reinterpret(as: .f32)
    case 0xBF: reinterpret(as: .f64)
    case 0xC0: extend(Assembler.signExtend8(false), .i32, .i32)
    case 0xC1: extend(Assembler.signExtend16(false), .i32, .i32)
    case 0xC2: extend(Assembler.signExtend8(true), .i64, .i64)
    case 0xC3: extend(Assembler.signExtend16(true), .i64, .i64)
    default: extend(Assembler.signExtend32(), .i64, .i64)
    }
  }

  // MARK: Integers.

  private mutating func wrap() {
    var operand = pop()
    if operand.place == .constant {
      pushConstant(.i32, operand.bits & 0xFFFF_FFFF)
    } else if operand.place == .register {
      // The upper half stays; whoever needs it clean cleans it.
      operand.kind = .i32
      operand.isUnclean = true
      pushAgain(operand)
    } else {
      operand.kind = .i32
      let target = destination(.i32)
      if operand.place == .local {
        let home = locals[Int(operand.index)].home
        if home != .none {
          if resident & home.bit == 0 { makeResident(home) }
          code.move(false, target.register, home)
        } else {
          code.load(false, target.register, address(operand))
        }
      } else {
        code.load(false, target.register, address(operand))
      }
      finish(target, .i32)
    }
  }

  private mutating func extendUnsigned() {
    var operand = pop()
    if operand.place == .constant { return pushConstant(.i64, operand.bits) }
    if operand.place == .register {
      _ = cleanRegister(&operand)
      operand.kind = .i64
      pushAgain(operand)
      return
    }
    let target = destination(.i64)
    move(operand, to: target.register)
    // A home onto itself is clean already.
    finish(target, .i64)
  }

  private mutating func extend(_ encoding: Encoding, _ source: ValueKind, _ kind: ValueKind) {
    var operand = pop()
    let from = register(&operand)
    let target = destination(replacing: operand, kind)
    code.encode(encoding, target.register, from)
    release(operand, unless: target)
    finish(target, kind)
  }

  // MARK: Bits.

  private mutating func reinterpret(as kind: ValueKind) {
    var operand = pop()
    if operand.place == .constant { return pushConstant(kind, operand.bits) }
    if isInMemory(operand) {
      let target = destination(kind)
      load(target.register, kind, address(operand))
      return finish(target, kind)
    }
    let source = register(&operand)
    let target = destination(kind)
    switch kind {
    case .f32, .f64:
      code.vector(SSE.fromGeneral(kind.isDouble), target.register, source)
    default:
      code.vector(SSE.toGeneral(kind.isWide), source, target.register)
    }
    release(operand)
    finish(target, kind)
  }

  // MARK: To floats.

  private mutating func convertFloat(
    _ source: ValueKind, _ kind: ValueKind, _ encoding: Encoding
  ) {
    var operand = pop()
    let from = register(&operand)
    let target = destination(replacing: operand, kind)
    code.vector(encoding, target.register, from)
    release(operand, unless: target)
    finish(target, kind)
  }

  private mutating func convert(_ source: ValueKind, _ kind: ValueKind, isSigned: Bool) {
    var operand = pop()
    // An unsigned i32 is a small i64.
    let from = isSigned ? register(&operand) : cleanRegister(&operand)
    let wide = source.isWide || !isSigned
    let target = destination(kind)
    // The instruction keeps the rest of its target, which must not be waited for.
    code.clearVector(target.register)
    code.vector(SSE.fromInteger(wide, isDouble: kind.isDouble), target.register, from)
    release(operand)
    finish(target, kind)
  }

  /// From 2^63 on: half of it, its lowest bit kept so that it is rounded the right way, doubled.
  private mutating func convertUnsigned64(_ kind: ValueKind) {
    let value = takeRegister(pop())
    let target = allocate(kind)
    let isDouble = kind.isDouble
    code.clearVector(target)
    code.test(true, value, value)
    let isLarge = code.shortJump(if: Condition(8))
    code.vector(SSE.fromInteger(true, isDouble: isDouble), target, value)
    let done = code.shortJump()
    code.land(isLarge)
    code.move(false, .r11, value)
    code.arithmetic(.and, false, .r11, immediate: 1)
    code.shift(.rightUnsigned, true, value, by: 1)
    code.arithmetic(.or, true, value, .r11)
    code.vector(SSE.fromInteger(true, isDouble: isDouble), target, value)
    code.vector(SSE.scalar(SSE.add, isDouble: isDouble), target, target)
    code.land(done)
    free |= value.bit
    push(target, kind)
  }

  // MARK: To integers.

  /// The bits of 2^exponent.
  private static func power(_ kind: ValueKind, _ exponent: UInt64) -> UInt64 {
    kind.isDouble ? (1_023 + exponent) << 52 : (127 + exponent) << 23
  }

  private static func sign(_ kind: ValueKind) -> UInt64 { kind.isDouble ? 1 << 63 : 1 << 31 }

  private mutating func compare(_ kind: ValueKind, _ register: Register, literal bits: UInt64) {
    loadLiteral(SSE.compareUnordered(isDouble: kind.isDouble), register, bits)
  }

  /// Traps on a NaN and on what lies outside of the integer's range, else converts.
  /// Spec: core 3.0 §4.3.3.
  private mutating func truncate(_ source: ValueKind, _ kind: ValueKind, isSigned: Bool) {
    var operand = pop()
    let from = register(&operand)
    let bits: UInt64 = kind.isWide ? 64 : 32
    let negative = Self.sign(source)
    // The lowest value that has an integer, or the one below it where the source has room for a
    // fraction there.
    if isSigned {
      let hasFraction = source.isDouble && bits == 32
      let lowest =
        hasFraction
        ? (-2_147_483_649.0).bitPattern : negative | Self.power(source, bits - 1)
      compare(source, from, literal: lowest)
      jumpToTrap(.invalidConversionToInteger, if: .parity)
      jumpToTrap(.integerOverflow, if: hasFraction ? .belowOrEqual : .below)
      compare(source, from, literal: Self.power(source, bits - 1))
    } else {
      // Everything above -1 truncates to 0 or more.
      compare(source, from, literal: negative | Self.power(source, 0))
      jumpToTrap(.invalidConversionToInteger, if: .parity)
      jumpToTrap(.integerOverflow, if: .belowOrEqual)
      compare(source, from, literal: Self.power(source, bits))
    }
    jumpToTrap(.integerOverflow, if: .aboveOrEqual)
    if !isSigned, kind.isWide {
      let result = truncateUnsigned64(source, from)
      release(operand)
      push(result, kind)
      return
    }
    let target = destination(kind)
    // An unsigned i32 is a small i64.
    code.vector(
      SSE.truncateToInteger(kind.isWide || !isSigned, isDouble: source.isDouble),
      target.register, from)
    release(operand)
    finish(target, kind)
  }

  /// Converts what is between -1 and 2^64: from 2^63 on, what exceeds it.
  private mutating func truncateUnsigned64(_ source: ValueKind, _ from: Register) -> Register {
    let result = allocate(.i64)
    let isDouble = source.isDouble
    compare(source, from, literal: Self.power(source, 63))
    let isLarge = code.shortJump(if: .aboveOrEqual)
    code.vector(SSE.truncateToInteger(true, isDouble: isDouble), result, from)
    let done = code.shortJump()
    code.land(isLarge)
    code.moveVector(.xmm15, from)
    loadLiteral(
      SSE.scalar(SSE.subtract, isDouble: isDouble), .xmm15, Self.power(source, 63))
    code.vector(SSE.truncateToInteger(true, isDouble: isDouble), result, .xmm15)
    code.move(.r11, immediate: 1 << 63)
    code.arithmetic(.xor, true, result, .r11)
    code.land(done)
    return result
  }

  /// i32.trunc_sat_f32_s and what follows: a NaN gives 0, what is outside the nearest integer.
  mutating func truncateSaturating(_ number: UInt32) {
    let source: ValueKind = number & 2 == 0 ? .f32 : .f64
    let kind: ValueKind = number < 4 ? .i32 : .i64
    if number & 1 == 0 {
      saturateSigned(source, kind)
    } else {
      saturateUnsigned(source, kind)
    }
  }

  /// The instruction gives the lowest integer for whatever has none.
  private mutating func saturateSigned(_ source: ValueKind, _ kind: ValueKind) {
    var operand = pop()
    let from = register(&operand)
    let result = allocate(kind)
    let wide = kind.isWide
    code.vector(SSE.truncateToInteger(wide, isDouble: source.isDouble), result, from)
    // Only the lowest integer overflows when 1 is taken away.
    code.arithmetic(.cmp, wide, result, immediate: 1)
    let usual = code.shortJump(if: Condition(1))
    compare(source, from, literal: 0)
    let isNaN = code.shortJump(if: .parity)
    let isLow = code.shortJump(if: .below)
    code.move(result, immediate: wide ? UInt64(Int64.max) : UInt64(Int32.max))
    let done = code.shortJump()
    code.land(isNaN)
    code.clear(result)
    code.land(usual)
    code.land(isLow)
    code.land(done)
    release(operand)
    push(result, kind)
  }

  private mutating func saturateUnsigned(_ source: ValueKind, _ kind: ValueKind) {
    let from = takeRegister(pop())
    let isDouble = source.isDouble
    // The larger of it and 0; the instruction yields its second operand for a NaN.
    code.clearVector(.xmm15)
    code.vector(SSE.scalar(SSE.maximum, isDouble: isDouble), from, .xmm15)
    if kind == .i32 {
      // The smaller of it and 2^32, as an i64, then of that and 2^32 - 1.
      loadLiteral(SSE.scalar(SSE.minimum, isDouble: isDouble), from, Self.power(source, 32))
      let result = allocate(kind)
      code.vector(SSE.truncateToInteger(true, isDouble: isDouble), result, from)
      code.move(.r11, immediate: UInt64(UInt32.max))
      code.arithmetic(.cmp, true, result, .r11)
      code.move(false, if: .above, result, .r11)
      free |= from.bit
      push(result, kind)
      return
    }
    compare(source, from, literal: Self.power(source, 64))
    let fits = code.shortJump(if: .below)
    // A number that converts to 2^64 - 1 does not exist; the highest stands for it.
    let isHigh = code.jump()
    code.land(fits)
    let result = truncateUnsigned64(source, from)
    let done = code.shortJump()
    code.link(isHigh, to: code.position)
    code.move(result, immediate: UInt64.max)
    code.land(done)
    free |= from.bit
    push(result, kind)
  }
}
