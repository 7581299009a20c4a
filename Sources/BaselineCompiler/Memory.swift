// Loads and stores of linear memory. Addresses in guarded memories lie in reserved space: no checks.

internal import CompilerInterface

extension FunctionCompiler {
  @inline(never)
  mutating func translateMemoryAccess(_ opcode: UInt8) {
    if opcode <= 0x35 { load(opcode) } else { store(opcode) }
  }

  // MARK: Addresses.

  /// Where in the process `byteCount` bytes at a popped address are; traps where the memory is a
  /// checked one and they lie outside. The registers of the result are those of `operand`, which
  /// the caller releases behind the access, and r11.
  @inline(__always)
  mutating func memoryAddress(
    _ access: MemoryAccess, _ operand: inout Operand, byteCount: UInt64
  ) -> Address {
    if access.memory == 0, tables.isGuarded0 {
      if usesSegmentBase { return segmentAddress(access.offset, &operand) }
      requireMemoryBase()
      return address(.r13, access.offset, &operand)
    }
    return otherAddress(access, &operand, byteCount)
  }

  @inline(__always)
  private mutating func address(
    _ base: Register, _ offset: UInt64, _ operand: inout Operand
  ) -> Address {
    if operand.place == .constant {
      let sum = operand.bits &+ offset
      if sum <= UInt64(Int32.max) {
        return Address(base, Int32(truncatingIfNeeded: sum))
      }
    } else if offset <= UInt64(Int32.max) {
      let index = cleanRegister(&operand)
      return Address(base, index, Int32(truncatingIfNeeded: offset))
    }
    return farAddress(base, offset, &operand)
  }

  /// An address in memory 0 where GS has its base.
  private mutating func segmentAddress(_ offset: UInt64, _ operand: inout Operand) -> Address {
    if operand.place == .constant {
      let sum = operand.bits &+ offset
      if sum <= UInt64(Int32.max) {
        return Address(inSegment: .none, Int32(truncatingIfNeeded: sum))
      }
    } else if offset <= UInt64(Int32.max) {
      return Address(
        inSegment: cleanRegister(&operand), Int32(truncatingIfNeeded: offset))
    }
    let far = farAddress(.none, offset, &operand)
    return Address(inSegment: far.index, far.displacement)
  }

  /// An address in a memory other than 0, or in one that is checked.
  @inline(never)
  private mutating func otherAddress(
    _ access: MemoryAccess, _ operand: inout Operand, _ byteCount: UInt64
  ) -> Address {
    let memory = tables.memories[Int(access.memory)]
    var offset = access.offset
    if !memory.isGuarded {
      checkBounds(memory, offset, &operand, byteCount)
      if offset > UInt64(Int32.max) {
        let sum = takeRegister(operand)
        operand = .register(sum, .i64)
        code.move(.r11, immediate: offset)
        code.arithmetic(.add, true, sum, .r11)
        offset = 0
      }
    }
    if access.memory == 0 {
      requireMemoryBase()
      return address(.r13, offset, &operand)
    }
    return address(otherMemoryBase(access.memory), offset, &operand)
  }

  /// Traps unless `address + offset + byteCount <= length`, computed without wrapping.
  private mutating func checkBounds(
    _ memory: MemoryPlace, _ offset: UInt64, _ operand: inout Operand, _ byteCount: UInt64
  ) {
    let (needed, wraps) = offset.addingReportingOverflow(byteCount)
    requireVMContext()
    let index = cleanRegister(&operand)
    var length = Address(.r12, memory.offset + 8)
    if memory.isImported {
      code.load(true, .r11, length)
      length = Address(.r11, 8)
    }
    code.load(true, .r11, length)
    // Where the sum wraps, as where it is beyond any length, the access is always outside.
    if let short = Int32(exactly: needed), !wraps {
      code.arithmetic(.sub, true, .r11, immediate: short)
    } else {
      let extent = allocate(.i64)
      code.move(extent, immediate: wraps ? .max : needed)
      code.arithmetic(.sub, true, .r11, extent)
      free |= extent.bit
    }
    jumpToTrap(.memoryOutOfBounds, if: .below)
    code.arithmetic(.cmp, true, index, .r11)
    jumpToTrap(.memoryOutOfBounds, if: .above)
  }

  /// r11 holds the base of a memory other than 0.
  private mutating func otherMemoryBase(_ memory: UInt32) -> Register {
    requireVMContext()
    code.load(true, .r11, Address(.r12, tables.memories[Int(memory)].offset))
    return .r11
  }

  /// The displacement of an instruction is signed: offsets from 2 GiB on are added to the address.
  @inline(never)
  private mutating func farAddress(
    _ base: Register, _ offset: UInt64, _ operand: inout Operand
  ) -> Address {
    if operand.place == .constant {
      let register = allocate(.i64)
      code.move(register, immediate: operand.bits &+ offset)
      operand = .register(register, .i64)
      return Address(base, register, 0)
    }
    let index = cleanRegister(&operand)
    let sum = operand.place == .register ? index : allocate(.i64)
    copy(sum, index, .i64)
    operand = .register(sum, .i64)
    // In two steps: an immediate is signed, too.
    code.arithmetic(.add, true, sum, immediate: Int32.max)
    let rest = offset &- UInt64(Int32.max)
    if rest <= UInt64(Int32.max) {
      return Address(base, sum, Int32(truncatingIfNeeded: rest))
    }
    code.arithmetic(.add, true, sum, immediate: Int32.max)
    return Address(base, sum, Int32(truncatingIfNeeded: rest &- UInt64(Int32.max)))
  }

  /// Bytes that a scalar load or store accesses.
  @inline(__always)
  private static func byteCount(_ opcode: UInt8) -> UInt64 {
    // From 0x28 on: log2 of each, two bits wide.
    let sizes: UInt64 = 0b10_01_00_01_00_11_10_11_10_10_10_01_01_00_00_01_01_00_00_11_10_11_10
    return 1 &<< (sizes &>> (UInt64(opcode &- 0x28) &* 2) & 3)
  }

  // MARK: Loads.

  private mutating func load(_ opcode: UInt8) {
    let access = reader.memoryAccess()
    var operand = pop()
    let address = memoryAddress(access, &operand, byteCount: Self.byteCount(opcode))
    if opcode == 0x2A || opcode == 0x2B {
      let kind: ValueKind = opcode == 0x2A ? .f32 : .f64
      let target = destination(kind)
      load(target.register, kind, address)
      release(operand)
      finish(target, kind)
      return
    }
    let kind: ValueKind =
      opcode == 0x28 || opcode >= 0x2C && opcode <= 0x2F ? .i32 : .i64
    let target: Destination
    if let home = upcomingHome(kind) {
      target = home
    } else if operand.place == .register {
      target = temporary(operand.register)
    } else {
      target = temporary(allocate(kind))
    }
    code.encode(Self.loadEncoding(opcode), target.register, address)
    release(operand, unless: target)
    finish(target, kind)
  }

  @inline(__always)
  private static func loadEncoding(_ opcode: UInt8) -> Encoding {
    switch opcode {
    case 0x28: .one(0x8B, wide: false)
    case 0x29: .one(0x8B, wide: true)
    case 0x2C: .two(0xBE)
    case 0x2D: .two(0xB6)
    case 0x2E: .two(0xBF)
    case 0x2F: .two(0xB7)
    case 0x30: .two(0xBE, wide: true)
    case 0x31: .two(0xB6)
    case 0x32: .two(0xBF, wide: true)
    case 0x33: .two(0xB7)
    case 0x34: .one(0x63, wide: true)
    default: .one(0x8B, wide: false)
    }
  }

  // MARK: Stores.

  private mutating func store(_ opcode: UInt8) {
    let access = reader.memoryAccess()
    var value = pop()
    var operand = pop()
    // The value first: bringing it in uses r11, which may be the base.
    let isImmediate = canStoreImmediate(value)
    if !isImmediate { _ = register(&value) }
    let address = memoryAddress(access, &operand, byteCount: Self.byteCount(opcode))
    if isImmediate {
      storeImmediate(opcode, address, value.bits)
    } else {
      let source = register(&value)
      switch opcode {
      case 0x36, 0x3E: code.store(false, address, source)
      case 0x37: code.store(true, address, source)
      case 0x38: code.vector(SSE.storeFloat, source, address)
      case 0x39: code.vector(SSE.storeDouble, source, address)
      case 0x3A, 0x3C: code.store8(address, source)
      default: code.store16(address, source)
      }
    }
    release(value)
    release(operand)
  }

  private mutating func canStoreImmediate(_ value: Operand) -> Bool {
    guard value.place == .constant else { return false }
    switch value.kind {
    case .i32, .f32: return true
    default: return Int32(exactly: Int64(bitPattern: value.bits)) != nil
    }
  }

  private mutating func storeImmediate(_ opcode: UInt8, _ address: Address, _ bits: UInt64) {
    let value = Int32(truncatingIfNeeded: bits)
    switch opcode {
    case 0x36, 0x38, 0x3E: code.store(false, address, immediate: value)
    case 0x37, 0x39: code.store(true, address, immediate: value)
    case 0x3A, 0x3C: code.store8(address, immediate: UInt8(truncatingIfNeeded: bits))
    default: code.store16(address, immediate: UInt16(truncatingIfNeeded: bits))
    }
  }

  // MARK: Size and growth.

  mutating func memorySize() {
    let memory = tables.memories[Int(reader.unsigned32())]
    requireVMContext()
    let kind: ValueKind = memory.is64Bit ? .i64 : .i32
    let register = allocate(kind)
    var length = Address(.r12, memory.offset + 8)
    if memory.isImported {
      code.load(true, register, length)
      length = Address(register, 8)
    }
    code.load(true, register, length)
    if memory.pageSizeLog2 > 0 {
      code.shift(.rightUnsigned, true, register, by: memory.pageSizeLog2)
    }
    push(register, kind)
    operands[depth - 1].isUnclean = kind == .i32
  }
}
