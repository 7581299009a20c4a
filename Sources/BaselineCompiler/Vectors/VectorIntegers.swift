// Vector arithmetic on integer lanes that takes more than one machine instruction.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateVectorInteger(_ number: UInt32) {
    switch number {
    case 97: negate(0xF8)
    case 129: negate(0xF9)
    case 161: negate(0xFA)
    case 193: negate(0xFB)
    case 98: countOnesInBytes()
    case 130: multiplyFractions()
    case 192: absoluteWide()
    default: multiplyLongs()
    }
  }

  mutating func translateVectorBits(_ number: UInt32) {
    if number == 77 {
      let vector = takeVector()
      invert(vector)
      return pushVector(vector)
    }
    // b ^ ((a ^ b) & mask): a where the mask has ones, else b.
    let mask = takeVector()
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    code.vector(SSE.integer(0xEF), first, second)
    code.vector(SSE.integer(0xDB), first, mask)
    code.vector(SSE.integer(0xEF), first, second)
    release(right)
    free |= mask.bit
    pushVector(first)
  }

  // MARK: Comparisons.

  /// lt gt le ge, at 0 2 4 6: `a >= b` is `max(a, b) == a`, `a <= b` is `min(a, b) == a`.
  mutating func compareUnsigned(
    _ which: UInt32, minimum: Encoding, _ maximumOpcode: UInt8, _ equalOpcode: UInt8
  ) {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    let wantsMaximum = which == 0 || which == 6
    let maximum: Encoding =
      minimum.count == 2 ? SSE.integer(maximumOpcode) : .three38(maximumOpcode)
    code.moveVector(.xmm15, first)
    code.vector(wantsMaximum ? maximum : minimum, .xmm15, second)
    code.vector(SSE.integer(equalOpcode), first, .xmm15)
    if which == 0 || which == 2 { invert(first) }
    release(right)
    pushVector(first)
  }

  /// i64x2: lt gt le ge.
  mutating func compareWide(_ number: UInt32) {
    var right = pop()
    var left = pop()
    if number == 216 || number == 219 { swap(&left, &right) }
    let second = register(&right)
    let first = takeRegister(left)
    if features.contains(.sse42) {
      code.vector(.three38(0x37), first, second)
    } else {
      // Of the upper halves: greater, or equal with the difference's borrow.
      let borrow = allocate(.v128)
      code.moveVector(borrow, second)
      code.vector(SSE.integer(0xFB), borrow, first)
      code.moveVector(.xmm15, first)
      code.vector(SSE.integer(0x76), .xmm15, second)
      code.vector(SSE.integer(0xDB), borrow, .xmm15)
      code.vector(SSE.integer(0x66), first, second)
      code.vector(SSE.integer(0xEB), first, borrow)
      code.vector(SSE.integer(0x70), first, first, 0xF5)
      free |= borrow.bit
    }
    if number >= 218 { invert(first) }
    release(right)
    pushVector(first)
  }

  /// Tests that give an i32.
  mutating func testVector(_ number: UInt32) {
    var operand = pop()
    let source = register(&operand)
    let test: Encoding = .three38(0x17)
    switch number {
    case 83:
      code.vector(test, source, source)
      release(operand)
      return finish(.notEqual)
    case 99, 131, 163, 195:
      code.vector(SSE.integer(0xEF), .xmm15, .xmm15)
      let equal: Encoding =
        switch number {
        case 99: SSE.integer(0x74)
        case 131: SSE.integer(0x75)
        case 163: SSE.integer(0x76)
        default: .three38(0x29)
        }
      code.vector(equal, .xmm15, source)
      code.vector(test, .xmm15, .xmm15)
      release(operand)
      return finish(.equal)
    default: break
    }
    let target = destination(.i32)
    switch number {
    case 100: code.vector(SSE.integer(0xD7), target.register, source)
    case 132:
      code.moveVector(.xmm15, source)
      code.vector(SSE.integer(0x63), .xmm15, .xmm15)
      code.vector(SSE.integer(0xD7), target.register, .xmm15)
      code.encode(Assembler.zeroExtend8(), target.register, target.register)
    default: code.vector(SSE.packed(0x50, isDouble: number == 196), target.register, source)
    }
    release(operand)
    finish(target, .i32)
  }

  // MARK: Shifts.

  /// shl, shr_s, shr_u; the count, modulo the lanes' width, goes to xmm15.
  mutating func shiftVector(_ number: UInt32) {
    let count = pop()
    let size = (number - 107) / 32
    let which = (number - 107) % 32
    move(count, to: .r11)
    release(count)
    code.arithmetic(.and, false, .r11, immediate: Int32(8 << size) - 1)
    if size == 0 { return shiftBytes(which) }
    let vector = takeVector()
    code.vector(SSE.fromGeneral(false), .xmm15, .r11)
    // psllw F1, psrlw D1, psraw E1; d and q follow.
    let base: UInt8 = which == 0 ? 0xF0 : which == 1 ? 0xE0 : 0xD0
    if size == 3, which == 1 {
      // There is no psraq: the sign is moved along and spread from where it ends up.
      let sign = allocate(.v128)
      vectorLiteral(SSE.moveAligned, sign, 1 << 63, 1 << 63)
      code.vector(SSE.integer(0xD3), sign, .xmm15)
      code.vector(SSE.integer(0xD3), vector, .xmm15)
      code.vector(SSE.integer(0xEF), vector, sign)
      code.vector(SSE.integer(0xFB), vector, sign)
      free |= sign.bit
    } else {
      code.vector(SSE.integer(base + UInt8(size)), vector, .xmm15)
    }
    pushVector(vector)
  }

  /// Bytes are shifted as words: to the right from the words' upper halves.
  private mutating func shiftBytes(_ which: UInt32) {
    if which != 0 { code.arithmetic(.add, false, .r11, immediate: 8) }
    let low = takeVector()
    let high = allocate(.v128)
    code.moveVector(high, low)
    if which == 0 {
      code.vector(SSE.integer(0xEF), .xmm15, .xmm15)
      code.vector(SSE.integer(0x60), low, .xmm15)
      code.vector(SSE.integer(0x68), high, .xmm15)
    } else {
      code.vector(SSE.integer(0x60), low, low)
      code.vector(SSE.integer(0x68), high, high)
    }
    code.vector(SSE.fromGeneral(false), .xmm15, .r11)
    let opcode: UInt8 = which == 0 ? 0xF1 : which == 1 ? 0xE1 : 0xD1
    code.vector(SSE.integer(opcode), low, .xmm15)
    code.vector(SSE.integer(opcode), high, .xmm15)
    if which == 0 {
      integer(0xDB, low, literal: 0x00FF_00FF_00FF_00FF)
      integer(0xDB, high, literal: 0x00FF_00FF_00FF_00FF)
    }
    code.vector(SSE.integer(which == 1 ? 0x63 : 0x67), low, high)
    free |= high.bit
    pushVector(low)
  }

  // MARK: Arithmetic.

  private mutating func negate(_ subtraction: UInt8) {
    var operand = pop()
    let source = register(&operand)
    let target = allocate(.v128)
    code.vector(SSE.integer(0xEF), target, target)
    code.vector(SSE.integer(subtraction), target, source)
    release(operand)
    pushVector(target)
  }

  private mutating func absoluteWide() {
    let vector = takeVector()
    code.moveVector(.xmm15, vector)
    code.shiftLanes(0x72, group: 4, .xmm15, by: 31)
    code.vector(SSE.integer(0x70), .xmm15, .xmm15, 0xF5)
    code.vector(SSE.integer(0xEF), vector, .xmm15)
    code.vector(SSE.integer(0xFB), vector, .xmm15)
    pushVector(vector)
  }

  /// Both nibbles' counts from a table.
  private mutating func countOnesInBytes() {
    let low = takeVector()
    let result = allocate(.v128)
    code.moveVector(.xmm15, low)
    code.shiftLanes(0x71, group: 2, .xmm15, by: 4)
    integer(0xDB, low, literal: 0x0F0F_0F0F_0F0F_0F0F)
    integer(0xDB, .xmm15, literal: 0x0F0F_0F0F_0F0F_0F0F)
    vectorLiteral(SSE.moveAligned, result, 0x0302_0201_0201_0100, 0x0403_0302_0302_0201)
    code.vector(.three38(0x00), result, low)
    vectorLiteral(SSE.moveAligned, low, 0x0302_0201_0201_0100, 0x0403_0302_0302_0201)
    code.vector(.three38(0x00), low, .xmm15)
    code.vector(SSE.integer(0xFC), result, low)
    free |= low.bit
    pushVector(result)
  }

  /// The instruction overflows only for -1 * -1, to -1, which is no other product's result.
  private mutating func multiplyFractions() {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    code.vector(.three38(0x0B), first, second)
    code.moveVector(.xmm15, first)
    integer(0x75, .xmm15, literal: 0x8000_8000_8000_8000)
    code.vector(SSE.integer(0xEF), first, .xmm15)
    release(right)
    pushVector(first)
  }

  /// i64x2.mul from products of halves.
  private mutating func multiplyLongs() {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    let cross = allocate(.v128)
    code.moveVector(cross, first)
    code.shiftLanes(0x73, group: 2, cross, by: 32)
    code.vector(SSE.integer(0xF4), cross, second)
    code.moveVector(.xmm15, second)
    code.shiftLanes(0x73, group: 2, .xmm15, by: 32)
    code.vector(SSE.integer(0xF4), .xmm15, first)
    code.vector(SSE.integer(0xD4), cross, .xmm15)
    code.shiftLanes(0x73, group: 6, cross, by: 32)
    code.vector(SSE.integer(0xF4), first, second)
    code.vector(SSE.integer(0xD4), first, cross)
    release(right)
    free |= cross.bit
    pushVector(first)
  }

  // MARK: Widening.

  /// Sums of neighbours: i16x8 from signed and unsigned bytes, i32x4 from signed and unsigned i16.
  mutating func addPairs(_ number: UInt32) {
    let vector = takeVector()
    switch number {
    case 124:
      // Multiplies bytes, the target's unsigned, the source's signed, and adds pairs.
      let ones = allocate(.v128)
      vectorLiteral(SSE.moveAligned, ones, 0x0101_0101_0101_0101, 0x0101_0101_0101_0101)
      code.vector(.three38(0x04), ones, vector)
      free |= vector.bit
      return pushVector(ones)
    case 125: vectorLiteral(.three38(0x04), vector, 0x0101_0101_0101_0101, 0x0101_0101_0101_0101)
    case 126: integer(0xF5, vector, literal: 0x0001_0001_0001_0001)
    default:
      code.moveVector(.xmm15, vector)
      code.shiftLanes(0x72, group: 2, .xmm15, by: 16)
      integer(0xDB, vector, literal: 0x0000_FFFF_0000_FFFF)
      code.vector(SSE.integer(0xFE), vector, .xmm15)
    }
    pushVector(vector)
  }

  /// low signed, high signed, low unsigned, high unsigned: extends both operands and multiplies.
  mutating func multiplyWidening(
    _ which: UInt32, _ signed: UInt8, _ unsigned: UInt8, _ multiply: Encoding
  ) {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    let extend: Encoding = .three38(which < 2 ? signed : unsigned)
    if which & 1 == 1 {
      code.vector(SSE.integer(0x70), .xmm15, second, 0xEE)
      code.vector(SSE.integer(0x70), first, first, 0xEE)
      code.vector(extend, .xmm15, .xmm15)
    } else {
      code.vector(extend, .xmm15, second)
    }
    code.vector(extend, first, first)
    code.vector(multiply, first, .xmm15)
    release(right)
    pushVector(first)
  }

  /// The same for i64x2, whose multiplication takes the even lanes of i32x4.
  mutating func multiplyWide(_ which: UInt32) {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    let lanes: UInt8 = which & 1 == 1 ? 0xFA : 0x50
    code.vector(SSE.integer(0x70), .xmm15, second, lanes)
    code.vector(SSE.integer(0x70), first, first, lanes)
    code.vector(which < 2 ? .three38(0x28) : SSE.integer(0xF4), first, .xmm15)
    release(right)
    pushVector(first)
  }
}
