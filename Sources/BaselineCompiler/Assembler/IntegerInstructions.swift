// Instructions on general registers.

/// The eight operations that share their encodings' form.
enum Arithmetic: UInt8 {
  case add = 0
  case or = 1
  case addWithCarry = 2
  case subtractWithBorrow = 3
  case and = 4
  case sub = 5
  case xor = 6
  case cmp = 7
}

/// Shifts and rotations, by their number in ModRM's reg field.
enum Shift: UInt8 {
  case rotateLeft = 0
  case rotateRight = 1
  case left = 4
  case rightUnsigned = 5
  case rightSigned = 7
}

/// One-operand instructions of the group F7.
enum Unary: UInt8 {
  case negate = 3
  case multiplyUnsigned = 4
  case multiplySigned = 5
  case divideUnsigned = 6
  case divideSigned = 7
}

/// Operand widths: 32 bits clear the upper half of a destination register.
typealias IsWide = Bool

extension Assembler {
  // MARK: Moves.

  @inline(__always)
  mutating func move(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.one(0x8B, wide: wide), destination, source)
  }

  @inline(__always)
  mutating func load(_ wide: IsWide, _ destination: Register, _ address: Address) {
    encode(.one(0x8B, wide: wide), destination, address)
  }

  @inline(__always)
  mutating func store(_ wide: IsWide, _ address: Address, _ source: Register) {
    encode(.one(0x89, wide: wide), source, address)
  }

  mutating func store8(_ address: Address, _ source: Register) {
    encode(.one(0x88, wide: false).withByteRegister, source, address)
  }

  mutating func store16(_ address: Address, _ source: Register) {
    encode(Encoding(bytes: 0x89, count: 1, prefix: 0x66), source, address)
  }

  /// The value of an immediate is sign-extended to 64 bits where `wide`.
  mutating func store(_ wide: IsWide, _ address: Address, immediate: Int32) {
    encode(.one(0xC7, wide: wide), Register(0), address)
    put32(immediate)
  }

  mutating func store8(_ address: Address, immediate: UInt8) {
    encode(.one(0xC6, wide: false), Register(0), address)
    put8(immediate)
  }

  mutating func store16(_ address: Address, immediate: UInt16) {
    encode(Encoding(bytes: 0xC7, count: 1, prefix: 0x66), Register(0), address)
    put(UInt64(immediate), count: 2)
  }

  /// Sets all of a register, in the shortest way that leaves the flags alone.
  mutating func move(_ destination: Register, immediate: UInt64) {
    if immediate <= UInt64(UInt32.max) {
      if destination.number >= 8 { put8(0x41) }
      put8(UInt8(0xB8 | destination.number & 7))
      put32(Int32(truncatingIfNeeded: immediate))
    } else if let short = Int32(exactly: Int64(bitPattern: immediate)) {
      encode(.one(0xC7, wide: true), Register(0), destination)
      put32(short)
    } else {
      put8(UInt8(0x48 | destination.number >> 3))
      put8(UInt8(0xB8 | destination.number & 7))
      put64(immediate)
    }
  }

  /// Sets a register to 0; changes the flags.
  @inline(__always)
  mutating func clear(_ destination: Register) { arithmetic(.xor, false, destination, destination) }

  @inline(__always)
  mutating func loadAddress(_ wide: IsWide, _ destination: Register, _ address: Address) {
    encode(.one(0x8D, wide: wide), destination, address)
  }

  /// wrgsbase: `source` becomes the base of GS.
  mutating func writeSegmentBase(_ source: Register) {
    put8(0xF3)
    put8(0x48 | UInt8(source.number >> 3))
    put(0xAE0F, count: 2)
    put8(0xD8 | UInt8(source.number & 7))
  }

  // MARK: Extensions, from register and from memory.

  @inline(__always) static func zeroExtend8() -> Encoding { .two(0xB6).withByteRegister }
  @inline(__always) static func zeroExtend16() -> Encoding { .two(0xB7) }

  @inline(__always)
  static func signExtend8(_ wide: IsWide) -> Encoding { .two(0xBE, wide: wide).withByteRegister }

  @inline(__always)
  static func signExtend16(_ wide: IsWide) -> Encoding { .two(0xBF, wide: wide) }

  @inline(__always) static func signExtend32() -> Encoding { .one(0x63, wide: true) }

  // MARK: Arithmetic.

  @inline(__always)
  mutating func arithmetic(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Register, _ source: Register
  ) {
    encode(.one(operation.rawValue << 3 | 3, wide: wide), destination, source)
  }

  @inline(__always)
  mutating func arithmetic(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Register, _ source: Address
  ) {
    encode(.one(operation.rawValue << 3 | 3, wide: wide), destination, source)
  }

  /// The operation on memory.
  mutating func arithmetic(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Address, _ source: Register
  ) {
    encode(.one(operation.rawValue << 3 | 1, wide: wide), source, destination)
  }

  mutating func arithmetic(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Register, immediate: Int32
  ) {
    let field = Register(operation.rawValue)
    if immediate == Int32(Int8(truncatingIfNeeded: immediate)) {
      encode(.one(0x83, wide: wide), field, destination)
      put8(UInt8(truncatingIfNeeded: immediate))
    } else {
      encode(.one(0x81, wide: wide), field, destination)
      put32(immediate)
    }
  }

  mutating func arithmetic(
    _ operation: Arithmetic, _ wide: IsWide, _ destination: Address, immediate: Int32
  ) {
    let field = Register(operation.rawValue)
    if immediate == Int32(Int8(truncatingIfNeeded: immediate)) {
      encode(.one(0x83, wide: wide), field, destination)
      put8(UInt8(truncatingIfNeeded: immediate))
    } else {
      encode(.one(0x81, wide: wide), field, destination)
      put32(immediate)
    }
  }

  @inline(__always)
  mutating func test(_ wide: IsWide, _ left: Register, _ right: Register) {
    encode(.one(0x85, wide: wide), right, left)
  }

  /// Compares the bits that `mask` has with 0.
  mutating func test(_ operand: Register, mask: UInt32) {
    encode(.one(0xF7, wide: false), Register(0), operand)
    put32(Int32(bitPattern: mask))
  }

  mutating func multiply(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xAF, wide: wide), destination, source)
  }

  mutating func multiply(_ wide: IsWide, _ destination: Register, _ source: Address) {
    encode(.two(0xAF, wide: wide), destination, source)
  }

  mutating func multiply(
    _ wide: IsWide, _ destination: Register, _ source: Register, immediate: Int32
  ) {
    if immediate == Int32(Int8(truncatingIfNeeded: immediate)) {
      encode(.one(0x6B, wide: wide), destination, source)
      put8(UInt8(truncatingIfNeeded: immediate))
    } else {
      encode(.one(0x69, wide: wide), destination, source)
      put32(immediate)
    }
  }

  mutating func unary(_ operation: Unary, _ wide: IsWide, _ operand: Register) {
    encode(.one(0xF7, wide: wide), Register(operation.rawValue), operand)
  }

  /// Extends the sign of eax into edx, or of rax into rdx.
  mutating func extendAccumulator(_ wide: IsWide) {
    if wide { put8(0x48) }
    put8(0x99)
  }

  // MARK: Shifts.

  mutating func shift(_ operation: Shift, _ wide: IsWide, _ operand: Register, by count: UInt8) {
    if count == 1 {
      encode(.one(0xD1, wide: wide), Register(operation.rawValue), operand)
    } else {
      encode(.one(0xC1, wide: wide), Register(operation.rawValue), operand)
      put8(count)
    }
  }

  /// By the count in cl, modulo the width.
  mutating func shiftByCL(_ operation: Shift, _ wide: IsWide, _ operand: Register) {
    encode(.one(0xD3, wide: wide), Register(operation.rawValue), operand)
  }

  /// shlx, shrx, sarx (BMI2): `destination` is `source` shifted by `count`, modulo the width. No
  /// rotation.
  mutating func shift(
    _ operation: Shift, _ wide: IsWide, _ destination: Register, _ source: Register,
    by count: Register
  ) {
    let prefix: UInt64 =
      switch operation {
      case .left: 1
      case .rightSigned: 2
      default: 3
      }
    // VEX.LZ.{66,F3,F2}.0F38 F7 /r
    let r = ~destination.number >> 3 & 1
    let b = ~source.number >> 3 & 1
    var word: UInt64 = 0xC4
    word |= (r << 7 | 1 << 6 | b << 5 | 2) << 8
    word |= ((wide ? 0x80 : 0) | (~count.number & 15) << 3 | prefix) << 16
    word |= 0xF7 << 24
    word |= (0xC0 | (destination.number & 7) << 3 | source.number & 7) << 32
    put(word, count: 5)
  }

  // MARK: Bits.

  mutating func leadingZeros(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xBD, prefix: 0xF3, wide: wide), destination, source)
  }

  mutating func trailingZeros(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xBC, prefix: 0xF3, wide: wide), destination, source)
  }

  mutating func populationCount(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xB8, prefix: 0xF3, wide: wide), destination, source)
  }

  /// bsr: undefined for 0, which sets the zero flag.
  mutating func scanReverse(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xBD, wide: wide), destination, source)
  }

  /// bsf: undefined for 0, which sets the zero flag.
  mutating func scanForward(_ wide: IsWide, _ destination: Register, _ source: Register) {
    encode(.two(0xBC, wide: wide), destination, source)
  }

  // MARK: Conditions.

  mutating func set(_ condition: Condition, _ destination: Register) {
    encode(.two(0x90 | condition.code).withByteRegister, Register(0), destination)
  }

  mutating func move(
    _ wide: IsWide, if condition: Condition, _ destination: Register, _ source: Register
  ) {
    encode(.two(0x40 | condition.code, wide: wide), destination, source)
  }

  mutating func move(
    _ wide: IsWide, if condition: Condition, _ destination: Register, _ source: Address
  ) {
    encode(.two(0x40 | condition.code, wide: wide), destination, source)
  }

  // MARK: Calls, stack, traps.

  mutating func call(_ target: Register) { encode(.one(0xFF, wide: false), Register(2), target) }
  mutating func call(_ target: Address) { encode(.one(0xFF, wide: false), Register(2), target) }
  mutating func jump(to target: Register) {
    encode(.one(0xFF, wide: false), Register(4), target)
  }
  mutating func jump(to target: Address) { encode(.one(0xFF, wide: false), Register(4), target) }

  // The next four work on memory at a distance from the code, and return where that is to be
  // written; it counts from the end of its four bytes.
  mutating func callThroughRelative() -> Int {
    encodeRelative(.one(0xFF, wide: false), Register(2))
  }
  mutating func jumpThroughRelative() -> Int {
    encodeRelative(.one(0xFF, wide: false), Register(4))
  }
  /// Adds one to 32 bits.
  mutating func incrementRelative() -> Int {
    encodeRelative(.one(0xFF, wide: false), Register(0))
  }
  mutating func decrementRelative() -> Int {
    encodeRelative(.one(0xFF, wide: false), Register(1))
  }

  mutating func push(_ register: Register) {
    if register.number >= 8 { put8(0x41) }
    put8(UInt8(0x50 | register.number & 7))
  }

  mutating func pop(_ register: Register) {
    if register.number >= 8 { put8(0x41) }
    put8(UInt8(0x58 | register.number & 7))
  }

  mutating func push(_ address: Address) {
    encode(.one(0xFF, wide: false), Register(6), address)
  }

  mutating func pop(_ address: Address) { encode(.one(0x8F, wide: false), Register(0), address) }

  mutating func leave() { put8(0xC9) }
  mutating func ret() { put8(0xC3) }
  mutating func breakpoint() { put8(0xCC) }

  /// `ud1 imm8(%eax), %eax`: the form in which the signal handler finds a trap's reason.
  mutating func trap(code: UInt8) { put(0x40_B9_0F_67 | UInt64(code) << 32, count: 5) }

  /// `sub rsp, count` in seven bytes whatever the count; `frameSize(at:)` fills it in later.
  mutating func allocateFrame() -> Int {
    put(0xEC_81_48, count: 3)
    put32(0)
    return position - 4
  }
}
