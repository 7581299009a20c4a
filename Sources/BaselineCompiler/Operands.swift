// The operand stack: pushing, popping, and getting operands to where an instruction wants them.

internal import CompilerInterface

extension FunctionCompiler {
  // MARK: Pushing.

  @inline(__always)
  mutating func push(_ operand: Operand) {
    if depth == operandCapacity { growOperands() }
    operands[depth] = operand
    depth &+= 1
  }

  @inline(never)
  private mutating func growOperands() {
    operands = enlarged(operands, operandCapacity)
    operandCapacity *= 2
  }

  /// Pushes a value in a temporary register, which was taken from the free ones.
  @inline(__always)
  mutating func push(_ register: Register, _ kind: ValueKind) {
    owners[Int(register.code)] = Int32(truncatingIfNeeded: depth)
    push(.register(register, kind))
  }

  @inline(__always)
  mutating func pushConstant(_ kind: ValueKind, _ bits: UInt64) { push(.constant(kind, bits)) }

  /// Pushes a popped operand again.
  @inline(__always)
  mutating func pushAgain(_ operand: Operand) {
    if operand.place == .register {
      owners[Int(operand.register.code)] = Int32(truncatingIfNeeded: depth)
    } else if operand.place == .local {
      locals[Int(operand.index)].pending &+= 1
    }
    push(operand)
  }

  // MARK: Popping.

  /// Takes the top off. A register that it owns is the caller's until `release`.
  @inline(__always)
  mutating func pop() -> Operand {
    depth &-= 1
    let operand = operands[depth]
    if operand.place == .local {
      locals[Int(operand.index)].pending &-= 1
    } else if operand.place == .register {
      owners[Int(operand.register.code)] = -1
    }
    return operand
  }

  /// Takes the topmost `count` operands off for good.
  mutating func drop(_ count: Int) {
    for _ in 0..<count { release(pop()) }
  }

  /// A popped operand is not needed any more.
  @inline(__always)
  mutating func release(_ operand: Operand) {
    if operand.place == .register { free |= operand.register.bit }
  }

  // MARK: Places.

  /// The operand slot `index` of a value of `kind`.
  @inline(__always)
  mutating func slotAddress(_ index: Int, _ kind: ValueKind) -> Address {
    if kind == .reference, usesRoots { return rootAddress(index) }
    return Address(
      .rbp, -operandBase &- (Int32(truncatingIfNeeded: index) &+ 1) &* operandStride)
  }

  /// Operand slot `index` is in use for a value of `kind`.
  @inline(__always)
  mutating func noteSlot(_ index: Int, _ kind: ValueKind) {
    let count = Int32(truncatingIfNeeded: index &+ 1)
    if kind == .reference, usesRoots {
      rootSlotCount = max(rootSlotCount, count)
    } else {
      slotCount = max(slotCount, count)
    }
  }

  /// Where an operand that is not in a register and no constant is in memory.
  @inline(__always)
  mutating func address(_ operand: Operand) -> Address {
    operand.place == .slot
      ? slotAddress(Int(operand.index), operand.kind) : locals[Int(operand.index)].address
  }

  /// Whether an operand is in memory only.
  @inline(__always)
  mutating func isInMemory(_ operand: Operand) -> Bool {
    switch operand.place {
    case .slot: true
    case .local: locals[Int(operand.index)].home == .none
    default: false
    }
  }

  /// The register that a popped operand can be read from; made so if need be. A register that is
  /// allocated for it becomes its own.
  @inline(__always)
  mutating func register(_ operand: inout Operand) -> Register {
    if operand.place == .register { return operand.register }
    if operand.place == .local {
      let home = locals[Int(operand.index)].home
      if home != .none {
        if resident & home.bit == 0 { makeResident(home) }
        return home
      }
    }
    return bringIn(&operand)
  }

  @inline(never)
  private mutating func bringIn(_ operand: inout Operand) -> Register {
    let register = allocate(operand.kind)
    move(operand, to: register)
    operand = .register(register, operand.kind)
    return register
  }

  /// As `register`, for an i32 that is used with all 64 bits.
  @inline(__always)
  mutating func cleanRegister(_ operand: inout Operand) -> Register {
    let source = register(&operand)
    if operand.isUnclean {
      code.move(false, source, source)
      operand.isUnclean = false
    }
    return source
  }

  /// A register that holds the operand and may be changed; the operand is released, the register
  /// is the caller's.
  @inline(__always)
  mutating func takeRegister(_ operand: Operand) -> Register {
    if operand.place == .register { return operand.register }
    let register = allocate(operand.kind)
    move(operand, to: register)
    return register
  }

  /// Loads a home from its local's slot.
  @inline(never)
  mutating func makeResident(_ home: Register) {
    resident |= home.bit
    let local = locals[Int(homeLocals[Int(home.code)])]
    load(home, local.kind, local.address)
  }

  // MARK: Moves. None changes the flags.

  /// Gives `register` the value of `operand`, which stays what it is.
  @inline(never)
  mutating func move(_ operand: Operand, to register: Register) {
    switch operand.place {
    case .constant: loadConstant(register, operand)
    case .register: copy(register, operand.register, operand.kind)
    case .local:
      let local = locals[Int(operand.index)]
      if local.home != .none, resident & local.home.bit != 0 {
        copy(register, local.home, local.kind)
      } else {
        load(register, local.kind, local.address)
      }
    case .slot:
      load(register, operand.kind, slotAddress(Int(operand.index), operand.kind))
    }
  }

  @inline(__always)
  mutating func copy(_ destination: Register, _ source: Register, _ kind: ValueKind) {
    if destination == source { return }
    if kind.isVector {
      code.moveVector(destination, source)
    } else {
      code.move(kind.isWide, destination, source)
    }
  }

  mutating func load(_ register: Register, _ kind: ValueKind, _ address: Address) {
    switch kind {
    case .i32: code.load(false, register, address)
    case .i64, .reference: code.load(true, register, address)
    case .f32: code.vector(SSE.loadFloat, register, address)
    case .f64: code.vector(SSE.loadDouble, register, address)
    case .v128: code.vector(SSE.loadUnaligned, register, address)
    }
  }

  mutating func store(_ address: Address, _ kind: ValueKind, _ register: Register) {
    switch kind {
    case .i32: code.store(false, address, register)
    case .i64, .reference: code.store(true, address, register)
    case .f32: code.vector(SSE.storeFloat, register, address)
    case .f64: code.vector(SSE.storeDouble, register, address)
    case .v128: code.vector(SSE.storeUnaligned, register, address)
    }
  }

  private mutating func loadConstant(_ register: Register, _ operand: Operand) {
    if !operand.kind.isVector {
      code.move(register, immediate: operand.bits)
    } else if operand.bits == 0 {
      code.clearVector(register)
    } else if operand.kind == .f32 {
      code.move(.r11, immediate: operand.bits)
      code.vector(SSE.fromGeneral(false), register, .r11)
    } else {
      loadLiteral(SSE.loadDouble, register, operand.bits)
    }
  }

  /// Copies an operand's value to memory.
  @inline(never)
  mutating func store(_ operand: Operand, to address: Address) {
    switch operand.place {
    case .register: store(address, operand.kind, operand.register)
    case .constant: storeConstant(operand, to: address)
    case .local, .slot:
      if operand.place == .local {
        let home = locals[Int(operand.index)].home
        if home != .none, resident & home.bit != 0 {
          store(address, operand.kind, home)
          return
        }
      }
      let scratch: Register = operand.kind.isVector ? .xmm15 : .r11
      load(scratch, operand.kind, self.address(operand))
      store(address, operand.kind, scratch)
    }
  }

  mutating func storeConstant(_ operand: Operand, to address: Address) {
    switch operand.kind {
    case .i32, .f32:
      code.store(false, address, immediate: Int32(truncatingIfNeeded: operand.bits))
    default:
      if let short = Int32(exactly: Int64(bitPattern: operand.bits)) {
        code.store(true, address, immediate: short)
      } else {
        code.move(.r11, immediate: operand.bits)
        code.store(true, address, .r11)
      }
    }
  }

  // MARK: Allocation.

  /// A temporary register that is the caller's from now on.
  @inline(__always)
  mutating func allocate(_ kind: ValueKind) -> Register { allocate(vector: kind.isVector) }

  @inline(__always)
  mutating func allocate(vector: Bool) -> Register {
    let candidates = free & (vector ? 0xFFFF_0000 : 0x0000_FFFF)
    if candidates == 0 { return spillForRegister(vector: vector) }
    // Shifts, divisions and calls want these two.
    let preferred = candidates & ~(Register.rcx.bit | Register.rdx.bit)
    let chosen = preferred != 0 ? preferred : candidates
    let register = Register(UInt8(truncatingIfNeeded: chosen.trailingZeroBitCount))
    free &= ~register.bit
    return register
  }

  /// Sends the deepest operand in a register of the kind to its slot.
  @inline(never)
  private mutating func spillForRegister(vector: Bool) -> Register {
    var deepest = Int32.max
    var left = temporaries & (vector ? 0xFFFF_0000 : 0x0000_FFFF)
    while left != 0 {
      let owner = owners[left.trailingZeroBitCount]
      left &= left &- 1
      if owner >= 0, owner < deepest { deepest = owner }
    }
    precondition(deepest != .max, "no temporary register is left")
    let register = operands[Int(deepest)].register
    spill(Int(deepest))
    free &= ~register.bit
    return register
  }

  /// Moves operand `place` to its slot; not a constant.
  mutating func spill(_ place: Int) {
    code.reserve()
    let operand = operands[place]
    noteSlot(place, operand.kind)
    store(operand, to: slotAddress(place, operand.kind))
    if operand.place == .register {
      owners[Int(operand.register.code)] = -1
      free |= operand.register.bit
    } else if operand.place == .local {
      locals[Int(operand.index)].pending &-= 1
    }
    operands[place] = Operand(
      place: .slot, kind: operand.kind, register: .none, isUnclean: false,
      index: UInt32(truncatingIfNeeded: place), bits: 0)
  }

  /// Makes a certain temporary register the caller's; an operand in it goes elsewhere.
  mutating func claim(_ register: Register) {
    if free & register.bit == 0 {
      let place = Int(owners[Int(register.code)])
      precondition(place >= 0, "a register is wanted twice")
      evict(place)
    }
    free &= ~register.bit
  }

  /// Moves operand `place` out of its register: to another one, else to its slot.
  private mutating func evict(_ place: Int) {
    var operand = operands[place]
    let others = free & (operand.kind.isVector ? 0xFFFF_0000 : 0x0000_FFFF)
    guard others != 0 else { return spill(place) }
    let old = operand.register
    let new = Register(UInt8(truncatingIfNeeded: others.trailingZeroBitCount))
    free = free & ~new.bit | old.bit
    copy(new, old, operand.kind == .i32 ? .i64 : operand.kind)
    operand.register = new
    operands[place] = operand
    owners[Int(new.code)] = Int32(truncatingIfNeeded: place)
    owners[Int(old.code)] = -1
  }

  /// Sends all operands from `floor` to `top` that are in registers or stand for locals to their
  /// slots, so that nothing changes them. Constants stay.
  @inline(__always)
  mutating func stabilize(from floor: Int, to top: Int) {
    var place = floor
    while place < top {
      let kind = operands[place].place
      if kind == .register || kind == .local { spill(place) }
      place &+= 1
    }
  }
}
