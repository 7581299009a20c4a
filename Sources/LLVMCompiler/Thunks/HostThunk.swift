// How wasm code calls a host function: one thunk a type of an imported function.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension UnitModule {
  /// Defines `h<type>`, which is called like a table entry with a host function record as its
  /// VMContext; `CallingConvention` says what it does.
  func defineHostThunk(typeIndex: UInt32) {
    let signature = signature(typeIndex: typeIndex)
    let thunk = addFunction(
      .hostThunk(typeIndex), signature.prototype, convention: Self.wasmConvention)
    placeInOwnSection(thunk, .hostThunk(typeIndex))
    let record: LLVMValueRef = LLVMGetParam(thunk, 0)
    builder.position(atEndOf: builder.newBlock(in: thunk))
    let slotBytes = max(8, SlotLayout.byteCount(calling: signature.type))
    let slots = builder.alloca(LLVMArrayType2(types.i64, UInt64(slotBytes / 8)))
    raiseUnless(hasStackReserve(record), in: thunk, record) {
      types.i32(UInt32(TrapCode.stackExhausted.rawValue))
    }

    let area = builder.loadInvariant(types.pointer, record, at: VMContextLayout.argumentArea)
    let parameters = SlotLayout(signature.type.parameters)
    var register: UInt32 = 2
    for (index, type) in signature.type.parameters.enumerated() {
      let value: LLVMValueRef
      switch signature.convention.parameters[index] {
      case .register:
        value = LLVMGetParam(thunk, register)
        register += 1
      case .area(let offset): value = loadArea(types.type(type), area, offset)
      }
      storeSlot(value, slots, parameters.offsets[index])
    }
    let status = builder.call(
      types.function(types.i32, [types.pointer, types.pointer]),
      builder.loadInvariant(types.pointer, record, at: HostRecordLayout.function),
      [builder.loadInvariant(types.pointer, record, at: HostRecordLayout.environment), slots])
    let finished = builder.compare(LLVMIntEQ, status, types.i32(UInt32(GuestStatus.finished)))
    raiseUnless(finished, in: thunk, record) { status }
    returnSlots(slots, signature, area)
  }

  /// Whether `CallingConvention.stackReserve` bytes are left below this frame.
  private func hasStackReserve(_ record: LLVMValueRef) -> LLVMValueRef {
    let frameAddress = intrinsic("llvm.frameaddress", [types.pointer])
    let frame = builder.cast(
      LLVMPtrToInt, builder.call(frameAddress.type, frameAddress.function, [types.i32(0)]),
      to: types.i64)
    let limit = builder.loadInvariant(types.i64, record, at: VMContextLayout.stackLimit)
    let lowest = builder.binary(LLVMAdd, limit, types.i64(CallingConvention.stackReserve))
    return builder.compare(LLVMIntUGE, frame, lowest)
  }

  /// Leaves the guest's frames with a status where `condition` does not hold.
  private func raiseUnless(
    _ condition: LLVMValueRef, in thunk: LLVMValueRef, _ record: LLVMValueRef,
    _ status: () -> LLVMValueRef
  ) {
    let failed = builder.newBlock(in: thunk)
    let next = builder.newBlock(in: thunk)
    builder.branch(condition, next, failed)
    builder.position(atEndOf: failed)
    let table = builder.loadInvariant(types.pointer, record, at: VMContextLayout.builtins)
    let raise = builder.loadInvariant(types.pointer, table, at: Builtin.raise.rawValue * 8)
    let call = builder.call(prototype(of: .raise), raise, [record, status()])
    attributes.applyNoReturn(toCall: call)
    builder.unreachable()
    builder.position(atEndOf: next)
  }

  /// Returns the results that a host function left in its slots.
  private func returnSlots(_ slots: LLVMValueRef, _ signature: Signature, _ area: LLVMValueRef) {
    let layout = SlotLayout(signature.type.results)
    var first: LLVMValueRef?
    for (index, type) in signature.type.results.enumerated() {
      let value = loadSlot(types.type(type), slots, layout.offsets[index])
      switch signature.convention.results[index] {
      case .register: first = value
      case .area(let offset): storeArea(value, area, offset)
      }
    }
    if let first { builder.return(first) } else { builder.returnVoid() }
  }
}
