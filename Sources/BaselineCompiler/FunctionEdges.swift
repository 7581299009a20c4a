// How a body begins and ends, and what is written behind it.

internal import CompilerInterface

extension FunctionCompiler {
  // MARK: The beginning.

  /// Builds the frame and puts the locals where they belong; returns the place of the frame's size.
  mutating func emitPrologue() -> Int {
    code.reserve()
    code.push(.rbp)
    code.move(true, .rbp, .rsp)
    let frameSize = code.allocateFrame()
    if usesRoots { rootJump = code.jump() }
    if counts { countEntry() }
    if use.hasCall || counts && use.mayHaveLoops {
      code.store(true, Self.vmctxSlot, .r12)
      if passesMemoryBase { code.store(true, Self.memoryBaseSlot, .r13) }
    }
    receiveParameters()
    clearDeclaredLocals()
    return frameSize
  }

  /// Moves parameters from where they arrive. A register that is a home and a parameter's arrival
  /// is that parameter's home or nobody's until the parameter is in its slot.
  private mutating func receiveParameters() {
    forEachParameter { (self, index, arrival, _) in
      let local = self.locals[index]
      if arrival != .none, local.home == .none, self.use.weights[index] > 0 {
        self.store(local.address, local.kind, arrival)
      }
    }
    forEachParameter { (self, index, arrival, _) in
      let local = self.locals[index]
      guard arrival != .none, local.home != .none else { return }
      // A 32-bit move even onto itself: the upper half of a parameter's register holds garbage.
      if local.kind == .i32 {
        self.code.move(false, local.home, arrival)
      } else {
        self.copy(local.home, arrival, local.kind)
      }
      self.resident |= local.home.bit
      self.dirty |= local.home.bit
    }
    receiveFromArea()
  }

  private mutating func receiveFromArea() {
    var hasArea = false
    forEachParameter { (self, index, arrival, overflow) in
      guard arrival == .none else { return }
      self.code.reserve()
      if !hasArea {
        self.code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
        hasArea = true
      }
      let local = self.locals[index]
      let source = Address(.r11, Int32(overflow * CallingConvention.areaSlotByteCount))
      if local.home != .none {
        self.load(local.home, local.kind, source)
        self.resident |= local.home.bit
        self.dirty |= local.home.bit
      } else {
        let size: ValueKind = local.kind == .v128 ? .v128 : .f64
        self.load(.xmm15, size, source)
        self.store(local.address, size, .xmm15)
      }
    }
  }

  /// Calls `body` with each parameter's index, the register it arrives in (`.none` for those in the
  /// argument area), and its place among the latter.
  @inline(__always)
  private mutating func forEachParameter(
    _ body: (inout Self, _ index: Int, _ arrival: Register, _ overflow: Int) -> Void
  ) {
    var integers = 0
    var vectors = 0
    var overflow = 0
    for index in 0..<signature.parameterCount {
      let isVector = signature.parameters[index].isVector
      let place = isVector ? vectors : integers
      if place < 8 {
        let arrival =
          isVector
          ? RegisterRoles.vectorParameter(place) : RegisterRoles.integerParameter(place)
        if isVector { vectors += 1 } else { integers += 1 }
        body(&self, index, arrival, 0)
      } else {
        body(&self, index, .none, overflow)
        overflow += 1
      }
    }
  }

  /// Declared locals begin as zero.
  private mutating func clearDeclaredLocals() {
    let first = signature.parameterCount
    guard first < localCount else { return }
    var hasZero = false
    var place = first
    while place < localCount {
      code.reserve()
      let local = locals[place]
      if use.weights[place] == 0 {
        place += 1
      } else if local.home != .none {
        if local.kind.isVector { code.clearVector(local.home) } else { code.clear(local.home) }
        resident |= local.home.bit
        dirty |= local.home.bit
        place += 1
      } else if local.base == .rsp {
        // All roots are null when the body begins.
        place += 1
      } else {
        if !hasZero { code.clearVector(.xmm15) }
        hasZero = true
        place = clearSlots(from: place)
      }
    }
  }

  /// Clears the slots of a run of locals without homes that begins at `first`; returns its end.
  private mutating func clearSlots(from first: Int) -> Int {
    var end = first
    while end < localCount, locals[end].home == .none, locals[end].base == .rbp { end += 1 }
    let high = locals[first].slot + (locals[first].kind == .v128 ? 16 : 8)
    var low = locals[end - 1].slot
    if high - low > 512 {
      // A loop over 16 bytes each; the rest is odd by 8 at most.
      let count = (high - low) / 16 * 16
      code.move(.r11, immediate: UInt64(bitPattern: Int64(-count)))
      let head = code.position
      code.vector(SSE.storeUnaligned, .xmm15, Address(.rbp, .r11, low + count))
      code.arithmetic(.add, true, .r11, immediate: 16)
      code.jump(if: .notEqual, backTo: head)
      low += count
    }
    while high - low >= 16 {
      code.vector(SSE.storeUnaligned, .xmm15, Address(.rbp, low))
      low += 16
    }
    if high - low == 8 { code.vector(SSE.storeDouble, .xmm15, Address(.rbp, low)) }
    return end
  }

  // MARK: The end.

  /// Returns the topmost operands, which stay on the stack. Changes no state of the compiler, so
  /// that it serves on a path that is not always taken.
  mutating func emitReturn() {
    let count = signature.resultCount
    if count > 1 {
      restoreVMContext()
      code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
      for place in 1..<count {
        code.reserve()
        let operand = operands[depth - count + place]
        let target = Address(.r11, Int32((place - 1) * CallingConvention.areaSlotByteCount))
        storeToArea(operand, target)
      }
    }
    if count > 0 {
      let operand = operands[depth - count]
      move(operand, to: operand.kind.isVector ? .xmm0 : .rax)
    }
    poisonResult(signature)
    takeOffRoots()
    code.leave()
    code.ret()
  }

  /// Stores an operand where r11 is in use.
  mutating func storeToArea(_ operand: Operand, _ target: Address) {
    if operand.place == .constant, operand.kind != .i32, operand.kind != .f32 {
      // Two halves: a wide immediate would need r11.
      var upper = target
      upper.displacement += 4
      code.store(false, target, immediate: Int32(truncatingIfNeeded: operand.bits))
      code.store(false, upper, immediate: Int32(truncatingIfNeeded: operand.bits >> 32))
      return
    }
    let isResident =
      operand.place == .local
      && locals[Int(operand.index)].home != .none
      && resident & locals[Int(operand.index)].home.bit != 0
    if operand.place == .register || operand.place == .constant || isResident {
      store(operand, to: target)
    } else {
      let size: ValueKind = operand.kind == .v128 ? .v128 : .f64
      load(.xmm15, size, address(operand))
      store(target, size, .xmm15)
    }
  }

  /// r12 is vmctx; no state is changed.
  @inline(__always)
  mutating func restoreVMContext() {
    if resident & Register.r12.bit == 0 { code.load(true, .r12, Self.vmctxSlot) }
  }

  /// r12 is vmctx from here on.
  @inline(__always)
  mutating func requireVMContext() {
    restoreVMContext()
    resident |= Register.r12.bit
  }

  /// r13 is memory 0's base from here on.
  @inline(__always)
  mutating func requireMemoryBase() {
    if resident & Register.r13.bit != 0 { return }
    if passesMemoryBase {
      code.load(true, .r13, Self.memoryBaseSlot)
    } else {
      requireVMContext()
      code.load(true, .r13, Address(.r12, Int32(VMContextLayout.memoryBase)))
    }
    resident |= Register.r13.bit
  }

  /// GS has memory 0's base again where it is reached so, behind what may have changed that. Changes
  /// r11.
  mutating func restoreSegmentBase() {
    guard usesSegmentBase else { return }
    requireVMContext()
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.memoryBase)))
    code.writeSegmentBase(.r11)
  }

  // MARK: Behind the body.

  /// Writes traps and literals, and the frame's size into the prologue.
  mutating func emitTail(_ frameSize: Int) {
    code.reserve()
    for index in 0..<hotLoopCount { emitHotLoop(hotLoops[index]) }
    if notesPositions { emitTrapsApart() } else { emitTraps() }
    emitThrowHelpers()
    if usesRoots { emitRootFrame() }
    setFrameSize(frameSize)
    emitLiterals()
    code.align(to: 4)
  }

  /// Writes what the chains of jumps to traps lead to.
  mutating func emitTraps() {
    code.reserve()
    if mismatchChain != 0 {
      link(mismatchChain)
      code.arithmetic(
        .cmp, false, Address(.r10, Int32(VMContextLayout.funcRefTypeID)), immediate: 0)
      jumpToTrap(.uninitializedElement, if: .equal)
      code.trap(code: TrapCode.indirectCallTypeMismatch.rawValue)
    }
    if raiseChain != 0 {
      link(raiseChain)
      code.move(false, .rsi, .rax)
      code.move(true, .rdi, .r12)
      code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
      code.call(Address(.rax, Int32(Builtin.raise.rawValue * 8)))
    }
    for index in 1..<16 where trapChains[index] != 0 {
      link(trapChains[index])
      trapChains[index] = 0
      code.trap(code: UInt8(index))
    }
  }

  /// All jumps of a chain lead here.
  @inline(__always)
  mutating func link(_ chain: Int32) {
    let target = code.position
    var place = chain
    while place != 0 {
      let next = code.read32(at: Int(place))
      code.link(Int(place), to: target)
      place = next
    }
  }

  /// A chain with the jump at `place` in front.
  @inline(__always)
  mutating func chained(_ place: Int, _ chain: Int32) -> Int32 {
    code.write32(chain, at: place)
    return Int32(truncatingIfNeeded: place)
  }

  @inline(__always)
  mutating func jumpToTrap(_ trap: TrapCode, if condition: Condition) {
    let place = code.jump(if: condition)
    code.write32(trapChains[Int(trap.rawValue)], at: place)
    trapChains[Int(trap.rawValue)] = Int32(truncatingIfNeeded: place)
  }

  private mutating func setFrameSize(_ place: Int) {
    let byteCount = (operandBase + slotCount * operandStride + rootByteCount + 15) & ~15
    guard byteCount > 4_096 else { return code.write32(byteCount, at: place) }
    // No frame may jump the guard: every page is touched on the way, by code behind the body.
    let instruction = place - 3
    let stub = code.position
    code.write8(0xE9, at: instruction)
    code.link(instruction + 1, to: stub)
    code.write8(0x66, at: instruction + 5)
    code.write8(0x90, at: instruction + 6)
    code.loadAddress(true, .r11, Address(.rsp, -((byteCount + 4_095) & ~4_095)))
    let head = code.position
    code.arithmetic(.sub, true, .rsp, immediate: 4_096)
    code.arithmetic(.cmp, false, Address(.rsp, 0), immediate: 0)
    code.arithmetic(.cmp, true, .rsp, .r11)
    code.jump(if: .notEqual, backTo: head)
    code.jump(backTo: place + 4)
  }

  // MARK: Literals.

  /// Loads 8 bytes into a vector register, or whatever `encoding` does with 8 bytes of memory.
  mutating func loadLiteral(_ encoding: Encoding, _ register: Register, _ bits: UInt64) {
    addLiteral(code.encodeRelative(encoding, register), bits, bits)
  }

  /// Uses 16 aligned bytes as the second operand of `encoding`.
  mutating func vectorLiteral(
    _ encoding: Encoding, _ register: Register, _ low: UInt64, _ high: UInt64
  ) {
    addLiteral(code.encodeRelative(encoding, register), low, high)
  }

  /// The distance at `place`, the last part of its instruction, is to lead to a literal.
  private mutating func addLiteral(_ place: Int, _ low: UInt64, _ high: UInt64) {
    if literalCount == literalCapacity {
      literals = enlarged(literals, literalCapacity)
      literalCapacity *= 2
    }
    literals[literalCount] = Literal(
      low: low, high: high, place: Int32(truncatingIfNeeded: place))
    literalCount += 1
  }

  /// Equal literals close to each other are written once.
  private mutating func emitLiterals() {
    guard literalCount > 0 else { return }
    code.align(to: 16)
    let start = code.position
    var written = 0
    for index in 0..<literalCount {
      code.reserve()
      let literal = literals[index]
      var known = written - 1
      while known >= max(0, written - 32),
        literals[known].low != literal.low || literals[known].high != literal.high
      {
        known -= 1
      }
      if known < max(0, written - 32) {
        known = written
        literals[written] = literal
        code.put64(literal.low)
        code.put64(literal.high)
        written += 1
      }
      code.link(Int(literal.place), to: start + known * 16)
    }
  }
}
