// What lies between a branch and the first effect behind it.

internal import CLLVM

/// The blocks that a conditional branch or switch leads to, up to those with an effect: if all ways
/// end in the same one, or leave the function with the same result, and nobody needs what they choose
/// on the way, LLVM may find that it does not matter which is taken. Claiming too much costs some
/// speed, claiming too little a trap.
struct BranchRegion {
  private let branch: LLVMValueRef
  /// Phis whose value depends on the way.
  private(set) var chosen: [LLVMValueRef] = []
  /// Blocks without an effect, each with where it was first come from.
  private var origins: [LLVMBasicBlockRef: LLVMBasicBlockRef] = [:]
  private var waiting: [LLVMBasicBlockRef] = []
  /// Where the ways end.
  private var end: End?

  /// LLVM seldom looks further.
  private static let blockLimit = 24

  private enum End: Equatable {
    case block(LLVMBasicBlockRef)
    /// The value returned, nil for none.
    case leaving(LLVMValueRef?)
  }

  init(_ branch: LLVMValueRef) { self.branch = branch }

  /// Whether all ways end in one place, without running in circles.
  mutating func hasOneEnd() -> Bool {
    guard follow(branch) else { return false }
    while let block = waiting.popLast() {
      guard origins.count <= Self.blockLimit else { return false }
      var next: LLVMValueRef? = LLVMGetFirstInstruction(block)
      while let instruction = next {
        next = LLVMGetNextInstruction(instruction)
        switch LLVMGetInstructionOpcode(instruction) {
        case LLVMBr, LLVMSwitch: guard follow(instruction) else { return false }
        case LLVMRet:
          let value = LLVMGetNumOperands(instruction) > 0 ? LLVMGetOperand(instruction, 0) : nil
          guard reach(.leaving(value)) else { return false }
        default:
          guard Self.hasEffect(instruction) else { continue }
          guard reach(.block(block)) else { return false }
          next = nil
        }
      }
    }
    return true
  }

  /// Takes the ways of a branch; false where one leads back.
  private mutating func follow(_ branch: LLVMValueRef) -> Bool {
    let from: LLVMBasicBlockRef = LLVMGetInstructionParent(branch)
    for way in 0..<LLVMGetNumSuccessors(branch) {
      let block: LLVMBasicBlockRef = LLVMGetSuccessor(branch, way)
      if block == LLVMGetInstructionParent(self.branch) { return false }
      if let origin = origins[block] {
        noteChoices(block, origin, from)
      } else {
        origins[block] = from
        waiting.append(block)
      }
    }
    return true
  }

  /// Whether `end` is the only one so far.
  private mutating func reach(_ end: End) -> Bool {
    defer { self.end = end }
    return self.end == nil || self.end == end
  }

  private static func hasEffect(_ instruction: LLVMValueRef) -> Bool {
    switch LLVMGetInstructionOpcode(instruction) {
    case LLVMStore, LLVMInvoke, LLVMFence, LLVMAtomicRMW, LLVMAtomicCmpXchg, LLVMUnreachable: true
    case LLVMCall: !isPure(call: instruction)
    default: false
    }
  }

  /// Intrinsics compute; all but the trap, which takes a constant.
  static func isPure(call: LLVMValueRef) -> Bool {
    let callee: LLVMValueRef = LLVMGetCalledValue(call)
    return LLVMIsAFunction(callee) != nil && LLVMGetIntrinsicID(callee) != 0
  }

  /// Notes the phis of `join` that have different values for two predecessors.
  private mutating func noteChoices(
    _ join: LLVMBasicBlockRef, _ one: LLVMBasicBlockRef, _ other: LLVMBasicBlockRef
  ) {
    var next = LLVMGetFirstInstruction(join)
    while let phi = next, LLVMGetInstructionOpcode(phi) == LLVMPHI {
      var values: (one: LLVMValueRef?, other: LLVMValueRef?) = (nil, nil)
      for index in 0..<LLVMCountIncoming(phi) {
        let block = LLVMGetIncomingBlock(phi, index)
        if block == one { values.one = LLVMGetIncomingValue(phi, index) }
        if block == other { values.other = LLVMGetIncomingValue(phi, index) }
      }
      if values.one != values.other { chosen.append(phi) }
      next = LLVMGetNextInstruction(phi)
    }
  }
}
