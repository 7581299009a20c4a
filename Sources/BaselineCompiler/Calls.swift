// Calls of wasm functions: arguments to their places, the call, results from theirs.

internal import CompilerInterface

extension FunctionCompiler {
  // MARK: The kinds of calls.

  mutating func call() {
    let function = reader.unsigned32()
    let signature = signatures[Int(functionTypes[Int(function)])]
    let isImported = function < UInt32(truncatingIfNeeded: tables.importedFunctionCount)
    prepareArguments(signature, keepsHomes: false)
    if isImported {
      enterImport(function)
      code.call(.rax)
    } else if isShared {
      noteReference(code.callThroughRelative(), slot(of: function))
    } else {
      noteCall(code.call(), function)
    }
    collectResults(
      signature, mayLeave: isImported || tables.segmentBase.changesInDirectCalls)
  }

  mutating func returnCall() {
    let function = reader.unsigned32()
    let signature = signatures[Int(functionTypes[Int(function)])]
    prepareArguments(signature, keepsHomes: true)
    if function < UInt32(truncatingIfNeeded: tables.importedFunctionCount) {
      enterImport(function)
      code.leave()
      code.jump(to: .rax)
    } else {
      code.leave()
      if isShared {
        noteReference(code.jumpThroughRelative(), slot(of: function))
      } else {
        noteCall(code.jump(), function)
      }
    }
    isReachable = false
  }

  mutating func callIndirect() {
    let signature = findElement()
    callThroughR10(signature)
  }

  mutating func returnCallIndirect() {
    let signature = findElement()
    jumpThroughR10(signature)
  }

  mutating func callReference() {
    let signature = popFunctionReference()
    callThroughR10(signature)
  }

  mutating func returnCallReference() {
    let signature = popFunctionReference()
    jumpThroughR10(signature)
  }

  /// Calls the function whose funcref, or table element, r10 points to.
  private mutating func callThroughR10(_ signature: Signature) {
    prepareArguments(signature, keepsHomes: false)
    code.load(true, .r12, Address(.r10, Int32(VMContextLayout.funcRefVMContext)))
    code.call(Address(.r10, Int32(VMContextLayout.funcRefCode)))
    free |= Register.r10.bit
    collectResults(signature, mayLeave: true)
  }

  private mutating func jumpThroughR10(_ signature: Signature) {
    prepareArguments(signature, keepsHomes: true)
    code.load(true, .r12, Address(.r10, Int32(VMContextLayout.funcRefVMContext)))
    code.leave()
    code.jump(to: Address(.r10, Int32(VMContextLayout.funcRefCode)))
    free |= Register.r10.bit
    isReachable = false
  }

  /// Pops a reference into r10; traps where it is null.
  private mutating func popFunctionReference() -> Signature {
    let type = Int(reader.unsigned32())
    moveToR10(pop())
    code.test(true, .r10, .r10)
    jumpToTrap(.nullReference, if: .equal)
    return signatures[type]
  }

  /// Moves a popped operand to r10, which is claimed then; an i32 is clean there.
  private mutating func moveToR10(_ operand: Operand) {
    if operand.place == .register, operand.register == .r10 {
      if operand.isUnclean { code.move(false, .r10, .r10) }
    } else {
      claim(.r10)
      move(operand, to: .r10)
      release(operand)
    }
  }

  /// rax is the code of an imported function, r12 its VMContext.
  private mutating func enterImport(_ function: UInt32) {
    let offset = Int32(tables.layout.importedFunctions[Int(function)])
    code.load(true, .rax, Address(.r12, offset))
    code.load(true, .r12, Address(.r12, offset + 8))
  }

  /// Pops the index of `call_indirect` and finds the table's element, whose address then is in r10;
  /// traps where there is none of the type. Spec: core 3.0 §4.4.8.13.
  private mutating func findElement() -> Signature {
    let type = Int(reader.unsigned32())
    let table = tables.tables[Int(reader.unsigned32())]
    requireVMContext()
    moveToR10(pop())
    tableElement(table, .r10)
    guard tables.typePlaces[type].isFinal else {
      checkSubtype(of: tables.typePlaces[type])
      return signatures[type]
    }
    code.load(false, .r11, Address(.r12, Int32(tables.layout.typeIDs[type])))
    code.arithmetic(.cmp, false, Address(.r10, Int32(VMContextLayout.funcRefTypeID)), .r11)
    let mismatch = code.jump(if: .notEqual)
    mismatchChain = chained(mismatch, mismatchChain)
    return signatures[type]
  }

  /// Turns a clean index in `register` into the element's address; traps outside of the table.
  mutating func tableElement(_ table: TablePlace, _ register: Register) {
    var definition = Address(.r12, table.offset)
    if table.isImported {
      code.load(true, .r11, definition)
      definition = Address(.r11, 0)
    }
    var length = definition
    length.displacement += 8
    code.arithmetic(.cmp, true, register, length)
    jumpToTrap(.tableOutOfBounds, if: .aboveOrEqual)
    code.shift(.left, true, register, by: table.holdsFunctions ? 5 : 3)
    code.arithmetic(.add, true, register, definition)
  }

  private mutating func noteCall(_ place: Int, _ function: UInt32) {
    if callSiteCount == callSiteCapacity {
      callSites = enlarged(callSites, callSiteCapacity)
      callSiteCapacity *= 2
    }
    callSites[callSiteCount] = CallSite(
      place: UInt32(truncatingIfNeeded: place), function: function)
    callSiteCount += 1
  }

  // MARK: Arguments.

  /// Pops the arguments to their places. Everything else that the callee may clobber is saved: all
  /// but the frame. With `keepsHomes` nothing is, since nothing of this frame is used any more.
  private mutating func prepareArguments(_ signature: Signature, keepsHomes: Bool) {
    let count = signature.parameterCount
    let first = depth - count
    if !keepsHomes {
      stabilizeRegisters(to: first)
      storeHomes(dirty)
    }
    requireVMContext()
    if keepsHomes { takeOffRoots() }
    if passesMemoryBase { requireMemoryBase() }
    placeArguments(signature, first)
    drop(count)
  }

  /// Sends operands in registers below `top` to their slots; those that stand for locals stay.
  mutating func stabilizeRegisters(to top: Int) {
    var inUse = temporaries & ~free
    while inUse != 0 {
      let owner = Int(owners[inUse.trailingZeroBitCount])
      inUse &= inUse &- 1
      if owner >= 0, owner < top { spill(owner) }
    }
  }

  /// Copies the operands from `first` on to the parameters' places. First those for the argument
  /// area, then those that are in registers, as if all at once, then the others.
  private mutating func placeArguments(_ signature: Signature, _ first: Int) {
    var integers = 0
    var vectors = 0
    var overflow = 0
    // By register of the target, the source; register moves only.
    var moves = RegisterMoveSet()
    var hasOthers = false
    for place in 0..<signature.parameterCount {
      let kind = signature.parameters[place]
      let used = kind.isVector ? vectors : integers
      if used >= 8 {
        code.reserve()
        if overflow == 0 {
          code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
        }
        storeToArea(
          operands[first + place],
          Address(.r11, Int32(overflow * CallingConvention.areaSlotByteCount)))
        overflow += 1
        continue
      }
      let target =
        kind.isVector
        ? RegisterRoles.vectorParameter(used) : RegisterRoles.integerParameter(used)
      if kind.isVector { vectors += 1 } else { integers += 1 }
      let source = currentRegister(operands[first + place])
      if source == .none {
        hasOthers = true
      } else {
        moves.add(target, source)
      }
    }
    emit(&moves)
    if hasOthers { loadArguments(signature, first) }
    poisonParameters(signature)
  }

  /// Loads the arguments that were not in registers.
  private mutating func loadArguments(_ signature: Signature, _ first: Int) {
    var integers = 0
    var vectors = 0
    for place in 0..<signature.parameterCount {
      let kind = signature.parameters[place]
      let used = kind.isVector ? vectors : integers
      if used >= 8 { continue }
      let target =
        kind.isVector
        ? RegisterRoles.vectorParameter(used) : RegisterRoles.integerParameter(used)
      if kind.isVector { vectors += 1 } else { integers += 1 }
      let operand = operands[first + place]
      if currentRegister(operand) == .none { move(operand, to: target) }
    }
  }

  /// The register that holds an operand on the stack now; `.none` where none does.
  @inline(__always)
  private mutating func currentRegister(_ operand: Operand) -> Register {
    if operand.place == .register { return operand.register }
    if operand.place == .local {
      let home = locals[Int(operand.index)].home
      if home != .none, resident & home.bit != 0 { return home }
    }
    return .none
  }

  /// Emits moves that happen at once. All bits move: the callee does not mind.
  private mutating func emit(_ moves: inout RegisterMoveSet) {
    while moves.targets != 0 {
      var progress = false
      var left = moves.targets
      while left != 0 {
        let target = Register(UInt8(truncatingIfNeeded: left.trailingZeroBitCount))
        left &= left &- 1
        // Somebody still wants what is there.
        if moves.readers(of: target) != 0 { continue }
        let source = moves.source(of: target)
        copy(target, source, source.isVector ? .v128 : .i64)
        moves.remove(target)
        progress = true
      }
      if progress || moves.targets == 0 { continue }
      // Only cycles are left: what one of them overwrites waits in the scratch register.
      let target = Register(UInt8(truncatingIfNeeded: moves.targets.trailingZeroBitCount))
      let scratch: Register = target.isVector ? .xmm15 : .r11
      copy(scratch, target, target.isVector ? .v128 : .i64)
      moves.redirect(target, to: scratch)
    }
  }

  // MARK: Results.

  /// Nothing is where it was but the frame; pushes the results. `mayLeave`: the call may have come to
  /// another instance.
  private mutating func collectResults(_ signature: Signature, mayLeave: Bool) {
    noteGuardedCall()
    resident = 0
    dirty = 0
    if mayLeave { restoreSegmentBase() }
    guard signature.resultCount > 0 else { return }
    let kind = signature.results[0]
    let register = Self.resultRegister(kind)
    claim(register)
    push(register, kind)
    operands[depth - 1].isUnclean = kind == .i32
    guard signature.resultCount > 1 else { return }
    requireVMContext()
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
    for place in 1..<signature.resultCount {
      code.reserve()
      let kind = signature.results[place]
      let size: ValueKind = kind == .v128 ? .v128 : .f64
      let source = Address(.r11, Int32((place - 1) * CallingConvention.areaSlotByteCount))
      load(.xmm15, size, source)
      store(slotAddress(depth, kind), size, .xmm15)
      push(
        Operand(
          place: .slot, kind: kind, register: .none, isUnclean: false,
          index: UInt32(truncatingIfNeeded: depth), bits: 0))
      noteSlot(depth - 1, kind)
    }
  }
}

/// Moves between registers that happen at once.
struct RegisterMoveSet {
  /// Registers that are still to be written.
  private(set) var targets: UInt32 = 0
  /// By target, five bits of its source each: eight bits wide, so that two words per file do.
  private var general: (UInt64, UInt64) = (0, 0)
  private var vector: (UInt64, UInt64) = (0, 0)
  /// How many moves read each register, four bits each.
  private var generalReaders: UInt64 = 0
  private var vectorReaders: UInt64 = 0

  @inline(__always)
  mutating func add(_ target: Register, _ source: Register) {
    if target == source { return }
    targets |= target.bit
    setSource(target, source)
    count(source, 1)
  }

  @inline(__always)
  func readers(of register: Register) -> UInt64 {
    (register.isVector ? vectorReaders : generalReaders) >> (register.number * 4) & 15
  }

  @inline(__always)
  func source(of target: Register) -> Register {
    let words = target.isVector ? vector : general
    let word = target.number < 8 ? words.0 : words.1
    return Register(UInt8(truncatingIfNeeded: word >> ((target.number & 7) * 8)))
  }

  @inline(__always)
  mutating func remove(_ target: Register) {
    targets &= ~target.bit
    count(source(of: target), -1)
  }

  /// Whoever reads `register` reads `other` instead.
  mutating func redirect(_ register: Register, to other: Register) {
    var left = targets
    while left != 0 {
      let target = Register(UInt8(truncatingIfNeeded: left.trailingZeroBitCount))
      left &= left &- 1
      guard source(of: target) == register else { continue }
      count(register, -1)
      count(other, 1)
      setSource(target, other)
    }
  }

  private mutating func count(_ register: Register, _ change: Int64) {
    let step = UInt64(bitPattern: change) &<< (register.number &* 4)
    if register.isVector { vectorReaders &+= step } else { generalReaders &+= step }
  }

  private mutating func setSource(_ target: Register, _ source: Register) {
    let shift = (target.number & 7) &* 8
    let bits = UInt64(source.code) &<< shift
    let mask = ~(UInt64(0xFF) &<< shift)
    switch (target.isVector, target.number < 8) {
    case (false, true): general.0 = general.0 & mask | bits
    case (false, false): general.1 = general.1 & mask | bits
    case (true, true): vector.0 = vector.0 & mask | bits
    case (true, false): vector.1 = vector.1 & mask | bits
    }
  }
}
