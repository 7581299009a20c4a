// Code for a region: calls through the dispatch table, and counting how hot code is.

internal import CompileService
internal import CompilerInterface

/// A distance to something in the region or the requests, written when the code's place is known.
struct RegionReference: BitwiseCopyable {
  /// Where the distance is to be written, the last 4 bytes of its instruction.
  var place: UInt32
  /// What is meant, from the region's start; negative for the requests.
  var target: Int32
}

/// A loop whose budget may be used up.
struct HotLoop: BitwiseCopyable {
  var number: UInt32
  /// The jump to the code behind the body, and where that comes back to.
  var jump: Int32
  var back: Int32
  /// Homes at the loop's head.
  var resident: UInt32
  var dirty: UInt32
}

extension FunctionCompiler {
  /// The slot of a defined function in the dispatch table.
  @inline(__always)
  func slot(of function: UInt32) -> Int {
    CodeRegionLayout.slots + (Int(function) - tables.importedFunctionCount) * 8
  }

  mutating func noteReference(_ place: Int, _ target: Int) {
    references.append(
      RegionReference(
        place: UInt32(truncatingIfNeeded: place), target: Int32(truncatingIfNeeded: target)))
  }

  private mutating func noteRequest(_ place: Int, _ offset: Int) {
    noteReference(place, offset - region!.layout.requestsByteCount)
  }

  // MARK: Heat.

  /// One more entry of the function.
  mutating func countEntry() {
    let defined = Int(function) - tables.importedFunctionCount
    noteRequest(code.incrementRelative(), CodeRegionLayout.heat + defined * 4)
  }

  /// Takes one round from the budget of the loop whose head is here. Nothing but locals is alive:
  /// there are no operands.
  mutating func countRound() {
    let defined = Int(function) - tables.importedFunctionCount
    guard let number = region!.numberLoop(function: defined, ordinal: nextLoop - 1) else { return }
    noteRequest(code.decrementRelative(), region!.layout.loopBudgets + number * 4)
    let jump = code.jump(if: .negative)
    if hotLoopCount == hotLoopCapacity {
      hotLoops = enlarged(hotLoops, hotLoopCapacity)
      hotLoopCapacity *= 2
    }
    hotLoops[hotLoopCount] = HotLoop(
      number: UInt32(number), jump: Int32(truncatingIfNeeded: jump),
      back: Int32(truncatingIfNeeded: code.position), resident: resident, dirty: dirty)
    hotLoopCount += 1
  }

  /// Behind the body: asks whether there is better code to go on in; goes there, or back.
  mutating func emitHotLoop(_ loop: HotLoop) {
    code.reserve()
    code.link(Int(loop.jump), to: code.position)
    forEachHome(loop.resident & loop.dirty) { (self, home, local) in
      self.store(local.address, local.kind, home)
    }
    code.load(true, .rdi, Self.vmctxSlot)
    code.move(.rsi, immediate: UInt64(loop.number))
    noteReference(code.encodeRelative(.one(0x8D, wide: true), .rdx), 0)
    code.load(true, .rax, Address(.rdi, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(Builtin.loopIsHot.rawValue * 8)))
    code.test(true, .rax, .rax)
    let hasCode = code.jump(if: .notEqual)
    if loop.resident & Register.r12.bit != 0 { code.load(true, .r12, Self.vmctxSlot) }
    if loop.resident & memoryBaseBit != 0 { reloadMemoryBase() }
    forEachHome(loop.resident) { (self, home, local) in
      self.load(home, local.kind, local.address)
    }
    code.jump(backTo: Int(loop.back))
    code.link(hasCode, to: code.position)
    code.load(true, .r12, Self.vmctxSlot)
    if passesMemoryBase { code.load(true, .r13, Self.memoryBaseSlot) }
    handLocalsOver()
    code.leave()
    code.jump(to: .rax)
  }

  private mutating func reloadMemoryBase() {
    if passesMemoryBase { return code.load(true, .r13, Self.memoryBaseSlot) }
    code.load(true, .r13, Self.vmctxSlot)
    code.load(true, .r13, Address(.r13, Int32(VMContextLayout.memoryBase)))
  }

  private mutating func forEachHome(
    _ homes: UInt32, _ body: (inout Self, Register, Local) -> Void
  ) {
    var left = homes & ~(Register.r12.bit | memoryBaseBit)
    while left != 0 {
      code.reserve()
      let home = Register(UInt8(truncatingIfNeeded: left.trailingZeroBitCount))
      left &= left &- 1
      body(&self, home, locals[Int(homeLocals[Int(home.code)])])
    }
  }

  /// Copies all locals that are used from their slots to the argument area. rax stays as it is.
  private mutating func handLocalsOver() {
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
    for index in 0..<localCount where use.weights[index] > 0 {
      code.reserve()
      let local = locals[index]
      let kind: ValueKind = local.kind == .v128 ? .v128 : .f64
      load(.xmm15, kind, local.address)
      store(
        Address(.r11, Int32(index * CallingConvention.areaSlotByteCount)), kind, .xmm15)
    }
  }

  // MARK: What all functions share.

  /// The table entry and the request stub of each defined function, and the code that stubs share.
  mutating func emitStubs(_ functionCount: Int) {
    let shared = functionCount * CodeRegionLayout.stubByteCount
    for function in 0..<functionCount {
      code.reserve()
      let start = code.position
      for byte in tables.tableEntryCode { code.put8(byte) }
      noteReference(code.jumpThroughRelative(), CodeRegionLayout.slots + function * 8)
      code.align(to: CodeRegionLayout.requestStub)
      code.move(.rax, immediate: UInt64(function))
      code.link(code.jump(), to: shared)
      while code.position < start + CodeRegionLayout.stubByteCount { code.breakpoint() }
    }
    emitRequest()
  }

  /// Waits for the code of the function whose number is in eax, and goes on there with all arguments.
  private mutating func emitRequest() {
    code.reserve()
    code.push(.rbp)
    code.move(true, .rbp, .rsp)
    let saved: [Register] = [.rdi, .rsi, .rdx, .rcx, .r8, .r9]
    for register in saved { code.push(register) }
    code.arithmetic(.sub, true, .rsp, immediate: 128)
    for index in 0..<8 {
      store(Address(.rsp, Int32(index * 16)), .v128, RegisterRoles.vectorParameter(index))
    }
    code.move(false, .rsi, .rax)
    code.move(true, .rdi, .r12)
    noteReference(code.encodeRelative(.one(0x8D, wide: true), .rdx), 0)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(Builtin.awaitCode.rawValue * 8)))
    code.reserve()
    for index in 0..<8 {
      load(RegisterRoles.vectorParameter(index), .v128, Address(.rsp, Int32(index * 16)))
    }
    code.arithmetic(.add, true, .rsp, immediate: 128)
    for register in saved.reversed() { code.pop(register) }
    code.pop(.rbp)
    code.jump(to: .rax)
  }
}
