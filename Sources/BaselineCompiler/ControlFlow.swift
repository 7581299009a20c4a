// Blocks: entering and leaving them.
//
// At a block's entry the operands below go to their slots, so that they are in the same place on
// all ways through it. Operands that a label takes are in operand slots, but for the last result
// of a block, if it has any, which is in rax or xmm0.

internal import CompilerInterface

/// An open block.
struct ControlFrame: BitwiseCopyable {
  enum Kind: UInt8 {
    case function
    case block
    case loop
    case `if`
    case `else`
    /// The body of a `try` of the older form, and its clauses.
    case `try`
    case `catch`
  }

  var kind: Kind
  /// Operands below the block's own.
  var height: Int
  /// What a branch to the block carries.
  var labelKinds: UnsafePointer<ValueKind>
  var labelCount: Int
  /// What the block leaves.
  var resultKinds: UnsafePointer<ValueKind>
  var resultCount: Int

  /// Homes at the label, once a branch has said so (`hasState`), for loops from the beginning.
  var resident: UInt32 = 0
  var dirty: UInt32 = 0
  var hasState = false
  /// Forward jumps to the label, as a chain; 0 for none.
  var chain: Int32 = 0
  /// Entries of a `br_table` under way that lead to the label with something to do before.
  var wayChain: Int32 = 0
  /// A loop's first instruction.
  var head = 0
  /// Of what catches: its place among the handlers, and of a `try_table` its clauses.
  var handler: Int32 = -1
  var clauses: UnsafePointer<UInt8>?
  /// Of a `try` whose body is over: the jump to the next clause; 0 behind one that takes all.
  var nextClause: Int32 = 0
  /// Of an `if`: the jump to its `else`, and the homes there; 0 once that is in place.
  var otherwise: Int32 = 0
  var otherwiseResident: UInt32 = 0
  var otherwiseDirty: UInt32 = 0
  /// Parameters, for the `else`.
  var parameterKinds: UnsafePointer<ValueKind>
  var parameterCount = 0

  init(
    kind: Kind, height: Int, labelKinds: UnsafePointer<ValueKind>, labelCount: Int,
    resultKinds: UnsafePointer<ValueKind>, resultCount: Int
  ) {
    self.kind = kind
    self.height = height
    (self.labelKinds, self.labelCount) = (labelKinds, labelCount)
    (self.resultKinds, self.resultCount) = (resultKinds, resultCount)
    parameterKinds = labelKinds
  }
}

extension FunctionCompiler {
  // MARK: Block types.

  /// Reads a block's type.
  mutating func blockSignature() -> Signature {
    let first = reader.next.pointee
    let nothing = tables.singleKinds
    var signature = Signature(
      parameters: nothing, parameterCount: 0, results: nothing, resultCount: 0)
    if first == 0x40 {
      reader.next += 1
    } else if first & 0xC0 == 0x40 {
      signature.results = tables.singleKinds + Int(valueKind().rawValue)
      signature.resultCount = 1
    } else {
      signature = signatures[Int(reader.signed())]
    }
    return signature
  }

  /// Reads a value type.
  private mutating func valueKind() -> ValueKind {
    let code = reader.byte()
    if code == 0x63 || code == 0x64 { return referenceKind(reader.signed()) }
    return ValueKind(code: code)
  }

  /// The kind of references to a heap type: an index, or the code of an abstract one.
  mutating func referenceKind(_ heapType: Int64) -> ValueKind {
    if heapType >= 0 { return tables.typePlaces[Int(heapType)].isFunction ? .i64 : .reference }
    return ValueKind(code: UInt8(truncatingIfNeeded: heapType & 0x7F))
  }

  mutating func pushFrame(_ frame: ControlFrame) {
    if frameCount == frameCapacity {
      frames = enlarged(frames, frameCapacity)
      frameCapacity *= 2
    }
    frames[frameCount] = frame
    frameCount &+= 1
  }

  // MARK: Entering.

  mutating func enterBlock() {
    let signature = blockSignature()
    let height = depth - signature.parameterCount
    stabilize(from: frames[frameCount - 1].height, to: height)
    pushFrame(
      ControlFrame(
        kind: .block, height: height, labelKinds: signature.results,
        labelCount: signature.resultCount, resultKinds: signature.results,
        resultCount: signature.resultCount))
  }

  mutating func enterLoop() {
    let signature = blockSignature()
    let height = depth - signature.parameterCount
    stabilize(from: frames[frameCount - 1].height, to: height)
    spillAll(from: height)
    let use = use.loops[nextLoop]
    nextLoop += 1
    loopDepth += 1
    prepareHomes(use)
    var frame = ControlFrame(
      kind: .loop, height: height, labelKinds: signature.parameters,
      labelCount: signature.parameterCount, resultKinds: signature.results,
      resultCount: signature.resultCount)
    frame.head = code.position
    frame.resident = resident
    frame.dirty = dirty
    frame.hasState = true
    pushFrame(frame)
    if counts, !usesRoots, height == 0, signature.parameterCount == 0 { countRound() }
  }

  /// Decides which homes hold their locals at a loop's head, and makes it so.
  private mutating func prepareHomes(_ use: LoopUse) {
    if use.hasCall {
      // Calls store what is dirty: what the loop does not change need not be stored in each round.
      storeHomes(dirty & ~use.assigned)
    } else {
      var missing = use.used & ~resident
      while missing != 0 {
        makeResident(Register(UInt8(truncatingIfNeeded: missing.trailingZeroBitCount)))
        missing &= missing &- 1
      }
      if tables.hasMemory, !usesSegmentBase { requireMemoryBase() }
    }
    // At the jump back these may be newer than their slots.
    dirty |= use.assigned & resident
  }

  /// Enters an `if` whose condition holds if `condition` does.
  mutating func enterIf(_ condition: Condition) {
    let signature = blockSignature()
    let height = depth - signature.parameterCount
    stabilize(from: frames[frameCount - 1].height, to: height)
    if signature.parameterCount > 0 { spillAll(from: height) }
    var frame = ControlFrame(
      kind: .if, height: height, labelKinds: signature.results,
      labelCount: signature.resultCount, resultKinds: signature.results,
      resultCount: signature.resultCount)
    frame.parameterKinds = signature.parameters
    frame.parameterCount = signature.parameterCount
    frame.otherwise = Int32(truncatingIfNeeded: code.jump(if: condition.inverse))
    frame.otherwiseResident = resident
    frame.otherwiseDirty = dirty
    pushFrame(frame)
  }

  /// Sends all operands from `floor` on to their slots, constants too.
  mutating func spillAll(from floor: Int) {
    for place in floor..<max(floor, depth) {
      let operand = operands[place]
      if operand.place == .slot, Int(operand.index) == place { continue }
      code.reserve()
      spill(place)
    }
  }

  // MARK: Leaving.

  mutating func enterElse() {
    let level = frameCount - 1
    if isReachable {
      transferOperands(to: level)
      agree(with: level)
      conform(to: level)
      let place = code.jump()
      frames[level].chain = chained(place, frames[level].chain)
    }
    discardOperands(to: frames[level].height)
    code.link(Int(frames[level].otherwise), to: code.position)
    frames[level].otherwise = 0
    resident = frames[level].otherwiseResident
    dirty = frames[level].otherwiseDirty
    frames[level].kind = .else
    pushSlots(frames[level].parameterKinds, frames[level].parameterCount)
    isReachable = true
  }

  mutating func leaveBlock() {
    let level = frameCount - 1
    let frame = frames[level]
    switch frame.kind {
    case .function: return leaveFunction()
    case .loop:
      // Branches to a loop go to its head, so this is the only way out.
      loopDepth -= 1
      frameCount = level
      if !isReachable { discardOperands(to: frame.height) }
      return
    case .if: joinMissingElse(level)
    case .block where frame.handler >= 0: leaveTryTable(level)
    case .try, .catch: leaveTry(level)
    case .block, .else: joinLabel(level)
    }
  }

  private mutating func leaveFunction() {
    if isReachable { emitReturn() }
    isReachable = false
    depth = 0
    frameCount = 0
  }

  /// The end of a block: what falls into it and what branches to it meet.
  mutating func joinLabel(_ level: Int) {
    frameCount = level
    let chain = frames[level].chain
    if chain == 0 {
      // No branch came here: all is as it is.
      if !isReachable { discardOperands(to: frames[level].height) }
      return
    }
    if isReachable {
      transferOperands(to: level)
      agree(with: level)
      conform(to: level)
    }
    arrive(level)
  }

  /// The end of an `if` without `else`, whose parameters then are its results.
  private mutating func joinMissingElse(_ level: Int) {
    frameCount = level
    let frame = frames[level]
    if !frames[level].hasState {
      // The way around gives the state.
      frames[level].hasState = true
      frames[level].resident = frame.otherwiseResident
      frames[level].dirty = frame.otherwiseDirty
    }
    if isReachable {
      transferOperands(to: level)
      agree(with: level)
      conform(to: level)
    }
    // Now the way around: its operands are in slots.
    let over = isReachable ? code.jump() : 0
    let around = code.position
    discardOperands(to: frame.height)
    pushSlots(frame.parameterKinds, frame.parameterCount)
    code.link(Int(frame.otherwise), to: around)
    resident = frame.otherwiseResident
    dirty = frame.otherwiseDirty
    transferOperands(to: level)
    agree(with: level)
    conform(to: level)
    if over != 0 {
      // Nothing to do on the way around is the rule: then there is nothing to jump over.
      if code.position == around {
        code.rewind(to: over - 1)
        code.link(Int(frame.otherwise), to: over - 1)
      } else {
        code.link(over, to: code.position)
      }
    }
    arrive(level)
  }

  /// All branches to the label of frame `level` lead here, where its results are.
  private mutating func arrive(_ level: Int) {
    let frame = frames[level]
    link(frame.chain)
    resident = frame.resident
    dirty = frame.dirty
    discardOperands(to: frame.height)
    isReachable = true
    guard frame.resultCount > 0 else { return }
    pushSlots(frame.resultKinds, frame.resultCount - 1)
    let kind = frame.resultKinds[frame.resultCount - 1]
    let register = Self.resultRegister(kind)
    claim(register)
    push(register, kind)
  }

  /// Forgets operands from `height` on.
  mutating func discardOperands(to height: Int) {
    if depth > height { drop(depth - height) }
    depth = height
  }

  /// Pushes operands that are in their slots.
  mutating func pushSlots(_ kinds: UnsafePointer<ValueKind>, _ count: Int) {
    for place in 0..<count {
      push(
        Operand(
          place: .slot, kind: kinds[place], register: .none, isUnclean: false,
          index: UInt32(truncatingIfNeeded: depth), bits: 0))
      noteSlot(depth - 1, kinds[place])
    }
  }

  /// Where a block's last result is at its label.
  @inline(__always)
  static func resultRegister(_ kind: ValueKind) -> Register { kind.isVector ? .xmm0 : .rax }
}
