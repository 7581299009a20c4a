// Calls of every kind, and the places of arguments and results.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// Whom to call: code, and the first two arguments.
private struct Callee {
  let code: LLVMValueRef
  let vmctx: LLVMValueRef
  let memoryBase: LLVMValueRef
  /// nil where it is not known or not passed.
  var globalZero: LLVMValueRef? = nil
  let signature: Signature
  /// The call may come to another instance.
  let mayLeave: Bool
}

extension FunctionTranslator {
  mutating func call(_ index: UInt32) throws(ModuleError) {
    if inlining.isInlined(index) {
      try inlineCall(index)
    } else {
      emitCall(direct(index))
    }
  }

  mutating func callIndirect(table: Int, typeIndex: UInt32) {
    let callee = popIndirect(table, typeIndex)
    emitCall(callee)
  }

  mutating func callReference(typeIndex: UInt32) {
    let callee = popReference(typeIndex)
    emitCall(callee)
  }

  mutating func returnCall(_ index: UInt32) { emitTailCall(direct(index)) }

  mutating func returnCallIndirect(table: Int, typeIndex: UInt32) {
    let callee = popIndirect(table, typeIndex)
    emitTailCall(callee)
  }

  mutating func returnCallReference(typeIndex: UInt32) {
    let callee = popReference(typeIndex)
    emitTailCall(callee)
  }

  // MARK: Callees.

  /// Table entries load m0 themselves, so their callers need not have it.
  private var noMemoryBase: LLVMValueRef { LLVMGetPoison(types.pointer) }

  private func direct(_ index: UInt32) -> Callee {
    let signature = unit.signature(ofFunction: index)
    guard program.module.isImportedFunction(index) else {
      return Callee(
        code: unit.function(index), vmctx: vmctx,
        memoryBase: program.segmentBase.isUsed ? noMemoryBase : LLVMGetParam(function, 1),
        globalZero: globalZeroSlot.map {
          builder.load(types.type(program.passedGlobalZero!), fromStack: $0)
        },
        signature: signature, mayLeave: program.segmentBase.changesInDirectCalls)
    }
    let offset = program.layout.importedFunctions[Int(index)]
    return Callee(
      code: builder.loadInvariant(types.pointer, vmctx, at: offset),
      vmctx: builder.loadInvariant(types.pointer, vmctx, at: offset + 8),
      memoryBase: noMemoryBase, signature: signature, mayLeave: true)
  }

  /// Spec: core 3.0 §4.4.8.13 (call_indirect).
  private mutating func popIndirect(_ table: Int, _ typeIndex: UInt32) -> Callee {
    let element = popElement(table)
    let tag = alias.tables[table]
    let actual = builder.load(
      types.i32, builder.address(element, plus: VMContextLayout.funcRefTypeID), alignment: 8, tag)
    let wanted = builder.loadInvariant(
      types.i32, vmctx, at: program.layout.typeIDs[Int(typeIndex)], alignment: 4)
    trapOnMismatch(actual, wanted, isFinal: program.module.types[Int(typeIndex)].isFinal)
    return Callee(
      code: builder.load(
        types.pointer, builder.address(element, plus: VMContextLayout.funcRefCode), alignment: 8,
        tag),
      vmctx: builder.load(
        types.pointer, builder.address(element, plus: VMContextLayout.funcRefVMContext),
        alignment: 8, tag),
      memoryBase: noMemoryBase, signature: unit.signature(typeIndex: typeIndex), mayLeave: true)
  }

  /// One comparison on the fast path. Behind it is found out which trap it is, or that the actual
  /// type is a subtype, which final types have none of.
  private mutating func trapOnMismatch(
    _ actual: LLVMValueRef, _ wanted: LLVMValueRef, isFinal: Bool
  ) {
    let mismatch = builder.newBlock(in: function)
    let next = builder.newBlock(in: function)
    builder.branch(builder.compare(LLVMIntEQ, actual, wanted), next, mismatch)
    builder.position(atEndOf: mismatch)
    trap(.uninitializedElement, if: builder.compare(LLVMIntEQ, actual, types.i32(0)))
    if isFinal {
      trap(.indirectCallTypeMismatch)
      isReachable = true
    } else {
      let isSubtype = callBuiltin(.isSubtype, [actual, wanted])
      trap(
        .indirectCallTypeMismatch, if: builder.compare(LLVMIntEQ, isSubtype, types.i32(0)))
      builder.branch(next)
    }
    builder.position(atEndOf: next)
  }

  private mutating func popReference(_ typeIndex: UInt32) -> Callee {
    let reference = pop()
    trap(.nullReference, if: isNull(reference))
    return Callee(
      code: builder.loadInvariant(types.pointer, reference, at: VMContextLayout.funcRefCode),
      vmctx: builder.loadInvariant(
        types.pointer, reference, at: VMContextLayout.funcRefVMContext),
      memoryBase: noMemoryBase, signature: unit.signature(typeIndex: typeIndex), mayLeave: true)
  }

  // MARK: Calling.

  private mutating func emitCall(_ callee: Callee) {
    let arguments = popArguments(callee) { $0.publishRoots() }
    let value = callOrInvoke(callee.signature.prototype, callee.code, arguments)
    // A call that is not a tail call takes stack: LLVM must not make a loop of endless recursion.
    // Nothing is lost, since the compiler that made the module has made its loops already.
    if activeHandler == nil { LLVMSetTailCallKind(value, LLVMTailCallKindNoTail) }
    if callee.mayLeave { restoreSegmentBase() }
    for (index, type) in callee.signature.type.results.enumerated() {
      switch callee.signature.convention.results[index] {
      case .register: push(value)
      case .area(let offset): push(loadArea(type, argumentArea(), offset))
      }
    }
  }

  /// A jump: LLVM guarantees it where the prototypes agree (`musttail`), and makes it of every
  /// other call too that is last and takes nothing from the machine stack, which none does.
  private mutating func emitTailCall(_ callee: Callee) {
    let arguments = popArguments(callee) { _ in }
    // The function's frame is gone when the callee begins, and its handlers with it.
    let value = builder.call(callee.signature.prototype, callee.code, arguments)
    LLVMSetInstructionCallConv(value, UnitModule.wasmConvention)
    roots.exits.append(value)
    let isEqual = callee.signature.prototype == signature.prototype
    LLVMSetTailCallKind(value, isEqual ? LLVMTailCallKindMustTail : LLVMTailCallKindTail)
    if signature.type.results.isEmpty { builder.returnVoid() } else { builder.return(value) }
    isReachable = false
  }

  /// Pops the arguments, does what `prepare` says, and stores those arguments that go through the
  /// area; yields the others.
  private mutating func popArguments(
    _ callee: Callee, _ prepare: (inout Self) -> Void
  ) -> [LLVMValueRef] {
    let operands = popMany(callee.signature.type.parameters.count)
    prepare(&self)
    var arguments = [callee.vmctx, callee.memoryBase]
    for (operand, location) in zip(operands, callee.signature.convention.parameters) {
      switch location {
      case .register: arguments.append(operand)
      case .area(let offset): storeArea(operand, argumentArea(), offset)
      }
    }
    return unit.addGlobalZero(callee.globalZero, to: arguments)
  }

  // MARK: The argument area.

  func argumentArea() -> LLVMValueRef {
    builder.loadInvariant(types.pointer, vmctx, at: VMContextLayout.argumentArea)
  }

  func loadArea(_ type: ValueType, _ area: LLVMValueRef, _ offset: Int) -> LLVMValueRef {
    builder.load(
      types.type(type), builder.address(area, plus: offset), alignment: 8, alias.argumentArea)
  }

  func storeArea(_ value: LLVMValueRef, _ area: LLVMValueRef, _ offset: Int) {
    builder.store(value, builder.address(area, plus: offset), alignment: 8, alias.argumentArea)
  }

  /// Stores the results that do not go in a register.
  func storeResults(_ results: [LLVMValueRef]) {
    for (result, location) in zip(results, signature.convention.results) {
      if case .area(let offset) = location { storeArea(result, argumentArea(), offset) }
    }
  }
}
