// Throwing, and what a body does with the exceptions of its calls.
//
// Trying costs nothing: the calls within a `try_table` or `try` are noted with their handler, and
// the image's table of pads is made of the notes (`CallingConvention` says how pads are entered).
// At a pad no register holds anything but the exception in rax, and everything else is in its slot,
// as it is at every call. A handler's code compares the tag with its clauses' one after the other;
// what none of them takes goes on to the code of the handler around, or to the callers by `resume`.

internal import CompilerInterface

/// What catches exceptions in a part of the body.
struct Handler: BitwiseCopyable {
  /// Where exceptions go that no clause here takes; -1: to the callers.
  var outer: Int32
  /// Jumps to the handler's code out of handlers within it, as a chain.
  var chain: Int32 = 0
  /// Some call or handler needs the code.
  var isUsed = false
  /// The code's position.
  var pad: Int32 = 0
}

/// Calls one after the other with the same handler: return addresses in `start + 1` to `end`.
struct GuardedCalls: BitwiseCopyable {
  var handler: Int32
  var start: Int32
  var end: Int32
}

extension FunctionCompiler {
  mutating func translateException(_ opcode: UInt8) {
    switch opcode {
    case 0x06: enterTry()
    case 0x07: beginCatch(reader.unsigned32())
    case 0x08: throwNew()
    case 0x09: rethrow()
    case 0x0A: throwReference()
    case 0x18: leaveDelegate(reader.unsigned32())
    default: beginCatch(nil)
    }
  }

  // MARK: Throwing.

  private mutating func throwNew() {
    let tag = tables.tags[Int(reader.unsigned32())]
    makeObject(.structNew) { (self) in
      self.code.load(true, .rsi, Address(.r12, tag.offset))
      self.code.load(true, .rsi, Address(.rsi, Int32(TagLayout.record)))
    }
    claim(.rax)
    code.load(true, .r11, Address(.r12, tag.offset))
    code.store(true, Address(.rax, Int32(ExceptionLayout.tag)), .r11)
    let first = depth - tag.signature.parameterCount
    forEachValue(tag.signature) { (self, place, kind, address) in
      self.code.reserve()
      self.store(self.operands[first + place], to: address)
    }
    drop(tag.signature.parameterCount)
    code.move(true, .r14, .rax)
    free |= Register.rax.bit
    throwR14()
  }

  private mutating func throwReference() {
    let operand = pop()
    storeHomes(dirty)
    move(operand, to: .r14)
    release(operand)
    code.test(true, .r14, .r14)
    jumpToTrap(.nullReference, if: .equal)
    throwR14()
  }

  private mutating func rethrow() {
    let height = frames[level(reader.unsigned32())].height
    storeHomes(dirty)
    load(.r14, .reference, slotAddress(height, .reference))
    throwR14()
  }

  /// Throws the exception in r14. What a handler of this body needs of the operands is in slots since
  /// its block was entered; homes have been stored.
  private mutating func throwR14() {
    requireVMContext()
    throwChain = chained(code.call(), throwChain)
    noteGuardedCall()
    isReachable = false
  }

  /// The places of what an exception in rax carries, laid out as `SlotLayout` does.
  private mutating func forEachValue(
    _ signature: Signature, _ body: (inout Self, _ place: Int, ValueKind, Address) -> Void
  ) {
    var offset = Int32(ExceptionLayout.payload)
    for place in 0..<signature.parameterCount {
      let kind = signature.parameters[place]
      body(&self, place, kind, Address(.rax, offset))
      offset += kind == .v128 ? 16 : 8
    }
  }

  // MARK: Notes on calls.

  /// The instruction that ends here is a call that exceptions may come out of.
  @inline(__always)
  mutating func noteGuardedCall() { if activeHandler >= 0 { addGuardedCall() } }

  private mutating func addGuardedCall() {
    let end = Int32(truncatingIfNeeded: code.position)
    handlers[Int(activeHandler)].isUsed = true
    if guardedCallCount > 0, guardedCalls[guardedCallCount - 1].handler == activeHandler {
      guardedCalls[guardedCallCount - 1].end = end
      return
    }
    if guardedCallCount == guardedCallCapacity {
      guardedCalls = enlarged(guardedCalls, guardedCallCapacity)
      guardedCallCapacity *= 2
    }
    guardedCalls[guardedCallCount] = GuardedCalls(
      handler: activeHandler, start: end - 1, end: end)
    guardedCallCount += 1
  }

  /// At the body's end: all handlers have their code.
  mutating func collectPads() {
    for index in 0..<guardedCallCount {
      let calls = guardedCalls[index]
      pads.append(
        PadRecord(
          start: UInt32(calls.start), end: UInt32(calls.end),
          pad: UInt32(handlers[Int(calls.handler)].pad)))
    }
  }

  // MARK: Handlers.

  /// Makes a handler, which is the one for what follows.
  private mutating func openHandler() -> Int32 {
    if handlerCount == handlerCapacity {
      handlers = enlarged(handlers, handlerCapacity)
      handlerCapacity *= 2
    }
    handlers[handlerCount] = Handler(outer: activeHandler)
    activeHandler = Int32(truncatingIfNeeded: handlerCount)
    handlerCount += 1
    return activeHandler
  }

  /// Begins the code of handler `index`, to which nothing falls; false where nothing needs it. The
  /// exception is in rax, which is claimed.
  private mutating func beginHandler(_ index: Int32, height: Int) -> Bool {
    discardOperands(to: height)
    guard handlers[Int(index)].isUsed else { return false }
    code.reserve()
    handlers[Int(index)].pad = Int32(truncatingIfNeeded: code.position)
    link(handlers[Int(index)].chain)
    beginClause()
    restoreSegmentBase()
    return true
  }

  /// Nothing is where it was but the frame, and the exception in rax.
  private mutating func beginClause() {
    (resident, dirty) = (0, 0)
    claim(.rax)
    requireVMContext()
    isReachable = true
  }

  /// Compares the tag of the exception in rax; returns the jump that is taken where it is another.
  private mutating func compareTag(_ tag: TagPlace) -> Int {
    code.load(true, .r11, Address(.r12, tag.offset))
    code.arithmetic(.cmp, true, .r11, Address(.rax, Int32(ExceptionLayout.tag)))
    return code.jump(if: .notEqual)
  }

  /// Pushes what the exception in rax carries.
  private mutating func pushPayload(_ signature: Signature) {
    forEachValue(signature) { (self, _, kind, address) in
      self.code.reserve()
      let size: ValueKind = kind == .v128 ? .v128 : .f64
      self.load(.xmm15, size, address)
      self.pushSlot(kind)
      self.store(self.slotAddress(self.depth - 1, kind), size, .xmm15)
    }
  }

  /// Pushes the exception in rax.
  private mutating func pushException() {
    pushSlot(.reference)
    store(slotAddress(depth - 1, .reference), .reference, .rax)
  }

  private mutating func pushSlot(_ kind: ValueKind) {
    pushSlots(tables.singleKinds + Int(kind.rawValue), 1)
  }

  /// Sends the exception in rax, which nothing here takes, to the code of handler `outer`, or to
  /// the callers.
  private mutating func propagate(to outer: Int32) {
    if outer >= 0 {
      handlers[Int(outer)].isUsed = true
      handlers[Int(outer)].chain = chained(code.jump(), handlers[Int(outer)].chain)
    } else {
      requireVMContext()
      code.move(true, .r14, .rax)
      resumeChain = chained(code.call(), resumeChain)
    }
    free |= Register.rax.bit
    isReachable = false
  }

  // MARK: try_table.

  mutating func enterTryTable() {
    enterBlock()
    let frame = frames + (frameCount - 1)
    frame.pointee.clauses = reader.next
    for _ in 0..<reader.unsigned32() {
      if reader.byte() < 2 { _ = reader.unsigned32() }
      _ = reader.unsigned32()
    }
    frame.pointee.handler = openHandler()
  }

  /// Its clauses' code stands behind it.
  mutating func leaveTryTable(_ level: Int) {
    let index = frames[level].handler
    let outer = handlers[Int(index)].outer
    activeHandler = outer
    if isReachable, handlers[Int(index)].isUsed {
      branch(to: level)
      isReachable = false
    }
    let wasReachable = isReachable
    if !wasReachable, beginHandler(index, height: frames[level].height) {
      // Labels count from outside.
      frameCount = level
      emitClauses(frames[level].clauses!, height: frames[level].height, outer: outer)
    }
    joinLabel(level)
  }

  private mutating func emitClauses(
    _ clauses: UnsafePointer<UInt8>, height: Int, outer: Int32
  ) {
    let behind = reader
    reader.next = clauses
    defer { reader = behind }
    for _ in 0..<reader.unsigned32() {
      code.reserve()
      let kind = reader.byte()
      var next = 0
      if kind < 2 {
        let tag = tables.tags[Int(reader.unsigned32())]
        next = compareTag(tag)
        pushPayload(tag.signature)
      }
      if kind & 1 != 0 { pushException() }
      branch(to: level(reader.unsigned32()))
      discardOperands(to: height)
      if kind >= 2 {
        free |= Register.rax.bit
        isReachable = false
        return
      }
      code.link(next, to: code.position)
    }
    propagate(to: outer)
  }

  // MARK: The older form: `try`, whose clauses are code.

  private mutating func enterTry() {
    enterBlock()
    let frame = frames + (frameCount - 1)
    frame.pointee.kind = .try
    frame.pointee.handler = openHandler()
  }

  /// Ends the body of a `try`, or of its clause before, and begins a clause; nil takes all.
  mutating func beginCatch(_ index: UInt32?) {
    let level = frameCount - 1
    if isReachable { branch(to: level) }
    isReachable = false
    if !beginClauseCode(level) { return }
    frames[level].nextClause = 0
    if let index {
      let tag = tables.tags[Int(index)]
      frames[level].nextClause = Int32(truncatingIfNeeded: compareTag(tag))
      if use.hasRethrow { pushException() }
      pushPayload(tag.signature)
    } else if use.hasRethrow {
      pushException()
    }
    free |= Register.rax.bit
  }

  /// Goes on where the exceptions are that no clause of the `try` at `level` took yet; false where
  /// there are none.
  private mutating func beginClauseCode(_ level: Int) -> Bool {
    let height = frames[level].height
    let index = frames[level].handler
    if frames[level].kind == .try {
      frames[level].kind = .catch
      activeHandler = handlers[Int(index)].outer
      return beginHandler(index, height: height)
    }
    discardOperands(to: height)
    guard frames[level].nextClause != 0 else { return false }
    code.reserve()
    code.link(Int(frames[level].nextClause), to: code.position)
    beginClause()
    return true
  }

  /// Ends a `try`.
  mutating func leaveTry(_ level: Int) {
    finishTry(level, handlers[Int(frames[level].handler)].outer)
  }

  /// Ends a `try` whose exceptions are those of the block that `label` means, counted from outside.
  mutating func leaveDelegate(_ label: UInt32) {
    let level = frameCount - 1
    var target = level - 1 - Int(label)
    while target >= 0, frames[target].handler < 0 || frames[target].kind == .catch { target -= 1 }
    finishTry(level, target >= 0 ? frames[target].handler : -1)
  }

  private mutating func finishTry(_ level: Int, _ outer: Int32) {
    if isReachable { branch(to: level) }
    isReachable = false
    if beginClauseCode(level) { propagate(to: outer) }
    activeHandler = handlers[Int(frames[level].handler)].outer
    joinLabel(level)
  }

  // MARK: The helpers.

  /// `throw` and `resume`, called like bodies with the exception in r14. Their frames are what the
  /// runtime finds this body behind.
  mutating func emitThrowHelpers() {
    if throwChain != 0 { emitThrowHelper(.throw, throwChain) }
    if resumeChain != 0 { emitThrowHelper(.resume, resumeChain) }
  }

  private mutating func emitThrowHelper(_ builtin: Builtin, _ chain: Int32) {
    code.reserve()
    link(chain)
    code.push(.rbp)
    code.move(true, .rbp, .rsp)
    code.move(true, .rdi, .r12)
    code.move(true, .rsi, .r14)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(builtin.rawValue * 8)))
    code.breakpoint()
  }
}
