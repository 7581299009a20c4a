// Vector instructions that move lanes: constants, splats, lane access, shuffle, swizzle.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateVectorLanes(_ number: UInt32) {
    switch number {
    case 12: vectorConstant()
    case 13: shuffle()
    case 14: swizzle()
    case 15...18: splat(number)
    case 19, 20: splatFloat(isDouble: number == 20)
    case 21, 22, 24, 25: extractNarrow(number)
    case 27, 29: extractInteger(number)
    case 31, 33: extractFloat(isDouble: number == 33)
    case 23, 26, 28, 30: replaceInteger(number)
    default: replaceFloat(isDouble: number == 34)
    }
  }

  private mutating func vectorConstant() {
    let low = reader.fixed64()
    let high = reader.fixed64()
    let target = allocate(.v128)
    if low | high == 0 {
      code.clearVector(target)
    } else {
      vectorLiteral(SSE.moveAligned, target, low, high)
    }
    pushVector(target)
  }

  // MARK: Shuffles.

  /// Each operand's bytes to their places, zeros elsewhere: both are the result.
  private mutating func shuffle() {
    let low = reader.fixed64()
    let high = reader.fixed64()
    let second = takeVector()
    let first = takeVector()
    vectorLiteral(
      .three38(0x00), first, Self.selection(low, ofSecond: false),
      Self.selection(high, ofSecond: false))
    vectorLiteral(
      .three38(0x00), second, Self.selection(low, ofSecond: true),
      Self.selection(high, ofSecond: true))
    code.vector(SSE.integer(0xEB), first, second)
    free |= second.bit
    pushVector(first)
  }

  /// Eight lane numbers as `pshufb` takes them for one of the operands: 0x80 gives zero.
  private static func selection(_ lanes: UInt64, ofSecond: Bool) -> UInt64 {
    var result: UInt64 = 0
    for place in 0..<UInt64(8) {
      let lane = lanes >> (place * 8) & 0xFF
      let isHere = (lane >= 16) == ofSecond
      result |= (isHere ? lane & 15 : 0x80) << (place * 8)
    }
    return result
  }

  /// Indices from 16 on, raised by 0x70 without wrapping, have the top bit set, for which `pshufb`
  /// gives 0; it ignores bits 4 to 6.
  private mutating func swizzle() {
    let indices = takeVector()
    let vector = takeVector()
    integer(0xDC, indices, literal: 0x7070_7070_7070_7070)
    code.vector(.three38(0x00), vector, indices)
    free |= indices.bit
    pushVector(vector)
  }

  // MARK: Splats.

  private mutating func splat(_ number: UInt32) {
    var operand = pop()
    let source = register(&operand)
    let target = allocate(.v128)
    switch number {
    case 15, 16: splatNarrow(target, source, isByte: number == 15)
    case 17:
      code.vector(SSE.fromGeneral(false), target, source)
      code.vector(SSE.integer(0x70), target, target, 0)
    default:
      code.vector(SSE.fromGeneral(true), target, source)
      code.vector(SSE.integer(0x6C), target, target)
    }
    release(operand)
    pushVector(target)
  }

  private mutating func splatFloat(isDouble: Bool) {
    let vector = takeVector()
    if isDouble {
      code.vector(.two(0x12, prefix: 0xF2), vector, vector)
    } else {
      code.vector(.two(0xC6), vector, vector, 0)
    }
    pushVector(vector)
  }

  // MARK: Lanes out.

  private mutating func extractNarrow(_ number: UInt32) {
    let lane = reader.byte()
    var operand = pop()
    let source = register(&operand)
    let target = destination(.i32)
    let isByte = number < 24
    if isByte {
      code.vector(.three3A(0x14), source, target.register, lane)
    } else {
      code.vector(.two(0xC5, prefix: 0x66), target.register, source, lane)
    }
    // pextrb and pextrw clear the upper bits; the signed ones come with even numbers or 21.
    if number == 21 {
      code.encode(Assembler.signExtend8(false), target.register, target.register)
    } else if number == 24 {
      code.encode(Assembler.signExtend16(false), target.register, target.register)
    }
    release(operand)
    finish(target, .i32)
  }

  private mutating func extractInteger(_ number: UInt32) {
    let lane = reader.byte()
    let kind: ValueKind = number == 27 ? .i32 : .i64
    var operand = pop()
    let source = register(&operand)
    let target = destination(kind)
    code.vector(.three3A(0x16, wide: kind.isWide), source, target.register, lane)
    release(operand)
    finish(target, kind)
  }

  private mutating func extractFloat(isDouble: Bool) {
    let lane = reader.byte()
    let vector = takeVector()
    if isDouble {
      if lane == 1 { code.vector(.two(0x15, prefix: 0x66), vector, vector) }
    } else if lane != 0 {
      code.vector(.two(0xC6), vector, vector, lane)
    }
    push(vector, isDouble ? .f64 : .f32)
  }

  // MARK: Lanes in.

  private mutating func replaceInteger(_ number: UInt32) {
    let lane = reader.byte()
    var operand = pop()
    let source = register(&operand)
    let vector = takeVector()
    let size: UInt32 =
      switch number {
      case 23: 0
      case 26: 1
      case 28: 2
      default: 3
      }
    code.vector(Self.insertion(size), vector, source, lane)
    release(operand)
    pushVector(vector)
  }

  private mutating func replaceFloat(isDouble: Bool) {
    let lane = reader.byte()
    var operand = pop()
    let source = register(&operand)
    let vector = takeVector()
    switch (isDouble, lane) {
    case (false, _): code.vector(.three3A(0x21), vector, source, lane << 4)
    // movsd between registers leaves the upper half as it is.
    case (true, 0): code.vector(SSE.loadDouble, vector, source)
    default: code.vector(.two(0x14, prefix: 0x66), vector, source)
    }
    release(operand)
    pushVector(vector)
  }
}
