// Keeps the loads that trap in wasm and that LLVM would drop or move for want of a use.
//
// To LLVM a load whose value nobody needs is nothing, and one that a single way needs belongs there; in
// wasm it traps where its address is out of bounds, whatever comes of it. Making every load volatile
// would keep them all and cost what LLVM is used for: loads could not be forwarded from stores any
// more (which makes unoptimised C three times faster), nor loops be vectorised (a matrix product takes
// 1.36 of its time). So every load is volatile while LLVM simplifies what does not depend on memory,
// which shows whose value turns out not to matter; then only those stay so whose value some way does
// not need (`NeedSearch`), a few in a hundred. What code generation knows beyond that is asked at the
// end, when it costs next to nothing.

internal import CLLVM

/// Decides on the loads of one function after another, at three times.
struct TrapPreservation {
  private var search: NeedSearch
  private let tbaaKind: UInt32
  /// Memories that no other thread writes. The loads of others are volatile all along.
  private let unshared: Set<LLVMValueRef>

  init(_ unit: UnitModule) {
    search = NeedSearch(unit)
    tbaaKind = unit.alias.tbaaKind
    let memories = zip(unit.alias.memories, unit.program.memories)
    // Imported memories have one tag.
    let shared = memories.filter { $0.1.isShared }.map { $0.0 }
    unshared = Set(memories.map { $0.0 }).subtracting(shared)
  }

  /// Before simplification, where locals are values already: keeps every load of `function`.
  func keepAll(of function: LLVMValueRef) {
    function.forEachInstruction { if isCandidate($0) { LLVMSetVolatile($0, 1) } }
  }

  /// After simplification: lets LLVM do what it likes with those that are needed on every way.
  mutating func release(in function: LLVMValueRef) {
    search.begin(function, forCodeGeneration: false)
    forEachLoad(of: function) { search, load in
      if search.isNeeded(load) { LLVMSetVolatile(load, 0) }
    }
  }

  /// After optimisation: keeps what code generation may drop or move.
  mutating func keepForCodeGeneration(in function: LLVMValueRef) {
    search.begin(function, forCodeGeneration: true)
    forEachLoad(of: function) { search, load in
      if LLVMGetVolatile(load) == 0, !search.isNeeded(load) { LLVMSetVolatile(load, 1) }
    }
  }

  private mutating func forEachLoad(
    of function: LLVMValueRef, _ body: (inout NeedSearch, LLVMValueRef) -> Void
  ) {
    // From the end on: what a value leads to is known before it is asked about.
    var nextBlock = LLVMGetLastBasicBlock(function)
    while let block = nextBlock {
      nextBlock = LLVMGetPreviousBasicBlock(block)
      var next = LLVMGetLastInstruction(block)
      while let instruction = next {
        next = LLVMGetPreviousInstruction(instruction)
        if isCandidate(instruction) { body(&search, instruction) }
      }
    }
  }

  private func isCandidate(_ instruction: LLVMValueRef) -> Bool {
    guard LLVMGetInstructionOpcode(instruction) == LLVMLoad,
      LLVMGetOrdering(instruction) == LLVMAtomicOrderingNotAtomic,
      let tag = LLVMGetMetadata(instruction, tbaaKind)
    else { return false }
    return unshared.contains(tag)
  }
}
