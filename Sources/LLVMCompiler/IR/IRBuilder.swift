// A thin face over LLVM's instruction builder: the calls that translation makes, without names.

internal import CLLVM

/// Appends instructions at a place in a function. Values get no names: they would cost time and
/// nobody reads them.
struct IRBuilder {
  let reference: LLVMBuilderRef
  let types: IRTypes
  let alias: AliasTags
  private let noName: UnsafePointer<CChar>

  /// `noName` is an empty C string that lives as long as the builder.
  init(_ types: IRTypes, _ alias: AliasTags, noName: UnsafePointer<CChar>) {
    reference = LLVMCreateBuilderInContext(types.context)
    self.types = types
    self.alias = alias
    self.noName = noName
  }

  func dispose() { LLVMDisposeBuilder(reference) }

  // MARK: Blocks.

  var block: LLVMBasicBlockRef { LLVMGetInsertBlock(reference) }

  func position(atEndOf block: LLVMBasicBlockRef) { LLVMPositionBuilderAtEnd(reference, block) }

  /// What is made from here on is at `location`, nil for at none. Moving before an instruction takes
  /// over that one's.
  func locate(_ location: LLVMMetadataRef?) { LLVMSetCurrentDebugLocation2(reference, location) }

  func position(before instruction: LLVMValueRef) {
    LLVMPositionBuilderBefore(reference, instruction)
  }

  func newBlock(in function: LLVMValueRef) -> LLVMBasicBlockRef {
    LLVMAppendBasicBlockInContext(types.context, function, noName)
  }

  func branch(_ block: LLVMBasicBlockRef) { LLVMBuildBr(reference, block) }

  func branch(
    _ condition: LLVMValueRef, _ then: LLVMBasicBlockRef, _ otherwise: LLVMBasicBlockRef
  ) {
    LLVMBuildCondBr(reference, condition, then, otherwise)
  }

  func phi(_ type: LLVMTypeRef) -> LLVMValueRef { LLVMBuildPhi(reference, type, noName) }

  func unreachable() { LLVMBuildUnreachable(reference) }

  @discardableResult
  func returnVoid() -> LLVMValueRef { LLVMBuildRetVoid(reference) }

  @discardableResult
  func `return`(_ value: LLVMValueRef) -> LLVMValueRef { LLVMBuildRet(reference, value) }

  // MARK: Computing.

  func binary(_ opcode: LLVMOpcode, _ left: LLVMValueRef, _ right: LLVMValueRef) -> LLVMValueRef {
    LLVMBuildBinOp(reference, opcode, left, right, noName)
  }

  func compare(
    _ predicate: LLVMIntPredicate, _ left: LLVMValueRef, _ right: LLVMValueRef
  ) -> LLVMValueRef {
    LLVMBuildICmp(reference, predicate, left, right, noName)
  }

  func compare(
    _ predicate: LLVMRealPredicate, _ left: LLVMValueRef, _ right: LLVMValueRef
  ) -> LLVMValueRef {
    LLVMBuildFCmp(reference, predicate, left, right, noName)
  }

  func select(
    _ condition: LLVMValueRef, _ then: LLVMValueRef, _ otherwise: LLVMValueRef
  ) -> LLVMValueRef {
    LLVMBuildSelect(reference, condition, then, otherwise, noName)
  }

  func cast(_ opcode: LLVMOpcode, _ value: LLVMValueRef, to type: LLVMTypeRef) -> LLVMValueRef {
    LLVMBuildCast(reference, opcode, value, type, noName)
  }

  func bitcast(_ value: LLVMValueRef, to type: LLVMTypeRef) -> LLVMValueRef {
    LLVMBuildBitCast(reference, value, type, noName)
  }

  func negate(float value: LLVMValueRef) -> LLVMValueRef { LLVMBuildFNeg(reference, value, noName) }

  // MARK: Vectors.

  /// A vector of `type` with `scalar` in every lane.
  func splat(_ scalar: LLVMValueRef, _ type: LLVMTypeRef) -> LLVMValueRef {
    let poison: LLVMValueRef = LLVMGetPoison(type)
    let first: LLVMValueRef = LLVMBuildInsertElement(
      reference, poison, scalar, types.i32(0), noName)
    let lanes: LLVMValueRef = LLVMConstNull(LLVMVectorType(types.i32, LLVMGetVectorSize(type)))
    return LLVMBuildShuffleVector(reference, first, poison, lanes, noName)
  }

  /// Lane `index` of a vector.
  func lane(_ vector: LLVMValueRef, _ index: UInt32) -> LLVMValueRef {
    LLVMBuildExtractElement(reference, vector, types.i32(index), noName)
  }

  // MARK: Calling.

  func call(
    _ type: LLVMTypeRef, _ function: LLVMValueRef, _ arguments: [LLVMValueRef]
  ) -> LLVMValueRef {
    var arguments: [LLVMValueRef?] = arguments
    return LLVMBuildCall2(
      reference, type, function, &arguments, UInt32(arguments.count), noName)
  }

  /// Calls, and goes on at `next`, or at `pad` with an exception.
  func invoke(
    _ type: LLVMTypeRef, _ function: LLVMValueRef, _ arguments: [LLVMValueRef],
    next: LLVMBasicBlockRef, pad: LLVMBasicBlockRef
  ) -> LLVMValueRef {
    var arguments: [LLVMValueRef?] = arguments
    return LLVMBuildInvoke2(
      reference, type, function, &arguments, UInt32(arguments.count), next, pad, noName)
  }

  /// Begins a landing pad for all exceptions; yields the exception.
  func landingPad() -> LLVMValueRef {
    var fields: [LLVMTypeRef?] = [types.pointer, types.i32]
    let type: LLVMTypeRef = LLVMStructTypeInContext(types.context, &fields, 2, 0)
    let pad: LLVMValueRef = LLVMBuildLandingPad(reference, type, nil, 1, noName)
    LLVMAddClause(pad, LLVMConstNull(types.pointer))
    return cast(
      LLVMAddrSpaceCast, LLVMBuildExtractValue(reference, pad, 0, noName), to: types.reference)
  }

  // MARK: Memory.

  func alloca(_ type: LLVMTypeRef) -> LLVMValueRef { LLVMBuildAlloca(reference, type, noName) }

  /// `base` plus `offset` bytes; wraps, no `inbounds`.
  func address(_ base: LLVMValueRef, plus offset: LLVMValueRef) -> LLVMValueRef {
    var index: LLVMValueRef? = offset
    return LLVMBuildGEP2(reference, types.i8, base, &index, 1, noName)
  }

  func address(_ base: LLVMValueRef, plus offset: Int) -> LLVMValueRef {
    offset == 0 ? base : address(base, plus: types.i64(offset))
  }

  /// Loads from a function's own stack.
  func load(_ type: LLVMTypeRef, fromStack address: LLVMValueRef) -> LLVMValueRef {
    LLVMBuildLoad2(reference, type, address, noName)
  }

  /// Stores to a function's own stack.
  func store(_ value: LLVMValueRef, toStack address: LLVMValueRef) {
    LLVMBuildStore(reference, value, address)
  }

  /// Loads from memory that `tag` names, which `alignment` (in bytes) holds for.
  func load(
    _ type: LLVMTypeRef, _ address: LLVMValueRef, alignment: UInt32, _ tag: LLVMValueRef
  ) -> LLVMValueRef {
    let value: LLVMValueRef = LLVMBuildLoad2(reference, type, address, noName)
    LLVMSetAlignment(value, alignment)
    LLVMSetMetadata(value, alias.tbaaKind, tag)
    return value
  }

  @discardableResult
  func store(
    _ value: LLVMValueRef, _ address: LLVMValueRef, alignment: UInt32, _ tag: LLVMValueRef
  ) -> LLVMValueRef {
    let store: LLVMValueRef = LLVMBuildStore(reference, value, address)
    LLVMSetAlignment(store, alignment)
    LLVMSetMetadata(store, alias.tbaaKind, tag)
    return store
  }

  /// Loads what was written before any code of the instance ran and is never written again.
  func loadInvariant(
    _ type: LLVMTypeRef, _ base: LLVMValueRef, at offset: Int, alignment: UInt32 = 8
  ) -> LLVMValueRef {
    let value: LLVMValueRef = LLVMBuildLoad2(
      reference, type, address(base, plus: offset), noName)
    LLVMSetAlignment(value, alignment)
    LLVMSetMetadata(value, alias.invariantLoadKind, alias.empty)
    return value
  }
}
