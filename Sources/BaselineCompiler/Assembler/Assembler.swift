// Writes machine code into a buffer: the forms of operands, jumps, and data between code.
//
// The instructions themselves are in extensions. Positions are offsets from the buffer's start,
// since the buffer moves when it grows.

/// A growing buffer of machine code.
///
/// Instructions are written without a look at the space left: whoever emits calls `reserve` before,
/// and may then write `slack` bytes.
struct Assembler: ~Copyable {
  /// Bytes that may be written after `reserve` before it must be called again.
  static let slack = 4_096

  private(set) var start: UnsafeMutablePointer<UInt8>
  private var cursor: UnsafeMutablePointer<UInt8>
  /// Beyond it less than `slack` is left.
  private var limit: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// `capacity` is a first guess at the code's bytes.
  init(capacity: Int) {
    self.capacity = capacity + 2 * Self.slack
    start = .allocate(capacity: self.capacity)
    cursor = start
    limit = start + (self.capacity - 2 * Self.slack)
  }

  deinit { start.deallocate() }

  /// Bytes written.
  @inline(__always)
  var position: Int { cursor - start }

  /// What has been written.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: position) }

  /// Makes sure that `slack` more bytes can be written.
  @inline(__always)
  mutating func reserve() { if cursor > limit { grow() } }

  @inline(never)
  private mutating func grow() {
    let count = position
    capacity *= 2
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
    cursor = start + count
    limit = start + (capacity - 2 * Self.slack)
  }

  // MARK: Bytes.

  /// Writes the low `count` bytes of `word`, up to 8.
  @inline(__always)
  mutating func put(_ word: UInt64, count: Int) {
    UnsafeMutableRawPointer(cursor).storeBytes(of: word, as: UInt64.self)
    cursor += count
  }

  @inline(__always)
  mutating func put8(_ value: UInt8) {
    cursor.pointee = value
    cursor += 1
  }

  @inline(__always)
  mutating func put32(_ value: Int32) {
    UnsafeMutableRawPointer(cursor).storeBytes(of: value, as: Int32.self)
    cursor += 4
  }

  @inline(__always)
  mutating func put64(_ value: UInt64) { put(value, count: 8) }

  /// Fills with `int3` until `excess` more bytes end at a multiple of `alignment`.
  mutating func align(to alignment: Int, before excess: Int = 0) {
    while (position + excess) & (alignment - 1) != 0 { put8(0xCC) }
  }

  @inline(__always)
  func read32(at position: Int) -> Int32 {
    UnsafeRawPointer(start + position).loadUnaligned(as: Int32.self)
  }

  @inline(__always)
  func write32(_ value: Int32, at position: Int) {
    UnsafeMutableRawPointer(start + position).storeBytes(of: value, as: Int32.self)
  }

  func write8(_ value: UInt8, at position: Int) { start[position] = value }

  /// Forgets what was written from `position` on.
  mutating func rewind(to position: Int) { cursor = start + position }

  // MARK: Operand forms.

  /// `reg` in ModRM's reg field, `rm` in its r/m field.
  @inline(never)
  mutating func encode(_ encoding: Encoding, _ reg: Register, _ rm: Register) {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    if encoding.prefix != 0 {
      word = UInt64(encoding.prefix)
      shift = 8
    }
    let wide: UInt64 = encoding.isWide ? 8 : 0
    let rex = 0x40 | wide | (reg.number & 8) >> 1 | rm.number >> 3
    // spl, bpl, sil and dil are ah, ch, dh and bh without it.
    if rex != 0x40 || encoding.hasByteRegister && max(reg.number, rm.number) >= 4 {
      word |= rex &<< shift
      shift &+= 8
    }
    word |= UInt64(encoding.bytes) &<< shift
    shift &+= UInt64(encoding.count) &* 8
    word |= (0xC0 | (reg.number & 7) << 3 | rm.number & 7) &<< shift
    put(word, count: Int(shift &>> 3) &+ 1)
  }

  /// `reg` in ModRM's reg field, memory in its r/m field.
  @inline(never)
  mutating func encode(_ encoding: Encoding, _ reg: Register, _ address: Address) {
    if address.isInSegment {
      put8(Self.segmentPrefix)
      if address.base == .none { return encodeAbsolute(encoding, reg, address.displacement) }
    }
    var word: UInt64 = 0
    var shift: UInt64 = 0
    if encoding.prefix != 0 {
      word = UInt64(encoding.prefix)
      shift = 8
    }
    let hasIndex = address.index != .none
    let base = address.base.number
    let index = hasIndex ? address.index.number : 4
    let wide: UInt64 = encoding.isWide ? 8 : 0
    let indexBit: UInt64 = hasIndex ? (index & 8) >> 2 : 0
    let rex = 0x40 | wide | (reg.number & 8) >> 1 | indexBit | base >> 3
    if rex != 0x40 || encoding.hasByteRegister && reg.number >= 4 {
      word |= rex &<< shift
      shift &+= 8
    }
    word |= UInt64(encoding.bytes) &<< shift
    shift &+= UInt64(encoding.count) &* 8
    // rbp and r13 as a base without displacement would mean something else.
    let displacement = address.displacement
    let form: UInt64 =
      displacement == 0 && base & 7 != 5
      ? 0 : displacement == Int32(Int8(truncatingIfNeeded: displacement)) ? 1 : 2
    // rsp and r12 as a base say that a SIB byte follows.
    let needsSIB = hasIndex || base & 7 == 4
    word |= (form << 6 | (reg.number & 7) << 3 | (needsSIB ? 4 : base & 7)) &<< shift
    shift &+= 8
    if needsSIB {
      word |= (UInt64(address.scale) << 6 | (index & 7) << 3 | base & 7) &<< shift
      shift &+= 8
    }
    put(word, count: Int(shift &>> 3))
    if form == 1 {
      put8(UInt8(truncatingIfNeeded: displacement))
    } else if form == 2 {
      put32(displacement)
    }
  }

  /// What makes an address count from the base of GS.
  private static let segmentPrefix: UInt8 = 0x65

  /// `reg` in ModRM's reg field, an address without base and index in its r/m field: a SIB byte that
  /// has neither.
  private mutating func encodeAbsolute(
    _ encoding: Encoding, _ reg: Register, _ displacement: Int32
  ) {
    if encoding.prefix != 0 { put8(encoding.prefix) }
    let rex: UInt64 = 0x40 | (encoding.isWide ? 8 : 0) | (reg.number & 8) >> 1
    if rex != 0x40 || encoding.hasByteRegister && reg.number >= 4 { put8(UInt8(rex)) }
    put(UInt64(encoding.bytes), count: Int(encoding.count))
    put8(UInt8((reg.number & 7) << 3 | 4))
    put8(0x25)
    put32(displacement)
  }

  /// `reg` in ModRM's reg field, a place in the code in its r/m field; returns where the distance
  /// is to be written, which counts from the end of its four bytes.
  mutating func encodeRelative(_ encoding: Encoding, _ reg: Register) -> Int {
    if encoding.prefix != 0 { put8(encoding.prefix) }
    let rex: UInt64 = 0x40 | (encoding.isWide ? 8 : 0) | (reg.number & 8) >> 1
    if rex != 0x40 { put8(UInt8(rex)) }
    put(UInt64(encoding.bytes), count: Int(encoding.count))
    put8(UInt8((reg.number & 7) << 3 | 5))
    let place = position
    put32(0)
    return place
  }

  // MARK: Jumps.

  /// Makes the distance at `place` lead to `target`.
  @inline(__always)
  func link(_ place: Int, to target: Int) {
    write32(Int32(truncatingIfNeeded: target &- place &- 4), at: place)
  }

  /// Jumps to somewhere; returns where the distance is to be written.
  @inline(__always)
  mutating func jump() -> Int {
    put8(0xE9)
    put32(0)
    return position &- 4
  }

  /// Jumps to somewhere if `condition` holds; returns where the distance is to be written.
  @inline(__always)
  mutating func jump(if condition: Condition) -> Int {
    put(UInt64(0x800F) | UInt64(condition.code) << 8, count: 2)
    put32(0)
    return position &- 4
  }

  /// Jumps back to `target`.
  mutating func jump(backTo target: Int) {
    let short = target - (position + 2)
    if short >= -128 {
      put8(0xEB)
      put8(UInt8(truncatingIfNeeded: short))
    } else {
      link(jump(), to: target)
    }
  }

  /// Jumps back to `target` if `condition` holds.
  mutating func jump(if condition: Condition, backTo target: Int) {
    let short = target - (position + 2)
    if short >= -128 {
      put8(0x70 | condition.code)
      put8(UInt8(truncatingIfNeeded: short))
    } else {
      link(jump(if: condition), to: target)
    }
  }

  /// Jumps ahead by at most 127 bytes if `condition` holds; `land` says where to.
  mutating func shortJump(if condition: Condition) -> Int {
    put8(0x70 | condition.code)
    put8(0)
    return position - 1
  }

  /// Jumps ahead by at most 127 bytes; `land` says where to.
  mutating func shortJump() -> Int {
    put8(0xEB)
    put8(0)
    return position - 1
  }

  /// The short jump at `place` leads here.
  mutating func land(_ place: Int) {
    let distance = position - place - 1
    assert(distance <= 127)
    write8(UInt8(truncatingIfNeeded: distance), at: place)
  }

  /// Calls somewhere in the code; returns where the distance is to be written.
  mutating func call() -> Int {
    put8(0xE8)
    put32(0)
    return position &- 4
  }
}
