// How the runtime calls wasm functions, and they the host: one thunk a type of either kind.
// `CallingConvention` says what they do.

internal import CompilerInterface

extension FunctionCompiler {
  /// `void thunk(const void *code, void *vmctx, uint64_t *slots)`; returns its position.
  mutating func emitEntryThunk(_ type: Int) -> Int {
    code.reserve()
    code.align(to: 16)
    let start = code.position
    let signature = signatures[type]
    code.push(.rbp)
    code.move(true, .rbp, .rsp)
    for register in Self.savedByC { code.push(register) }
    code.push(.rdx)
    code.move(true, .rax, .rdi)
    code.move(true, .r12, .rsi)
    code.move(true, .r10, .rdx)
    code.load(true, .rbx, Address(.r12, Int32(VMContextLayout.argumentArea)))
    forEachParameter(signature) { (self, kind, register, area, slot) in
      if register != .none {
        self.load(register, kind, Address(.r10, slot))
      } else {
        self.load(.xmm15, kind == .v128 ? .v128 : .f64, Address(.r10, slot))
        self.store(Address(.rbx, area), kind == .v128 ? .v128 : .f64, .xmm15)
      }
    }
    poisonParameters(signature)
    code.push(.r12)
    // Seven registers are pushed: eight bytes more align the stack.
    code.arithmetic(.sub, true, .rsp, immediate: 8)
    code.call(.rax)
    code.load(true, .r10, Address(.rbp, -48))
    code.load(true, .r12, Address(.rbp, -56))
    code.load(true, .rbx, Address(.r12, Int32(VMContextLayout.argumentArea)))
    forEachResult(signature) { (self, kind, isFirst, area, slot) in
      if isFirst {
        self.store(Address(.r10, slot), kind, Self.resultRegister(kind))
      } else {
        self.load(.xmm15, kind == .v128 ? .v128 : .f64, Address(.rbx, area))
        self.store(Address(.r10, slot), kind == .v128 ? .v128 : .f64, .xmm15)
      }
    }
    code.loadAddress(true, .rsp, Address(.rbp, -40))
    for register in Self.savedByC.reversed() { code.pop(register) }
    code.pop(.rbp)
    code.ret()
    return start
  }

  /// What the C convention leaves to the callee, rbp aside.
  private static let savedByC: [Register] = [.rbx, .r12, .r13, .r14, .r15]

  /// Called like a table entry with a host function record as its VMContext; returns its position.
  mutating func emitHostThunk(_ type: Int) -> Int {
    code.reserve()
    code.align(to: 16)
    let start = code.position
    let signature = signatures[type]
    code.push(.rbp)
    code.move(true, .rbp, .rsp)
    let slotBytes = (max(parameterBytes(signature), resultBytes(signature)) + 15) & ~15
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.stackLimit)))
    code.arithmetic(.add, true, .rax, immediate: Int32(CallingConvention.stackReserve))
    code.arithmetic(.cmp, true, .rbp, .rax)
    let enough = code.shortJump(if: .aboveOrEqual)
    code.move(.rsi, immediate: UInt64(TrapCode.stackExhausted.rawValue))
    let raise = code.position
    code.move(true, .rdi, .r12)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(Builtin.raise.rawValue * 8)))
    code.breakpoint()
    code.land(enough)
    // The slots, and below them what the record is needed for afterwards: the stack's reserve is
    // larger than any of it.
    code.arithmetic(.sub, true, .rsp, immediate: slotBytes + 16)
    code.store(true, Address(.rsp, slotBytes), .r12)
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
    forEachParameter(signature) { (self, kind, register, area, slot) in
      if register != .none {
        self.store(Address(.rsp, slot), kind, register)
      } else {
        self.load(.xmm15, kind == .v128 ? .v128 : .f64, Address(.r11, area))
        self.store(Address(.rsp, slot), kind == .v128 ? .v128 : .f64, .xmm15)
      }
    }
    code.load(true, .rdi, Address(.r12, Int32(HostRecordLayout.environment)))
    code.move(true, .rsi, .rsp)
    code.call(Address(.r12, Int32(HostRecordLayout.function)))
    code.load(true, .r12, Address(.rsp, slotBytes))
    code.move(false, .rsi, .rax)
    code.test(false, .rax, .rax)
    code.jump(if: .notEqual, backTo: raise)
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.argumentArea)))
    forEachResult(signature) { (self, kind, isFirst, area, slot) in
      if isFirst {
        self.load(Self.resultRegister(kind), kind, Address(.rsp, slot))
      } else {
        self.load(.xmm15, kind == .v128 ? .v128 : .f64, Address(.rsp, slot))
        self.store(Address(.r11, area), kind == .v128 ? .v128 : .f64, .xmm15)
      }
    }
    code.leave()
    code.ret()
    return start
  }

  // MARK: Slots, laid out as `SlotLayout` does.

  private func slotBytes(_ kind: ValueKind) -> Int32 { kind == .v128 ? 16 : 8 }

  private func parameterBytes(_ signature: Signature) -> Int32 {
    (0..<signature.parameterCount).reduce(0) { $0 + slotBytes(signature.parameters[$1]) }
  }

  private func resultBytes(_ signature: Signature) -> Int32 {
    (0..<signature.resultCount).reduce(0) { $0 + slotBytes(signature.results[$1]) }
  }

  /// Each parameter's kind, register or `.none`, offset in the argument area, offset in the slots.
  private mutating func forEachParameter(
    _ signature: Signature, _ body: (inout Self, ValueKind, Register, Int32, Int32) -> Void
  ) {
    var integers = 0
    var vectors = 0
    var area: Int32 = 0
    var slot: Int32 = 0
    for place in 0..<signature.parameterCount {
      code.reserve()
      let kind = signature.parameters[place]
      let used = kind.isVector ? vectors : integers
      if used < 8 {
        let register =
          kind.isVector
          ? RegisterRoles.vectorParameter(used) : RegisterRoles.integerParameter(used)
        if kind.isVector { vectors += 1 } else { integers += 1 }
        body(&self, kind, register, 0, slot)
      } else {
        body(&self, kind, .none, area, slot)
        area += Int32(CallingConvention.areaSlotByteCount)
      }
      slot += slotBytes(kind)
    }
  }

  /// Each result's kind, whether it is the first, offset in the argument area, offset in the slots.
  private mutating func forEachResult(
    _ signature: Signature, _ body: (inout Self, ValueKind, Bool, Int32, Int32) -> Void
  ) {
    var slot: Int32 = 0
    for place in 0..<signature.resultCount {
      code.reserve()
      let kind = signature.results[place]
      let area = Int32((place - 1) * CallingConvention.areaSlotByteCount)
      body(&self, kind, place == 0, area, slot)
      slot += slotBytes(kind)
    }
  }
}
