// Reads the instructions of validated bodies: nothing is checked again.

/// A cursor over a body's bytes, which the validator has passed.
struct BodyReader: BitwiseCopyable {
  /// The next byte.
  var next: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  @inline(__always)
  var isAtEnd: Bool { next >= end }

  @inline(__always)
  mutating func byte() -> UInt8 {
    let value = next.pointee
    next += 1
    return value
  }

  @inline(__always)
  mutating func unsigned32() -> UInt32 {
    let first = byte()
    return first < 0x80 ? UInt32(first) : UInt32(truncatingIfNeeded: unsignedRest(first))
  }

  @inline(__always)
  mutating func unsigned64() -> UInt64 {
    let first = byte()
    return first < 0x80 ? UInt64(first) : unsignedRest(first)
  }

  @inline(never)
  private mutating func unsignedRest(_ first: UInt8) -> UInt64 {
    var value = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while true {
      let next = byte()
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  /// A signed integer of up to 64 bits.
  @inline(__always)
  mutating func signed() -> Int64 {
    let first = byte()
    return first < 0x80 ? Int64(Int8(bitPattern: first << 1) >> 1) : signedRest(first)
  }

  @inline(never)
  private mutating func signedRest(_ first: UInt8) -> Int64 {
    var value = Int64(first & 0x7F)
    var shift: Int64 = 7
    while true {
      let next = byte()
      value |= Int64(next & 0x7F) &<< shift
      shift += 7
      if next < 0x80 {
        let unused = 64 - min(shift, 64)
        return (value &<< unused) &>> unused
      }
    }
  }

  @inline(__always)
  mutating func fixed32() -> UInt32 {
    let value = UnsafeRawPointer(next).loadUnaligned(as: UInt32.self)
    next += 4
    return value
  }

  @inline(__always)
  mutating func fixed64() -> UInt64 {
    let value = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)
    next += 8
    return value
  }

  /// Alignment, memory index and offset of an access.
  @inline(__always)
  mutating func memoryAccess() -> MemoryAccess {
    let flags = unsigned32()
    let memory = flags & 0x40 != 0 ? unsigned32() : 0
    return MemoryAccess(memory: memory, offset: unsigned64())
  }

  /// Steps over a value type. Spec: core 3.0 §5.3.4: two codes are followed by a heap type.
  mutating func skipValueType() {
    let code = byte()
    if code == 0x63 || code == 0x64 { skipInteger() }
  }

  mutating func skipBlockType() {
    if next.pointee == 0x63 || next.pointee == 0x64 { next += 1 }
    skipInteger()
  }

  /// Steps over the immediates of an instruction without prefix; false where the compiler does not
  /// have that instruction.
  @inline(__always)
  mutating func skipImmediates(_ opcode: UInt8) -> Bool {
    switch BodyReader.forms[Int(opcode)] {
    case .unknown: return false
    case .none: break
    case .integer: skipInteger()
    case .blockType: skipBlockType()
    case .twoIntegers:
      skipInteger()
      skipInteger()
    case .four: next += 4
    case .eight: next += 8
    case .access: _ = memoryAccess()
    case .table: for _ in 0...unsigned32() { skipInteger() }
    case .types: for _ in 0..<unsigned32() { skipValueType() }
    }
    return true
  }

  /// Steps over the number and the immediates behind prefix 0xFC.
  mutating func skipMiscellaneous() -> Bool {
    let number = unsigned32()
    switch number {
    case 8, 10, 12, 14:
      skipInteger()
      skipInteger()
    case 9, 11, 13, 15, 16, 17: skipInteger()
    default: return number < 8 || number >= 19 && number <= 22
    }
    return true
  }

  /// Steps over the number and the immediates behind prefix 0xFD.
  mutating func skipVector() -> Bool {
    let number = unsigned32()
    switch number {
    case 0...11, 92, 93: _ = memoryAccess()
    case 12, 13: next += 16
    case 21...34: next += 1
    case 84...91:
      _ = memoryAccess()
      next += 1
    default: return number < 0x114
    }
    return true
  }

  /// Steps over the immediates of a `try_table`; true where a clause of it passes a reference.
  mutating func skipTryTable() -> Bool {
    skipBlockType()
    var passesReference = false
    for _ in 0..<unsigned32() {
      // catch, catch_ref, catch_all, catch_all_ref: the first two have a tag.
      let kind = byte()
      if kind & 1 != 0 { passesReference = true }
      if kind < 2 { skipInteger() }
      skipInteger()
    }
    return passesReference
  }

  /// Steps over the number and the immediates behind prefix 0xFB.
  mutating func skipObject() -> Bool {
    let number = unsigned32()
    switch number {
    case 0, 1, 6, 7, 11...14, 16, 20...23: skipInteger()
    case 2...5, 8...10, 17...19:
      skipInteger()
      skipInteger()
    case 24, 25:
      // Flags, a label, two heap types.
      next += 1
      for _ in 0..<3 { skipInteger() }
    default: return number <= 30
    }
    return true
  }

  /// Steps over the number and the immediates behind prefix 0xFE.
  mutating func skipAtomic() -> Bool {
    let number = unsigned32()
    if number == 0x03 { next += 1 } else { _ = memoryAccess() }
    return number <= 0x4E
  }

  @inline(__always)
  private mutating func skipInteger() { while byte() >= 0x80 {} }

  private enum Form: UInt8 {
    case unknown, none, integer, blockType, twoIntegers, four, eight, access, table, types
  }

  /// By opcode.
  nonisolated(unsafe) private static let forms: UnsafePointer<Form> = {
    let forms = UnsafeMutablePointer<Form>.allocate(capacity: 256)
    forms.initialize(repeating: .unknown, count: 256)
    for opcode in [
      0x00, 0x01, 0x05, 0x0A, 0x0B, 0x0F, 0x19, 0x1A, 0x1B, 0xD1, 0xD3, 0xD4,
    ] {
      forms[opcode] = .none
    }
    for opcode in 0x45...0xC4 { forms[opcode] = .none }
    for opcode in [0x02, 0x03, 0x04, 0x06] { forms[opcode] = .blockType }
    for opcode in [
      0x07, 0x08, 0x09, 0x18, 0x0C, 0x0D, 0x10, 0x12, 0x14, 0x15, 0xD5, 0xD6, 0x3F, 0x40, 0x41,
      0x42, 0xD0, 0xD2,
    ] {
      forms[opcode] = .integer
    }
    for opcode in 0x20...0x26 { forms[opcode] = .integer }
    for opcode in [0x11, 0x13] { forms[opcode] = .twoIntegers }
    for opcode in 0x28...0x3E { forms[opcode] = .access }
    forms[0x43] = .four
    forms[0x44] = .eight
    forms[0x0E] = .table
    forms[0x1C] = .types
    return UnsafePointer(forms)
  }()
}

/// The immediates of a load or store.
struct MemoryAccess: BitwiseCopyable {
  var memory: UInt32
  var offset: UInt64
}
