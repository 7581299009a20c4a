// Whether something comes of a value, whichever way a function takes.

internal import CLLVM

/// Finds out whether values of one function are needed on every way on from where they are computed.
///
/// LLVM drops what nobody needs, moves what only one way needs to that way, and drops it from the copy
/// of a block that leads elsewhere. So a value is safe only where each way comes by a need before it
/// ends or computes the value anew. A store is needed where each way reads what it stored, or may,
/// before storing there again. "Not needed" is the answer where the search gives up: it costs speed
/// where it is wrong, the other one a trap.
///
/// Values may need each other in circles. What is in question counts as needed meanwhile, and answers
/// that rest on that are tentative until the circle's first value has one; a circle that no effect
/// hangs on is not needed.
struct NeedSearch {
  private let guestMemories: Set<LLVMValueRef>
  private let tbaaKind: UInt32
  private var places: MemoryPlaces
  /// Whether code generation is what comes next.
  private var forCodeGeneration = false
  /// Final answers.
  private var known: [LLVMValueRef: Bool] = [:]
  /// Values in question, by their depth.
  private var active: [LLVMValueRef: Int] = [:]
  /// Values needed if the one in question at that depth is, and in which order they came.
  private var tentative: [LLVMValueRef: Int] = [:]
  private var tentativeOrder: [LLVMValueRef] = []
  /// The lowest depth that the present answer rests on.
  private var lowest = Int.max
  private var effectCount = 0
  /// The phis that a branch chooses for without other consequence; nil where there is any.
  private var choices: [LLVMValueRef: [LLVMValueRef]?] = [:]
  /// Instructions that may still be looked at in this function.
  private var remaining = 0

  private static let depthLimit = 300
  /// Instructions that are looked at for one value.
  private static let stepLimit = 2_000
  /// The same for all values of a function, for each of its instructions.
  private static let stepsPerInstruction = 200

  init(_ unit: UnitModule) {
    tbaaKind = unit.alias.tbaaKind
    guestMemories = Set(unit.alias.memories)
    places = MemoryPlaces(tbaaKind: tbaaKind)
  }

  /// Forgets the last function. `forCodeGeneration`: look out for what code generation may find
  /// useless or move, lanes of vectors, bits of them and the operands of a select; IR passes find
  /// lanes before, and leave selects alone.
  mutating func begin(_ function: LLVMValueRef, forCodeGeneration: Bool) {
    self.forCodeGeneration = forCodeGeneration
    places.removeAll()
    known.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    var count = 0
    function.forEachInstruction { _ in count += 1 }
    remaining = count * Self.stepsPerInstruction
  }

  /// Whether every way on from `value` comes by something that needs it; of a store, by something that
  /// needs it stored.
  mutating func isNeeded(_ value: LLVMValueRef) -> Bool {
    if let answer = known[value] {
      if answer { effectCount += 1 }
      return answer
    }
    if let depth = active[value] ?? tentative[value] {
      lowest = min(lowest, depth)
      return true
    }
    guard active.count < Self.depthLimit else { return false }
    let (depth, outer) = (active.count, lowest)
    let (effects, order) = (effectCount, tentativeOrder.count)
    lowest = .max
    active[value] = depth
    let isMet = isMetOnEveryWay(from: value)
    active[value] = nil
    let restsOn = lowest
    lowest = outer
    if isMet, restsOn < depth {
      tentative[value] = restsOn
      tentativeOrder.append(value)
      lowest = min(outer, restsOn)
      return true
    }
    let answer = isMet && effectCount > effects
    for other in tentativeOrder[order...] {
      tentative[other] = nil
      if answer { known[other] = true }
    }
    tentativeOrder.removeSubrange(order...)
    known[value] = answer
    return answer
  }

  // MARK: Ways.

  /// What a way is looked through for.
  private enum Subject {
    /// Something that needs a value: one of its users.
    case value(users: Set<LLVMValueRef>)
    /// Something that needs what was stored in a place.
    case stored(MemoryPlace)
  }

  /// Where a search stands: blocks that it came to, and those that it has yet to look through.
  private struct Progress {
    var visited: Set<LLVMBasicBlockRef> = []
    var waiting: [LLVMBasicBlockRef] = []
  }

  private enum Step { case on, met, lost }

  private mutating func isMetOnEveryWay(from start: LLVMValueRef) -> Bool {
    guard let subject = subject(start) else { return false }
    let isPhi = LLVMGetInstructionOpcode(start) == LLVMPHI
    var progress = Progress()
    var steps = Self.stepLimit
    var next: LLVMValueRef? = LLVMGetNextInstruction(start)
    while true {
      var step = Step.on
      while let instruction = next, step == .on {
        next = LLVMGetNextInstruction(instruction)
        steps -= 1
        remaining -= 1
        guard instruction != start, steps > 0, remaining > 0 else { return false }
        if LLVMGetInstructionOpcode(instruction) == LLVMPHI { continue }
        step = self.step(subject, start, instruction)
        if step == .on, next == nil { follow(subject, start, instruction, &progress) }
      }
      if step == .lost { return false }
      guard let block = progress.waiting.popLast() else { return true }
      if isPhi, LLVMGetInstructionParent(start) == block { return false }
      next = LLVMGetFirstInstruction(block)
    }
  }

  /// What to look for on behalf of `start`; nil where it is of no use from the outset.
  private mutating func subject(_ start: LLVMValueRef) -> Subject? {
    if LLVMIsAStoreInst(start) != nil {
      return putsBack(start) ? nil : .stored(places.place(of: start))
    }
    var users: Set<LLVMValueRef> = []
    var use = LLVMGetFirstUse(start)
    while let current = use {
      users.insert(LLVMGetUser(current))
      use = LLVMGetNextUse(current)
    }
    return users.isEmpty ? nil : .value(users: users)
  }

  /// Takes the ways on behind `terminator` that no phi ends.
  private mutating func follow(
    _ subject: Subject, _ start: LLVMValueRef, _ terminator: LLVMValueRef,
    _ progress: inout Progress
  ) {
    let from: LLVMBasicBlockRef = LLVMGetInstructionParent(terminator)
    for way in 0..<LLVMGetNumSuccessors(terminator) {
      let block: LLVMBasicBlockRef = LLVMGetSuccessor(terminator, way)
      if progress.visited.contains(block) { continue }
      switch subject {
      case .value(let users): if isPassedOn(start, users, from, block) { continue }
      case .stored(let place): if place.origins.contains(block) { continue }
      }
      progress.visited.insert(block)
      progress.waiting.append(block)
    }
  }

  /// Whether a phi of `block` that is needed takes `value` when it is come to from `from`.
  private mutating func isPassedOn(
    _ value: LLVMValueRef, _ users: Set<LLVMValueRef>, _ from: LLVMBasicBlockRef,
    _ block: LLVMBasicBlockRef
  ) -> Bool {
    var next = LLVMGetFirstInstruction(block)
    while let phi = next, LLVMGetInstructionOpcode(phi) == LLVMPHI {
      next = LLVMGetNextInstruction(phi)
      guard users.contains(phi) else { continue }
      remaining -= Int(LLVMCountIncoming(phi))
      let takes = (0..<LLVMCountIncoming(phi)).contains {
        LLVMGetIncomingBlock(phi, $0) == from && LLVMGetIncomingValue(phi, $0) == value
      }
      if takes, isNeeded(phi) { return true }
    }
    return false
  }

  private mutating func step(
    _ subject: Subject, _ start: LLVMValueRef, _ instruction: LLVMValueRef
  ) -> Step {
    switch subject {
    case .value(let users):
      if users.contains(instruction), needs(start, instruction) { return .met }
      switch LLVMGetInstructionOpcode(instruction) {
      case LLVMRet, LLVMResume: return .lost
      // A trap for a trap.
      case LLVMUnreachable: return met()
      default: return .on
      }
    case .stored(let place): return step(stored: place, instruction)
    }
  }

  private mutating func met() -> Step {
    effectCount += 1
    return .met
  }

  // MARK: Needs.

  /// Whether `user`, or what comes of it, needs `value`.
  private mutating func needs(_ value: LLVMValueRef, _ user: LLVMValueRef) -> Bool {
    if forCodeGeneration, Self.isComputedVector(value), Self.looksAtLanes(user) { return false }
    switch LLVMGetInstructionOpcode(user) {
    case LLVMRet, LLVMInvoke: break
    case LLVMStore where LLVMGetOperand(user, 1) == value: break
    case LLVMCall where !BranchRegion.isPure(call: user): break
    // Such a load is needed itself, or kept.
    case LLVMLoad where isGuestAccess(user): break
    // Code generation may make branches of it, with the load in one of them.
    case LLVMSelect where forCodeGeneration && LLVMGetOperand(user, 0) != value: return false
    case LLVMBr, LLVMSwitch:
      guard let phis = choice(of: user) else { break }
      return phis.contains { isNeeded($0) }
    default: return isNeeded(user)
    }
    effectCount += 1
    return true
  }

  /// Whether `value` is a vector of which code generation may know something: none that was loaded.
  private static func isComputedVector(_ value: LLVMValueRef) -> Bool {
    LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind && LLVMIsALoadInst(value) == nil
  }

  /// Whether code generation may find the result of `user`, which takes a vector, without all of its
  /// lanes and bits.
  private static func looksAtLanes(_ user: LLVMValueRef) -> Bool {
    switch LLVMGetInstructionOpcode(user) {
    case LLVMFAdd, LLVMFSub, LLVMFMul, LLVMFDiv, LLVMMul:
      (0..<2).contains { LLVMIsConstant(LLVMGetOperand(user, $0)) != 0 }
    case LLVMShuffleVector:
      (0..<LLVMGetNumMaskElements(user)).contains { LLVMGetMaskValue(user, $0) != 0 }
    case LLVMICmp, LLVMFCmp, LLVMAnd, LLVMOr, LLVMXor, LLVMShl, LLVMLShr, LLVMAShr, LLVMTrunc,
      LLVMExtractElement:
      true
    default: false
    }
  }

  private mutating func choice(of branch: LLVMValueRef) -> [LLVMValueRef]? {
    if let known = choices[branch] { return known }
    var region = BranchRegion(branch)
    let phis = region.hasOneEnd() ? region.chosen : nil
    choices[branch] = .some(phis)
    return phis
  }

  // MARK: Memory.

  /// What `instruction` means to what was stored in `place`.
  private mutating func step(stored place: MemoryPlace, _ instruction: LLVMValueRef) -> Step {
    switch LLVMGetInstructionOpcode(instruction) {
    case LLVMStore: return place.relation(to: places.place(of: instruction)) == .same ? .lost : .on
    case LLVMLoad:
      switch place.relation(to: places.place(of: instruction)) {
      case .apart: return .on
      // LLVM forwards what was stored, but to no load that is kept.
      case .same where !isGuestAccess(instruction): return isNeeded(instruction) ? .met : .on
      default: return met()
      }
    case LLVMCall: return BranchRegion.isPure(call: instruction) ? .on : met()
    case LLVMRet, LLVMResume, LLVMUnreachable, LLVMInvoke, LLVMFence, LLVMAtomicRMW,
      LLVMAtomicCmpXchg:
      return met()
    default: return .on
    }
  }

  /// Whether `store` puts back what was loaded from the same place.
  private mutating func putsBack(_ store: LLVMValueRef) -> Bool {
    var value: LLVMValueRef = LLVMGetOperand(store, 0)
    while LLVMIsACastInst(value) != nil { value = LLVMGetOperand(value, 0) }
    guard LLVMIsALoadInst(value) != nil else { return false }
    let (from, to) = (places.place(of: value), places.place(of: store))
    return from.tag == to.tag && from.base == to.base && from.offset == to.offset
  }

  private func isGuestAccess(_ access: LLVMValueRef) -> Bool {
    guard let tag = LLVMGetMetadata(access, tbaaKind) else { return false }
    return guestMemories.contains(tag)
  }
}
