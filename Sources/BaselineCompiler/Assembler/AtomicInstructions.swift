// Instructions that read and write memory as one step, as all processors see it.

/// The bytes of memory that an atomic instruction accesses.
enum AtomicWidth: UInt8 {
  case one = 0
  case two = 1
  case four = 2
  case eight = 3
}

extension Assembler {
  private static let lock: UInt8 = 0xF0

  /// The form of an opcode for `width`: the even opcode is for bytes, the odd one for the others.
  private static func form(_ bytes: UInt32, _ count: UInt8, _ width: AtomicWidth) -> Encoding {
    let last = UInt32(count - 1) * 8
    return Encoding(
      bytes: width == .one ? bytes : bytes | 1 << last, count: count,
      prefix: width == .two ? 0x66 : 0, isWide: width == .eight, hasByteRegister: width == .one)
  }

  /// Exchanges a register and memory; locked by itself.
  mutating func exchange(_ width: AtomicWidth, _ address: Address, _ register: Register) {
    encode(Self.form(0x86, 1, width), register, address)
  }

  /// Adds a register to memory; the register becomes what was there.
  mutating func exchangeAndAdd(_ width: AtomicWidth, _ address: Address, _ register: Register) {
    put8(Self.lock)
    encode(Self.form(0xC00F, 2, width), register, address)
  }

  /// Writes a register to memory if rax is what is there (the zero flag then), else loads rax.
  mutating func compareAndExchange(
    _ width: AtomicWidth, _ address: Address, _ register: Register
  ) {
    put8(Self.lock)
    encode(Self.form(0xB00F, 2, width), register, address)
  }

  /// mfence: all accesses before it are done before those behind.
  mutating func fence() { put(0xF0_AE0F, count: 3) }
}
