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
  /// Branches that were asked about.
  private var idle: [LLVMValueRef: Bool] = [:]
  /// Branches whose regions are being looked at, one because of what another chooses.
  private var branchDepth = 0
  private static let branchDepthLimit = 16

  /// Every load is kept, needed or not.
  private let keepsAll: Bool

  init(_ unit: UnitModule, keepsAll: Bool) {
    self.keepsAll = keepsAll
    tbaaKind = unit.alias.tbaaKind
    memories = Set(unit.alias.memories)
  }

  mutating func run(on function: LLVMValueRef) {
    needed.removeAll(keepingCapacity: true)
    idle.removeAll(keepingCapacity: true)
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
      switch influence(of: value, on: user) {
      case .effect:
        needed.insert(value)
        return true
      case .none: break
      case .result:
        // Phis make cycles: what this search has seen already leads nowhere new.
        if isReached(user) {
          needed.insert(value)
          return true
        }
      }
      use = LLVMGetNextUse(current)
    }
    return false
  }

  /// Whether something that has an effect depends on `value`, as far as this search does not know yet.
  private mutating func isReached(_ value: LLVMValueRef) -> Bool {
    needed.contains(value) || visited.insert(value).inserted && isNeeded(value)
  }

  private enum Influence {
    /// The user is kept whatever happens, and needs the value.
    case effect
    /// The user's own result depends on the value.
    case result
    /// LLVM finds the user's result without the value.
    case none
  }

  private mutating func influence(of value: LLVMValueRef, on user: LLVMValueRef) -> Influence {
    if Self.isVector(value), let influence = Self.influence(ofVectorOn: user) {
      return influence
    }
    return switch LLVMGetInstructionOpcode(user) {
    case LLVMStore, LLVMRet, LLVMInvoke: .effect
    case LLVMBr, LLVMSwitch: isIdle(user) ? .none : .effect
    case LLVMCall: Self.isPure(call: user) ? .result : .effect
    case LLVMAnd, LLVMMul: Self.hasOperand(user) { LLVMIsNull($0) != 0 } ? .none : .result
    case LLVMOr: Self.hasOperand(user, Self.isAllOnes) ? .none : .result
    case LLVMICmp where Self.isKnown(value, comparedBy: user): .none
    case LLVMFCmp where Self.isKnown(value, comparedBy: user): .none
    case LLVMSub, LLVMXor, LLVMICmp:
      LLVMGetOperand(user, 0) == LLVMGetOperand(user, 1) ? .none : .result
    case LLVMSelect: LLVMGetOperand(user, 1) == LLVMGetOperand(user, 2) ? .none : .result
    default: .result
    }
  }

  /// Whether the type that `value` was converted from may tell how the comparison with a constant
  /// ends: a byte is less than 300, and no integer of 64 bits is too large for a float.
  private static func isKnown(_ value: LLVMValueRef, comparedBy user: LLVMValueRef) -> Bool {
    let isFirst = LLVMGetOperand(user, 0) == value
    let other: LLVMValueRef = LLVMGetOperand(user, isFirst ? 1 : 0)
    guard LLVMIsConstant(other) != 0, LLVMIsAInstruction(value) != nil else { return false }
    switch LLVMGetInstructionOpcode(value) {
    case LLVMSIToFP, LLVMUIToFP: return true
    case LLVMZExt, LLVMSExt:
      guard LLVMIsAConstantInt(other) != nil else { return true }
      let width = LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(value, 0)))
      let constant = LLVMConstIntGetSExtValue(other)
      let limit = Int64(1) << Int64(min(width, 62))
      return constant < -limit || constant >= limit
    default: return false
    }
  }

  private static func isVector(_ value: LLVMValueRef) -> Bool {
    LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind
  }

  /// LLVM knows a good deal about lanes and their bits (a comparison, a shuffle, a mask may make do
  /// without them), so only arithmetic counts as a need; nil for what is the same for scalars.
  private static func influence(ofVectorOn user: LLVMValueRef) -> Influence? {
    switch LLVMGetInstructionOpcode(user) {
    case LLVMFAdd, LLVMFSub, LLVMFMul, LLVMFDiv, LLVMMul:
      hasOperand(user) { LLVMIsConstant($0) != 0 } ? Influence.none : .result
    case LLVMShuffleVector:
      (0..<LLVMGetNumMaskElements(user)).allSatisfy { LLVMGetMaskValue(user, $0) == 0 }
        ? .result : Influence.none
    case LLVMICmp, LLVMFCmp, LLVMAnd, LLVMOr, LLVMXor, LLVMShl, LLVMLShr, LLVMAShr, LLVMTrunc,
      LLVMExtractElement:
      Influence.none
    default: nil
    }
  }

  /// Whether LLVM may find that it does not matter where the branch goes.
  private mutating func isIdle(_ branch: LLVMValueRef) -> Bool {
    if let known = idle[branch] { return known }
    guard branchDepth < Self.branchDepthLimit else { return false }
    branchDepth += 1
    defer { branchDepth -= 1 }
    // Whoever comes by again meanwhile takes it for one that matters.
    idle[branch] = false
    var region = BranchRegion(branch)
    let isIdle = region.hasOneEnd() && !region.chosen.contains { isReached($0) }
    idle[branch] = isIdle
    return isIdle
  }

  /// Intrinsics compute; all but the trap, which takes a constant.
  static func isPure(call: LLVMValueRef) -> Bool {
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
}
