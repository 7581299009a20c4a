// Throwing and catching.
//
// A call within a `try_table` is an LLVM `invoke`. The `try_table` has one landing pad, which is
// only a way in: it goes on to the *dispatch*, which compares the exception's tag with those of
// the clauses, in order, and else hands the exception to the dispatch of the enclosing handler, or
// to the callers by `resume`. `ExceptionTables` makes the image's table of what LLVM says about
// landing pads.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// What catches exceptions in a part of a function.
struct Handler {
  /// A stack slot with the exception that the dispatch is for.
  let exception: LLVMValueRef
  let dispatch: LLVMBasicBlockRef
  /// Where the comparison goes on behind the clauses so far; nil behind one that takes all.
  var rest: LLVMBasicBlockRef?
  /// The landing pad, once there is a call that needs it.
  var pad: LLVMBasicBlockRef?
  /// In a clause of a `try`: its exception, as loaded at the clause's start.
  var caught: LLVMValueRef?
  /// The exception is among the roots.
  var isRooted = false
  /// Where exceptions go that nothing here takes: an index in `handlers`; nil: to the callers.
  let outer: Int?
}

extension FunctionTranslator {
  mutating func translateException(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .throw: throwNew(instruction.index)
    case .throwRef:
      let exception = pop()
      trap(.nullReference, if: isNull(exception))
      emitThrow(exception)
    case .tryTable: try openTryTable(instruction)
    case .try: openTry(program.module.signature(of: instruction.blockType))
    case .catch: beginCatch(tag: instruction.index)
    case .catchAll: beginCatch(tag: nil)
    case .delegate: closeTry(delegatingTo: instruction.index)
    case .rethrow: rethrow(instruction.index)
    default: throw unsupported(instruction)
    }
  }

  // MARK: Throwing.

  private mutating func throwNew(_ tag: UInt32) {
    let type = program.module.tagType(tag)
    let address = tagAddress(tag)
    let record = builder.loadInvariant(types.pointer, address, at: TagLayout.record)
    publishRoots()
    let exception = callBuiltin(.structNew, [record])
    builder.store(
      address, builder.address(exception, plus: ExceptionLayout.tag), alignment: 8,
      alias.exceptions)
    let values = popMany(type.parameters.count)
    for (value, offset) in zip(values, SlotLayout(type.parameters).offsets) {
      builder.store(value, payload(exception, offset), alignment: 8, alias.exceptions)
    }
    emitThrow(exception)
  }

  private mutating func rethrow(_ depth: UInt32) {
    let frame = frames[frames.count - 1 - Int(depth)]
    guard let handler = frame.handler else { return }
    rootCaught(handler)
    emitThrow(builder.load(types.reference, fromStack: handlers[handler].exception))
  }

  /// Keeps the exception of a clause that throws it again: others may be made meanwhile. Most clauses
  /// do not, and need no place for it.
  private mutating func rootCaught(_ handler: Int) {
    guard let exception = handlers[handler].caught, !handlers[handler].isRooted else { return }
    handlers[handler].isRooted = true
    addRoot(exception)
  }

  /// Throws `exception`, which is not null.
  private mutating func emitThrow(_ exception: LLVMValueRef) {
    let helper = unit.throwHelper(.throw)
    let arguments: [LLVMValueRef] = [vmctx, LLVMGetPoison(types.pointer), exception]
    let call = callOrInvoke(helper.type, helper.function, arguments)
    unit.attributes.applyNoReturn(toCall: call)
    builder.unreachable()
    isReachable = false
  }

  /// The address that is the tag's identity.
  private func tagAddress(_ tag: UInt32) -> LLVMValueRef {
    builder.loadInvariant(types.pointer, vmctx, at: program.layout.tags[Int(tag)])
  }

  private func payload(_ exception: LLVMValueRef, _ offset: Int) -> LLVMValueRef {
    builder.address(exception, plus: ExceptionLayout.payload + offset)
  }

  // MARK: Calls that an exception may come out of.

  /// A call with the convention of bodies, with a landing pad where a handler is open.
  mutating func callOrInvoke(
    _ type: LLVMTypeRef, _ code: LLVMValueRef, _ arguments: [LLVMValueRef]
  ) -> LLVMValueRef {
    let value: LLVMValueRef
    if let handler = activeHandler {
      let next = builder.newBlock(in: function)
      value = builder.invoke(type, code, arguments, next: next, pad: landingPad(handler))
      builder.position(atEndOf: next)
    } else {
      value = builder.call(type, code, arguments)
    }
    LLVMSetInstructionCallConv(value, UnitModule.wasmConvention)
    return value
  }

  private mutating func landingPad(_ handler: Int) -> LLVMBasicBlockRef {
    if let known = handlers[handler].pad { return known }
    let here = builder.block
    let pad = builder.newBlock(in: function)
    builder.position(atEndOf: pad)
    LLVMSetPersonalityFn(function, unit.personality())
    let exception = builder.landingPad()
    restoreSegmentBase()
    builder.store(exception, toStack: handlers[handler].exception)
    builder.branch(handlers[handler].dispatch)
    builder.position(atEndOf: here)
    handlers[handler].pad = pad
    return pad
  }

  // MARK: Handlers.

  /// Makes a handler without clauses; it is the one for what follows.
  private mutating func openHandler() -> Int {
    let slot = inEntry { $0.builder.alloca($0.types.reference) }
    let dispatch = builder.newBlock(in: function)
    handlers.append(
      Handler(exception: slot, dispatch: dispatch, rest: dispatch, outer: activeHandler))
    activeHandler = handlers.count - 1
    return handlers.count - 1
  }

  /// Goes on where handler `index` has an exception of `tag` (nil: of any); yields the exception.
  /// The builder stays there; what follows the clause is in `rest`.
  private mutating func beginClause(_ index: Int, tag: UInt32?) -> LLVMValueRef? {
    guard let rest = handlers[index].rest else { return nil }
    builder.position(atEndOf: rest)
    let exception = builder.load(types.reference, fromStack: handlers[index].exception)
    handlers[index].rest = nil
    guard let tag else { return exception }
    let found = builder.load(
      types.pointer, builder.address(exception, plus: ExceptionLayout.tag), alignment: 8,
      alias.exceptions)
    let (taken, next) = (builder.newBlock(in: function), builder.newBlock(in: function))
    builder.branch(builder.compare(LLVMIntEQ, found, tagAddress(tag)), taken, next)
    handlers[index].rest = next
    builder.position(atEndOf: taken)
    return exception
  }

  /// What an exception of `tag` carries.
  private func loadPayload(_ exception: LLVMValueRef, _ tag: UInt32) -> [LLVMValueRef] {
    let parameters = program.module.tagType(tag).parameters
    return zip(parameters, SlotLayout(parameters).offsets).map { type, offset in
      builder.load(
        types.type(type), payload(exception, offset), alignment: 8, alias.exceptions)
    }
  }

  /// Sends what no clause of handler `index` took on to `outer`, or to the callers. Moves the
  /// builder.
  private mutating func propagate(_ index: Int, to outer: Int?) {
    guard let rest = handlers[index].rest else { return }
    builder.position(atEndOf: rest)
    let exception = builder.load(types.reference, fromStack: handlers[index].exception)
    handlers[index].rest = nil
    if let outer {
      builder.store(exception, toStack: handlers[outer].exception)
      builder.branch(handlers[outer].dispatch)
      return
    }
    let helper = unit.throwHelper(.resume)
    let call = builder.call(
      helper.type, helper.function, [vmctx, LLVMGetPoison(types.pointer), exception])
    LLVMSetInstructionCallConv(call, UnitModule.wasmConvention)
    unit.attributes.applyNoReturn(toCall: call)
    builder.unreachable()
  }

  // MARK: try_table.

  private mutating func openTryTable(_ instruction: Instruction) throws(ModuleError) {
    let outer = activeHandler
    let here = builder.block
    let handler = openHandler()
    for _ in 0..<instruction.index {
      let clause = try activation.reader.nextClause()
      guard let exception = beginClause(handler, tag: clause.tag) else { continue }
      let height = stack.count
      stack += clause.tag.map { loadPayload(exception, $0) } ?? []
      if clause.kind.passesReference { push(exception) }
      branch(to: clause.label)
      stack.removeLast(stack.count - height)
    }
    propagate(handler, to: outer)
    builder.position(atEndOf: here)
    openFrame(.block, program.module.signature(of: instruction.blockType))
    frames[frames.count - 1].handler = handler
  }

  // MARK: The older form: `try`, whose clauses are code.

  private mutating func openTry(_ type: FunctionType) {
    let handler = openHandler()
    openFrame(.try, type)
    frames[frames.count - 1].handler = handler
  }

  /// Ends the body of a `try`, or of its clause before, and begins a clause.
  mutating func beginCatch(tag: UInt32?) {
    let level = frames.count - 1
    if isReachable { branch(to: 0) }
    stack.removeLast(stack.count - frames[level].height)
    guard let handler = frames[level].handler else { return }
    frames[level].kind = .catch
    activeHandler = handlers[handler].outer
    guard let exception = beginClause(handler, tag: tag) else { return }
    (handlers[handler].caught, handlers[handler].isRooted) = (exception, false)
    run += 1
    isReachable = true
    if let tag { stack += loadPayload(exception, tag) }
  }

  /// Ends a `try` whose exceptions are those of the block at `depth`, counted from outside.
  mutating func closeTry(delegatingTo depth: UInt32) {
    let target = frames[...(frames.count - 2 - Int(depth))].last {
      $0.handler != nil && $0.kind != .catch
    }
    finishHandler(of: frames.count - 1, delegatingTo: target.map(\.handler) ?? nil)
    closeFrame()
  }

  /// At the end of a frame with a handler: what is left goes on, and the handler is no longer open.
  mutating func finishHandler(of level: Int) {
    guard let handler = frames[level].handler else { return }
    finishHandler(of: level, delegatingTo: handlers[handler].outer)
  }

  private mutating func finishHandler(of level: Int, delegatingTo outer: Int?) {
    guard let handler = frames[level].handler else { return }
    let here = builder.block
    propagate(handler, to: outer)
    builder.position(atEndOf: here)
    activeHandler = handlers[handler].outer
    frames[level].handler = nil
  }
}
