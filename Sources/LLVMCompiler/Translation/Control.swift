// Blocks, branches and returns.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// An open block of wasm's structured control flow.
struct ControlFrame {
  enum Kind {
    case block
    case loop
    case `if`
    case `else`
    /// The body of a `try`, as long as its exceptions are its own.
    case `try`
    case `catch`
  }

  var kind: Kind
  let type: FunctionType
  /// Operands below the block's own.
  let height: Int
  /// Where code goes on behind the block's `end`.
  let end: LLVMBasicBlockRef
  /// One a result, at the head of `end`.
  let results: [LLVMValueRef]
  /// A loop's head, and one phi a parameter in it.
  var head: LLVMBasicBlockRef?
  var parameters: [LLVMValueRef] = []
  /// Of an `if`: where its `else` begins, and the operands that it begins with.
  var otherwise: LLVMBasicBlockRef?
  var otherwiseParameters: [LLVMValueRef] = []
  /// Of a `try_table` or `try`, also in its clauses: an index in `handlers`.
  var handler: Int?

  /// Where a branch to this block goes, and which phis take its operands.
  var label: (block: LLVMBasicBlockRef, phis: [LLVMValueRef]) {
    if let head { (head, parameters) } else { (end, results) }
  }
}

extension FunctionTranslator {
  mutating func translateControl(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .unreachable: trap(.unreachable)
    case .nop: break
    case .block: openFrame(.block, program.module.signature(of: instruction.blockType))
    case .loop: openLoop(program.module.signature(of: instruction.blockType))
    case .if: openIf(program.module.signature(of: instruction.blockType))
    case .else: beginElse()
    case .end: closeFrame()
    case .br:
      branch(to: instruction.index)
      isReachable = false
    case .brIf: branchIf(popCondition(), to: instruction.index)
    case .brTable: try branchTable(instruction)
    case .return:
      branch(to: UInt32(frames.count - 1 - activation.outermostFrame))
      isReachable = false
    case .call: try call(instruction.index)
    case .callIndirect:
      callIndirect(table: Int(instruction.index2), typeIndex: instruction.index)
    case .returnCall: returnCall(instruction.index)
    case .returnCallIndirect:
      returnCallIndirect(table: Int(instruction.index2), typeIndex: instruction.index)
    case .callRef: callReference(typeIndex: instruction.index)
    case .returnCallRef: returnCallReference(typeIndex: instruction.index)
    default: throw unsupported(instruction)
    }
  }

  /// Steps over an instruction that is never reached, but for the end of that state.
  mutating func skip(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .loop:
      skippedBlocks += 1
      passUnreachableLoop()
    case .block, .if, .try: skippedBlocks += 1
    case .tryTable:
      skippedBlocks += 1
      try activation.reader.skipList(of: instruction)
    case .catch where skippedBlocks == 0: beginCatch(tag: instruction.index)
    case .catchAll where skippedBlocks == 0: beginCatch(tag: nil)
    case .delegate:
      if skippedBlocks == 0 {
        closeTry(delegatingTo: instruction.index)
      } else {
        skippedBlocks -= 1
      }
    case .else where skippedBlocks == 0: beginElse()
    case .end:
      if skippedBlocks == 0 { closeFrame() } else { skippedBlocks -= 1 }
    case .brTable: try activation.reader.skipList(of: instruction)
    default: break
    }
  }

  // MARK: Blocks.

  /// Goes on at `block`, which control may reach from several places.
  mutating func begin(_ block: LLVMBasicBlockRef) {
    builder.position(atEndOf: block)
    run += 1
  }

  mutating func openFrame(_ kind: ControlFrame.Kind, _ type: FunctionType) {
    let here = builder.block
    let end = builder.newBlock(in: function)
    builder.position(atEndOf: end)
    let results = type.results.map { builder.phi(types.type($0)) }
    builder.position(atEndOf: here)
    frames.append(
      ControlFrame(
        kind: kind, type: type, height: stack.count - type.parameters.count, end: end,
        results: results))
  }

  private mutating func openLoop(_ type: FunctionType) {
    openFrame(.loop, type)
    let head = builder.newBlock(in: function)
    let arguments = popMany(type.parameters.count)
    let here = builder.block
    builder.branch(head)
    enter(loopAt: head, type)
    begin(head)
    let phis = type.parameters.map { builder.phi(types.type($0)) }
    addIncoming(arguments, to: phis, from: here)
    stack += phis
    frames[frames.count - 1].head = head
    frames[frames.count - 1].parameters = phis
  }

  private mutating func openIf(_ type: FunctionType) {
    let condition = popCondition()
    openFrame(.if, type)
    let then = builder.newBlock(in: function)
    let otherwise = builder.newBlock(in: function)
    builder.branch(condition, then, otherwise)
    frames[frames.count - 1].otherwise = otherwise
    frames[frames.count - 1].otherwiseParameters = Array(stack.suffix(type.parameters.count))
    builder.position(atEndOf: then)
  }

  private mutating func beginElse() {
    let level = frames.count - 1
    if isReachable { branch(to: 0) }
    stack.removeLast(stack.count - frames[level].height)
    stack += frames[level].otherwiseParameters
    frames[level].kind = .else
    isReachable = true
    begin(frames[level].otherwise!)
  }

  mutating func closeFrame() {
    finishHandler(of: frames.count - 1)
    let frame = frames[frames.count - 1]
    if isReachable { leave(frame) }
    if frame.kind == .if, let otherwise = frame.otherwise {
      // No `else`: the operands pass through.
      builder.position(atEndOf: otherwise)
      builder.branch(frame.end)
      addIncoming(frame.otherwiseParameters, to: frame.results, from: otherwise)
    }
    stack.removeLast(stack.count - frame.height)
    frames.removeLast()
    // Nothing came here: what follows is not reachable either.
    isReachable = LLVMGetFirstUse(LLVMBasicBlockAsValue(frame.end)) != nil
    guard isReachable else {
      LLVMDeleteBasicBlock(frame.end)
      return
    }
    begin(frame.end)
    stack += frame.results
    if frames.isEmpty { emitReturn() }
  }

  private mutating func leave(_ frame: ControlFrame) {
    let results = popMany(frame.type.results.count)
    addIncoming(results, to: frame.results, from: builder.block)
    builder.branch(frame.end)
  }

  // MARK: Branches.

  private func frame(at depth: UInt32) -> ControlFrame { frames[frames.count - 1 - Int(depth)] }

  /// Branches, leaving the operands on the stack for a branch that may not be taken.
  mutating func branch(to depth: UInt32) {
    let block = addEdge(to: depth, from: builder.block)
    builder.branch(block)
  }

  /// Branches where `condition` (an `i1`) holds.
  mutating func branchIf(_ condition: LLVMValueRef, to depth: UInt32) {
    let block = addEdge(to: depth, from: builder.block)
    let next = builder.newBlock(in: function)
    builder.branch(condition, block, next)
    builder.position(atEndOf: next)
  }

  /// Spec: core 3.0 §4.4.8.8.
  private mutating func branchTable(_ instruction: Instruction) throws(ModuleError) {
    let selector = pop()
    let here = builder.block
    var depths: [UInt32] = []
    depths.reserveCapacity(Int(instruction.index) + 1)
    for _ in 0...instruction.index { depths.append(try activation.reader.nextTarget()) }
    let defaultDepth = depths.removeLast()
    let jump = LLVMBuildSwitch(
      builder.reference, selector, addEdge(to: defaultDepth, from: here), UInt32(depths.count))
    for (value, depth) in depths.enumerated() where depth != defaultDepth {
      LLVMAddCase(jump, types.i32(UInt32(value)), addEdge(to: depth, from: here))
    }
    isReachable = false
  }

  /// Notes an edge from `block` to the label at `depth` with the operands that it takes.
  private func addEdge(to depth: UInt32, from block: LLVMBasicBlockRef) -> LLVMBasicBlockRef {
    let label = frame(at: depth).label
    addIncoming(Array(stack.suffix(label.phis.count)), to: label.phis, from: block)
    return label.block
  }

  private func addIncoming(
    _ values: [LLVMValueRef], to phis: [LLVMValueRef], from block: LLVMBasicBlockRef
  ) {
    var source: LLVMBasicBlockRef? = block
    for (phi, value) in zip(phis, values) {
      var incoming: LLVMValueRef? = value
      LLVMAddIncoming(phi, &incoming, &source, 1)
    }
  }
}
