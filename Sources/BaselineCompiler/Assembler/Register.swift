// The processor's registers and conditions by their numbers.

/// A general or a vector register. Sets of registers are bit masks over `code`.
struct Register: Equatable, BitwiseCopyable {
  /// 0-15: rax to r15; 16-31: xmm0 to xmm15.
  let code: UInt8

  @inline(__always)
  init(_ code: UInt8) { self.code = code }

  @inline(__always) static var rax: Register { Register(0) }
  @inline(__always) static var rcx: Register { Register(1) }
  @inline(__always) static var rdx: Register { Register(2) }
  @inline(__always) static var rbx: Register { Register(3) }
  @inline(__always) static var rsp: Register { Register(4) }
  @inline(__always) static var rbp: Register { Register(5) }
  @inline(__always) static var rsi: Register { Register(6) }
  @inline(__always) static var rdi: Register { Register(7) }
  @inline(__always) static var r8: Register { Register(8) }
  @inline(__always) static var r9: Register { Register(9) }
  @inline(__always) static var r10: Register { Register(10) }
  @inline(__always) static var r11: Register { Register(11) }
  @inline(__always) static var r12: Register { Register(12) }
  @inline(__always) static var r13: Register { Register(13) }
  @inline(__always) static var r14: Register { Register(14) }
  @inline(__always) static var r15: Register { Register(15) }
  @inline(__always) static var xmm0: Register { Register(16) }
  @inline(__always) static var xmm15: Register { Register(31) }
  /// No register.
  @inline(__always) static var none: Register { Register(0xFF) }

  @inline(__always)
  static func xmm(_ number: UInt8) -> Register { Register(16 + number) }

  @inline(__always) var isVector: Bool { code & 16 != 0 }
  /// The number in the register's own file.
  @inline(__always) var number: UInt64 { UInt64(code & 15) }
  /// The register in a mask.
  @inline(__always) var bit: UInt32 { 1 << UInt32(code & 31) }
}

/// A condition on flags, by its number in `jcc`, `setcc` and `cmovcc`.
struct Condition: Equatable, BitwiseCopyable {
  let code: UInt8

  @inline(__always)
  init(_ code: UInt8) { self.code = code }

  @inline(__always) static var below: Condition { Condition(2) }
  @inline(__always) static var aboveOrEqual: Condition { Condition(3) }
  @inline(__always) static var equal: Condition { Condition(4) }
  @inline(__always) static var notEqual: Condition { Condition(5) }
  @inline(__always) static var belowOrEqual: Condition { Condition(6) }
  @inline(__always) static var above: Condition { Condition(7) }
  @inline(__always) static var negative: Condition { Condition(8) }
  @inline(__always) static var parity: Condition { Condition(10) }
  @inline(__always) static var noParity: Condition { Condition(11) }
  @inline(__always) static var less: Condition { Condition(12) }
  @inline(__always) static var greaterOrEqual: Condition { Condition(13) }
  @inline(__always) static var lessOrEqual: Condition { Condition(14) }
  @inline(__always) static var greater: Condition { Condition(15) }

  /// True where this one is false.
  @inline(__always) var inverse: Condition { Condition(code ^ 1) }

  /// The condition that holds after the operands of a comparison have changed places.
  var swapped: Condition {
    switch self {
    case .below: .above
    case .above: .below
    case .aboveOrEqual: .belowOrEqual
    case .belowOrEqual: .aboveOrEqual
    case .less: .greater
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .lessOrEqual: .greaterOrEqual
    default: self
    }
  }
}

/// A place in memory: base, perhaps an index times a scale, displacement; perhaps all of that from
/// the base of GS on.
struct Address: BitwiseCopyable {
  var base: Register
  /// `.none` for no index.
  var index: Register
  /// log2 of what the index is multiplied by.
  var scale: UInt8
  /// The address counts from the base of the segment register GS.
  var isInSegment = false
  var displacement: Int32

  @inline(__always)
  init(_ base: Register, _ displacement: Int32) {
    (self.base, index, scale, self.displacement) = (base, .none, 0, displacement)
  }

  @inline(__always)
  init(_ base: Register, _ index: Register, scale: UInt8 = 0, _ displacement: Int32) {
    (self.base, self.index, self.scale, self.displacement) = (base, index, scale, displacement)
  }

  /// Counts from the base of GS; `base` is `.none` for an address that is a constant.
  @inline(__always)
  init(inSegment base: Register, _ displacement: Int32) {
    (self.base, index, scale, self.displacement) = (base, .none, 0, displacement)
    isInSegment = true
  }
}
