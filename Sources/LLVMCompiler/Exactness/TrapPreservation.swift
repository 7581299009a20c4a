// Keeps the loads that trap in wasm and that LLVM would drop for want of a use.
//
// To LLVM a load whose value nobody needs is nothing; in wasm it traps where its address is out of
// bounds. Making every load volatile would keep them all and cost what LLVM is used for: loads
// could not be forwarded from stores any more (which makes unoptimised C three times faster), nor
// loops be vectorised (a matrix product takes 1.36 of its time). So only those are made volatile
// whose value does not reach anything that LLVM must keep.

internal import CLLVM

/// Looks for dead loads in one function whose locals are values already. Before that, every load
/// seems to have a use.
struct TrapPreservation {
  private let tbaaKind: UInt32
  private let memories: Set<LLVMValueRef>
  /// Values that are needed, as far as that was asked.
  private var needed: Set<LLVMValueRef> = []
  /// Values that a search has come by.
  private var visited: Set<LLVMValueRef> = []

  /// Every load is kept, needed or not.
  private let keepsAll: Bool

  init(_ unit: UnitModule, keepsAll: Bool) {
    self.keepsAll = keepsAll
    tbaaKind = unit.alias.tbaaKind
    memories = Set(unit.alias.memories)
  }

  mutating func run(on function: LLVMValueRef) {
    needed.removeAll(keepingCapacity: true)
    function.forEachInstruction { instruction in
      guard LLVMGetInstructionOpcode(instruction) == LLVMLoad,
        keepsAll || !search(from: instruction),
        let tag = LLVMGetMetadata(instruction, tbaaKind), memories.contains(tag)
      else { return }
      LLVMSetVolatile(instruction, 1)
    }
  }

  /// Whether something that has an effect depends on `value`.
  private mutating func search(from value: LLVMValueRef) -> Bool {
    visited.removeAll(keepingCapacity: true)
    return isNeeded(value)
  }

  private mutating func isNeeded(_ value: LLVMValueRef) -> Bool {
    var use = LLVMGetFirstUse(value)
    while let current = use {
      let user: LLVMValueRef = LLVMGetUser(current)
      switch Self.influence(of: value, on: user) {
      case .effect:
        needed.insert(value)
        return true
      case .none: break
      case .result:
        // Phis make cycles: what this search has seen already leads nowhere new.
        if needed.contains(user) || visited.insert(user).inserted && isNeeded(user) {
          needed.insert(value)
          return true
        }
      }
      use = LLVMGetNextUse(current)
    }
    return false
  }

  private enum Influence {
    /// The user is kept whatever happens, and needs the value.
    case effect
    /// The user's own result depends on the value.
    case result
    /// LLVM finds the user's result without the value.
    case none
  }

  private static func influence(of value: LLVMValueRef, on user: LLVMValueRef) -> Influence {
    switch LLVMGetInstructionOpcode(user) {
    case LLVMStore, LLVMRet, LLVMSwitch, LLVMInvoke: .effect
    case LLVMBr: isIdle(branch: user) ? .none : .effect
    case LLVMCall: isPure(call: user) ? .result : .effect
    case LLVMAnd, LLVMMul: hasOperand(user) { LLVMIsNull($0) != 0 } ? .none : .result
    case LLVMOr: hasOperand(user, isAllOnes) ? .none : .result
    case LLVMSub, LLVMXor, LLVMICmp:
      LLVMGetOperand(user, 0) == LLVMGetOperand(user, 1) ? .none : .result
    case LLVMSelect: LLVMGetOperand(user, 1) == LLVMGetOperand(user, 2) ? .none : .result
    default: .result
    }
  }

  /// Intrinsics compute; all but the trap, which takes a constant.
  private static func isPure(call: LLVMValueRef) -> Bool {
    let callee: LLVMValueRef = LLVMGetCalledValue(call)
    return LLVMIsAFunction(callee) != nil && LLVMGetIntrinsicID(callee) != 0
  }

  private static func hasOperand(
    _ user: LLVMValueRef, _ condition: (LLVMValueRef) -> Bool
  ) -> Bool {
    condition(LLVMGetOperand(user, 0)) || condition(LLVMGetOperand(user, 1))
  }

  private static func isAllOnes(_ value: LLVMValueRef) -> Bool {
    LLVMIsAConstantInt(value) != nil && LLVMConstIntGetSExtValue(value) == -1
  }

  /// Whether both ways of a conditional branch lead to the same block without doing anything, so
  /// that LLVM drops the condition.
  private static func isIdle(branch: LLVMValueRef) -> Bool {
    let from: LLVMBasicBlockRef = LLVMGetInstructionParent(branch)
    let ways = (0..<2).map { way -> (join: LLVMBasicBlockRef, from: LLVMBasicBlockRef) in
      let block: LLVMBasicBlockRef = LLVMGetSuccessor(branch, UInt32(way))
      let first: LLVMValueRef = LLVMGetFirstInstruction(block)
      let passesThrough =
        LLVMGetInstructionOpcode(first) == LLVMBr && LLVMIsConditional(first) == 0
      return passesThrough ? (LLVMGetSuccessor(first, 0), block) : (block, from)
    }
    let (one, other) = (ways[0], ways[1])
    // One way may be the join itself, which then looks like a block that passes through.
    if one.from == other.join { return isSame(other.join, from, other.from) }
    if other.from == one.join { return isSame(one.join, from, one.from) }
    return one.join == other.join && isSame(one.join, one.from, other.from)
  }

  /// Whether the phis of `join` have the same values for both predecessors.
  private static func isSame(
    _ join: LLVMBasicBlockRef, _ one: LLVMBasicBlockRef, _ other: LLVMBasicBlockRef
  ) -> Bool {
    var next = LLVMGetFirstInstruction(join)
    while let phi = next, LLVMGetInstructionOpcode(phi) == LLVMPHI {
      var values: (one: LLVMValueRef?, other: LLVMValueRef?) = (nil, nil)
      for index in 0..<LLVMCountIncoming(phi) {
        let block = LLVMGetIncomingBlock(phi, index)
        if block == one { values.one = LLVMGetIncomingValue(phi, index) }
        if block == other { values.other = LLVMGetIncomingValue(phi, index) }
      }
      if values.one != values.other { return false }
      next = LLVMGetNextInstruction(phi)
    }
    return true
  }
}
