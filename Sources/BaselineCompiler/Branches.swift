// Branches: making operands and homes what the target expects, and jumping.

internal import CompilerInterface

extension FunctionCompiler {
  // MARK: Agreement on homes.

  /// Settles with the label of frame `level` which homes are resident there. The first branch says
  /// so; a later one that has lost clean homes makes the label do without them, except in loops,
  /// where the frequent path is likelier the one that has them. For a loop's head nothing is left
  /// to settle.
  @inline(__always)
  mutating func agree(with level: Int) {
    if frames[level].kind == .loop { return }
    if !frames[level].hasState {
      frames[level].hasState = true
      frames[level].resident = resident
      frames[level].dirty = dirty
      return
    }
    if loopDepth == 0 {
      frames[level].resident &= resident | frames[level].dirty
    }
    frames[level].dirty |= dirty & frames[level].resident
  }

  /// Homes that have to be stored, and loaded, on the way to the label of frame `level`.
  @inline(__always)
  private mutating func difference(from level: Int) -> (stores: UInt32, loads: UInt32) {
    let frame = frames + level
    return (
      dirty & ~(frame.pointee.dirty & frame.pointee.resident), frame.pointee.resident & ~resident
    )
  }

  /// Stores and loads homes as the label of frame `level` has them. Changes no state of the
  /// compiler, and no flags.
  mutating func conform(to level: Int) {
    var (stores, loads) = difference(from: level)
    let position = reader.next
    while stores != 0 {
      let home = Register(UInt8(truncatingIfNeeded: stores.trailingZeroBitCount))
      stores &= stores &- 1
      let index = Int(homeLocals[Int(home.code)])
      if isDead(index, position) { continue }
      store(locals[index].address, locals[index].kind, home)
    }
    let special = Register.r12.bit | memoryBaseBit
    if loads & special != 0 {
      if loads & Register.r12.bit != 0 || !passesMemoryBase { restoreVMContext() }
      if loads & memoryBaseBit != 0 {
        if passesMemoryBase {
          code.load(true, .r13, Self.memoryBaseSlot)
        } else {
          code.load(true, .r13, Address(.r12, Int32(VMContextLayout.memoryBase)))
        }
      }
      loads &= ~special
    }
    while loads != 0 {
      let home = Register(UInt8(truncatingIfNeeded: loads.trailingZeroBitCount))
      loads &= loads &- 1
      let index = Int(homeLocals[Int(home.code)])
      if isDead(index, position) { continue }
      load(home, locals[index].kind, locals[index].address)
    }
  }

  /// Stores homes and makes them clean; what is not used any more is only called clean.
  mutating func storeHomes(_ homes: UInt32) {
    var left = homes
    let position = reader.next
    while left != 0 {
      let home = Register(UInt8(truncatingIfNeeded: left.trailingZeroBitCount))
      left &= left &- 1
      let index = Int(homeLocals[Int(home.code)])
      if isDead(index, position) { continue }
      store(locals[index].address, locals[index].kind, home)
    }
    dirty &= ~homes
  }

  /// Whether nobody reads local `index` any more, neither an instruction from `position` on nor an
  /// operand on the stack.
  @inline(__always)
  private mutating func isDead(_ index: Int, _ position: UnsafePointer<UInt8>) -> Bool {
    use.lastUses[index] <= position && locals[index].pending == 0
  }

  // MARK: Operands of a label.

  /// Whether the topmost operands are where the label of frame `level` takes them.
  private mutating func operandsAreInPlace(_ level: Int) -> Bool {
    let count = frames[level].labelCount
    if count == 0 { return true }
    let height = frames[level].height
    var inSlots = count
    if frames[level].kind != .loop {
      let last = operands[depth - 1]
      guard last.place == .register, last.register == Self.resultRegister(last.kind),
        !last.isUnclean
      else { return false }
      inSlots -= 1
    }
    for place in 0..<inSlots {
      let operand = operands[depth - count + place]
      guard operand.place == .slot, Int(operand.index) == height + place else { return false }
    }
    return true
  }

  /// Copies the topmost operands to where the label of frame `level` takes them. Changes no state
  /// of the compiler.
  mutating func transferOperands(to level: Int) {
    let count = frames[level].labelCount
    if count == 0 { return }
    let height = frames[level].height
    let isLoop = frames[level].kind == .loop
    let inSlots = isLoop ? count : count - 1
    // Upward: a slot that is written is never that of an operand still to be read, since operands
    // only move down.
    for place in 0..<inSlots {
      code.reserve()
      let operand = operands[depth - count + place]
      let target = height + place
      let kind = frames[level].labelKinds[place]
      noteSlot(target, kind)
      if operand.place == .slot, Int(operand.index) == target { continue }
      store(operand, to: slotAddress(target, kind))
    }
    if !isLoop {
      let last = operands[depth - 1]
      let register = Self.resultRegister(last.kind)
      if last.isUnclean {
        code.move(false, register, last.register)
      } else {
        move(last, to: register)
      }
    }
  }

  // MARK: Branches.

  @inline(__always)
  mutating func level(_ label: UInt32) -> Int { frameCount &- 1 &- Int(label) }

  /// Branches always.
  mutating func branch() {
    branch(to: level(reader.unsigned32()))
    isReachable = false
  }

  mutating func branch(to level: Int) {
    if frames[level].kind == .function { return emitReturn() }
    transferOperands(to: level)
    agree(with: level)
    conform(to: level)
    if frames[level].kind == .loop {
      code.jump(backTo: frames[level].head)
    } else {
      let place = code.jump()
      frames[level].chain = chained(place, frames[level].chain)
    }
  }

  /// Branches if `condition` holds; the operands stay.
  mutating func branch(if condition: Condition) {
    let level = level(reader.unsigned32())
    if frames[level].kind == .function {
      let over = code.jump(if: condition.inverse)
      emitReturn()
      code.link(over, to: code.position)
      return
    }
    agree(with: level)
    let (stores, loads) = difference(from: level)
    if stores | loads == 0, operandsAreInPlace(level) {
      if frames[level].kind == .loop {
        code.jump(if: condition, backTo: frames[level].head)
      } else {
        let place = code.jump(if: condition)
        frames[level].chain = chained(place, frames[level].chain)
      }
      return
    }
    let over = code.jump(if: condition.inverse)
    branch(to: level)
    code.link(over, to: code.position)
  }

  mutating func returnFromFunction() {
    emitReturn()
    isReachable = false
  }

  mutating func trapUnreachable() {
    code.trap(code: TrapCode.unreachable.rawValue)
    isReachable = false
  }

  // MARK: Tables of branches.

  /// Jumps through a table of distances that stands in the code; each counts from its own end.
  mutating func branchTable() {
    let index = pop()
    let count = Int(reader.unsigned32())
    if count == 0 {
      release(index)
      return branch()
    }
    let selector = takeRegister(index)
    // Beyond the table is the default, its last entry.
    code.move(.r11, immediate: UInt64(count))
    code.arithmetic(.cmp, false, selector, .r11)
    code.move(false, if: .above, selector, .r11)
    let table = code.encodeRelative(.one(0x8D, wide: true), .r11)
    code.loadAddress(true, .r11, Address(.r11, selector, scale: 2, 0))
    code.encode(Assembler.signExtend32(), selector, Address(.r11, 0))
    code.loadAddress(true, .r11, Address(.r11, selector, 4))
    code.jump(to: .r11)
    free |= selector.bit
    code.link(table, to: code.position)
    emitTargets(count + 1)
    isReachable = false
  }

  /// Emits the table, and behind it the ways to labels where something has to be done first.
  private mutating func emitTargets(_ count: Int) {
    let targets = reader
    for _ in 0..<count {
      code.reserve()
      let level = level(reader.unsigned32())
      let place = code.position
      code.put32(0)
      if needsWay(to: level) {
        frames[level].wayChain = chained(place, frames[level].wayChain)
      } else if frames[level].kind == .loop {
        code.link(place, to: frames[level].head)
      } else {
        frames[level].chain = chained(place, frames[level].chain)
      }
    }
    let behind = reader
    reader = targets
    for _ in 0..<count {
      let level = level(reader.unsigned32())
      let chain = frames[level].wayChain
      if chain == 0 { continue }
      frames[level].wayChain = 0
      code.reserve()
      link(chain)
      branch(to: level)
    }
    reader = behind
  }

  private mutating func needsWay(to level: Int) -> Bool {
    if frames[level].kind == .function { return true }
    agree(with: level)
    let (stores, loads) = difference(from: level)
    return stores | loads != 0 || !operandsAreInPlace(level)
  }
}
