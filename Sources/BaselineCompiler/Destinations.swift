// Where results go: to a temporary register, or to the local that the next instruction sets.

internal import CompilerInterface

/// Where an instruction's result is to be computed.
struct Destination: BitwiseCopyable {
  var register: Register
  /// The home's local where the next instruction sets it; -1 for a temporary register.
  var local: Int32
  /// The next instruction is `local.tee`.
  var isTee: Bool
  /// Behind that instruction.
  var next: UnsafePointer<UInt8>
}

extension FunctionCompiler {
  /// The home of the local that the next instruction sets, if it has one of the kind and nothing on
  /// the stack stands for the local's old value.
  @inline(__always)
  mutating func upcomingHome(_ kind: ValueKind) -> Destination? {
    if reader.isAtEnd { return nil }
    let opcode = reader.next.pointee
    guard opcode == 0x21 || opcode == 0x22 else { return nil }
    var ahead = reader
    ahead.next += 1
    let index = ahead.unsigned32()
    let local = locals[Int(index)]
    guard local.home != .none, local.pending == 0 else { return nil }
    return Destination(
      register: local.home, local: Int32(truncatingIfNeeded: index), isTee: opcode == 0x22,
      next: ahead.next)
  }

  /// A destination for a result of `kind` whose instruction writes it before it has read `other`.
  @inline(__always)
  mutating func destination(_ kind: ValueKind, avoiding other: Register = .none) -> Destination {
    if let home = upcomingHome(kind), home.register != other { return home }
    return temporary(allocate(kind))
  }

  /// A destination in a temporary register that is the caller's.
  @inline(__always)
  mutating func temporary(_ register: Register) -> Destination {
    Destination(register: register, local: -1, isTee: false, next: reader.next)
  }

  /// A destination that is `operand`'s own register if it has one, else a home or a new register.
  /// The caller moves the operand there. `other` must not be the destination.
  @inline(__always)
  mutating func destination(
    replacing operand: Operand, _ kind: ValueKind, avoiding other: Register = .none
  ) -> Destination {
    if let home = upcomingHome(kind), home.register != other { return home }
    if operand.place == .register { return temporary(operand.register) }
    return temporary(allocate(kind))
  }

  /// The result is in its destination: pushes it, or does what the next instruction says.
  @inline(__always)
  mutating func finish(_ destination: Destination, _ kind: ValueKind) {
    if destination.local < 0 {
      push(destination.register, kind)
      return
    }
    let bit = destination.register.bit
    resident |= bit
    dirty |= bit
    reader.next = destination.next
    if destination.isTee { pushLocal(UInt32(truncatingIfNeeded: destination.local), kind) }
  }

  /// Releases an operand whose register may have become the destination.
  @inline(__always)
  mutating func release(_ operand: Operand, unless destination: Destination) {
    if operand.place == .register, operand.register != destination.register {
      free |= operand.register.bit
    }
  }

  // MARK: Locals.

  @inline(__always)
  mutating func pushLocal(_ index: UInt32, _ kind: ValueKind) {
    locals[Int(index)].pending &+= 1
    push(
      Operand(
        place: .local, kind: kind, register: .none, isUnclean: false, index: index, bits: 0))
  }

  @inline(__always)
  mutating func localGet() {
    let index = reader.unsigned32()
    pushLocal(index, locals[Int(index)].kind)
  }

  @inline(__always)
  mutating func localSet(isTee: Bool) {
    let index = reader.unsigned32()
    let operand = pop()
    let local = locals[Int(index)]
    if operand.place == .local, operand.index == index {
      if isTee { pushAgain(operand) }
      return
    }
    if local.pending > 0 { detachOperands(from: index) }
    if local.home != .none {
      let bit = local.home.bit
      move(operand, to: local.home)
      resident |= bit
      dirty |= bit
      release(operand)
      if isTee { pushLocal(index, local.kind) }
    } else {
      store(operand, to: local.address)
      if isTee { pushAgain(operand) } else { release(operand) }
    }
  }

  /// Gives operands that stand for a local a place of their own, since it changes: a register,
  /// or where there are many their slots.
  @inline(never)
  private mutating func detachOperands(from index: UInt32) {
    var place = depth
    let areMany = locals[Int(index)].pending > 4
    while locals[Int(index)].pending > 0 {
      place -= 1
      let operand = operands[place]
      guard operand.place == .local, operand.index == index else { continue }
      if areMany {
        spill(place)
        continue
      }
      let register = allocate(operand.kind)
      move(operand, to: register)
      locals[Int(index)].pending -= 1
      operands[place] = .register(register, operand.kind)
      owners[Int(register.code)] = Int32(place)
    }
  }
}
