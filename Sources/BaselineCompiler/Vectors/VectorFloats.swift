// Vector arithmetic on float lanes that takes more than one machine instruction, and conversions.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateVectorFloat(_ number: UInt32) {
    switch number {
    case 224: signOperation(.two(SSE.and), 0x7FFF_FFFF_7FFF_FFFF)
    case 225: signOperation(.two(SSE.xor), 0x8000_0000_8000_0000)
    case 236: signOperation(.two(SSE.and), ~(1 << 63))
    case 237: signOperation(.two(SSE.xor), 1 << 63)
    case 232, 244: extremum(SSE.minimum, merge: SSE.or, isDouble: number == 244)
    case 233, 245: extremum(SSE.maximum, merge: SSE.and, isDouble: number == 245)
    case 248: truncateSigned()
    case 249, 0x102: truncateUnsigned()
    case 251: convertUnsigned()
    case 252: truncateDoublesSigned()
    case 253, 0x104: truncateDoublesUnsigned()
    case 255: convertUnsignedToDoubles()
    default: markUnsupported(0xFD00 | number)
    }
  }

  private mutating func signOperation(_ encoding: Encoding, _ mask: UInt64) {
    let vector = takeVector()
    vectorLiteral(encoding, vector, mask, mask)
    pushVector(vector)
  }

  /// `minps` and its kin yield the second operand where the operands are equal. Asked both ways
  /// they agree but for zeros of different sign, whose bits `merge` makes right. A NaN comes out of
  /// the sum, quiet.
  private mutating func extremum(_ opcode: UInt8, merge: UInt8, isDouble: Bool) {
    var right = pop()
    let second = register(&right)
    let first = takeVector()
    let merged = allocate(.v128)
    let select = SSE.packed(opcode, isDouble: isDouble)
    code.moveVector(merged, first)
    code.vector(select, merged, second)
    code.moveVector(.xmm15, second)
    code.vector(select, .xmm15, first)
    code.vector(.two(merge), merged, .xmm15)
    code.moveVector(.xmm15, first)
    code.vector(
      SSE.packed(0xC2, isDouble: isDouble), .xmm15, second, ComparePredicate.unordered)
    code.vector(SSE.packed(SSE.add, isDouble: isDouble), first, second)
    code.vector(.two(SSE.and), first, .xmm15)
    code.vector(.two(SSE.andNot), .xmm15, merged)
    code.vector(.two(SSE.or), first, .xmm15)
    release(right)
    free |= merged.bit
    pushVector(first)
  }

  // MARK: Saturating conversions to integers: NaN gives 0.

  private static let twoTo31: UInt64 = 0x4F00_0000_4F00_0000

  /// The instruction gives -2^31 for whatever has no integer, which is right below the range; above
  /// it all bits are flipped.
  private mutating func truncateSigned() {
    let vector = takeVector()
    code.moveVector(.xmm15, vector)
    code.vector(.two(0xC2), .xmm15, .xmm15, ComparePredicate.equal)
    code.vector(.two(SSE.and), vector, .xmm15)
    vectorLiteral(SSE.moveAligned, .xmm15, Self.twoTo31, Self.twoTo31)
    code.vector(.two(0xC2), .xmm15, vector, ComparePredicate.lessOrEqual)
    code.vector(.two(0x5B, prefix: 0xF3), vector, vector)
    code.vector(SSE.integer(0xEF), vector, .xmm15)
    pushVector(vector)
  }

  /// Up to 2^31 as it is; from there on the instruction gives -2^31, to whose bits those of what is
  /// above 2^31 are added, or all where that is too large again.
  private mutating func truncateUnsigned() {
    let vector = takeVector()
    let low = allocate(.v128)
    let over = allocate(.v128)
    code.clearVector(.xmm15)
    code.vector(.two(SSE.maximum), vector, .xmm15)
    code.vector(.two(0x5B, prefix: 0xF3), low, vector)
    vectorLiteral(.two(SSE.subtract), vector, Self.twoTo31, Self.twoTo31)
    vectorLiteral(SSE.moveAligned, over, Self.twoTo31, Self.twoTo31)
    code.vector(.two(0xC2), over, vector, ComparePredicate.lessOrEqual)
    code.vector(.two(0x5B, prefix: 0xF3), vector, vector)
    code.vector(SSE.integer(0xEB), vector, over)
    code.moveVector(.xmm15, low)
    code.shiftLanes(0x72, group: 4, .xmm15, by: 31)
    code.vector(SSE.integer(0xDB), vector, .xmm15)
    code.vector(SSE.integer(0xEB), vector, low)
    free |= low.bit | over.bit
    pushVector(vector)
  }

  /// The minimum of it and the highest integer, or 0 for a NaN, of which `minpd` yields the second.
  private mutating func truncateDoublesSigned() {
    let vector = takeVector()
    let highest = 2_147_483_647.0.bitPattern
    code.moveVector(.xmm15, vector)
    code.vector(SSE.packed(0xC2, isDouble: true), .xmm15, .xmm15, ComparePredicate.equal)
    vectorLiteral(.two(SSE.and), .xmm15, highest, highest)
    code.vector(SSE.packed(SSE.minimum, isDouble: true), vector, .xmm15)
    code.vector(.two(0xE6, prefix: 0x66), vector, vector)
    pushVector(vector)
  }

  /// Added to 2^52 the integer is in the low bits.
  private mutating func truncateDoublesUnsigned() {
    let vector = takeVector()
    let highest = 4_294_967_295.0.bitPattern
    let twoTo52: UInt64 = 0x4330_0000_0000_0000
    code.clearVector(.xmm15)
    code.vector(SSE.packed(SSE.maximum, isDouble: true), vector, .xmm15)
    vectorLiteral(SSE.packed(SSE.minimum, isDouble: true), vector, highest, highest)
    code.vector(.three3A(0x09), vector, vector, Rounding.trunc)
    vectorLiteral(SSE.packed(SSE.add, isDouble: true), vector, twoTo52, twoTo52)
    code.vector(.two(0xC6), vector, .xmm15, 0x88)
    pushVector(vector)
  }

  // MARK: Conversions of unsigned integers.

  /// Both halves of each integer convert exactly; only their sum is rounded.
  private mutating func convertUnsigned() {
    let vector = takeVector()
    code.moveVector(.xmm15, vector)
    code.shiftLanes(0x72, group: 2, .xmm15, by: 16)
    integer(0xDB, vector, literal: 0x0000_FFFF_0000_FFFF)
    code.vector(.two(0x5B), .xmm15, .xmm15)
    code.vector(.two(0x5B), vector, vector)
    let factor: UInt64 = 0x4780_0000_4780_0000  // 65,536
    vectorLiteral(.two(SSE.multiply), .xmm15, factor, factor)
    code.vector(.two(SSE.add), vector, .xmm15)
    pushVector(vector)
  }

  /// As the low bits of a double of 2^52, which is then taken away.
  private mutating func convertUnsignedToDoubles() {
    let vector = takeVector()
    let upper: UInt64 = 0x4330_0000_4330_0000
    let twoTo52: UInt64 = 0x4330_0000_0000_0000
    vectorLiteral(.two(0x14), vector, upper, upper)
    vectorLiteral(SSE.packed(SSE.subtract, isDouble: true), vector, twoTo52, twoTo52)
    pushVector(vector)
  }
}
