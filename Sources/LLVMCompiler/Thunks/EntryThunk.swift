// How the runtime's C code calls a wasm function: one thunk a function type.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension UnitModule {
  /// Defines `void e<type>(const void *code, void *vmctx, uint64_t *slots)`; `CallingConvention`
  /// says what it does.
  func defineEntryThunk(typeIndex: UInt32) {
    let signature = signature(typeIndex: typeIndex)
    let pointer = types.pointer
    let thunk = addFunction(
      .entryThunk(typeIndex), types.function(types.void, [pointer, pointer, pointer]),
      convention: LLVMCCallConv.rawValue)
    placeInOwnSection(thunk, .entryThunk(typeIndex))
    builder.position(atEndOf: builder.newBlock(in: thunk))
    let vmctx: LLVMValueRef = LLVMGetParam(thunk, 1)
    let slots: LLVMValueRef = LLVMGetParam(thunk, 2)

    let area = builder.loadInvariant(pointer, vmctx, at: VMContextLayout.argumentArea)
    var arguments: [LLVMValueRef] = [vmctx, LLVMGetPoison(pointer)]
    let parameters = SlotLayout(signature.type.parameters)
    for (index, type) in signature.type.parameters.enumerated() {
      let value = loadSlot(types.type(type), slots, parameters.offsets[index])
      switch signature.convention.parameters[index] {
      case .register: arguments.append(value)
      case .area(let offset): storeArea(value, area, offset)
      }
    }
    let result = builder.call(
      signature.prototype, LLVMGetParam(thunk, 0), addGlobalZero(nil, to: arguments))
    LLVMSetInstructionCallConv(result, Self.wasmConvention)
    let results = SlotLayout(signature.type.results)
    for (index, type) in signature.type.results.enumerated() {
      let value =
        switch signature.convention.results[index] {
        case .register: result
        case .area(let offset): loadArea(types.type(type), area, offset)
        }
      storeSlot(value, slots, results.offsets[index])
    }
    builder.returnVoid()
  }

  // MARK: Slots and argument area, for both kinds of thunks.

  func loadSlot(_ type: LLVMTypeRef, _ slots: LLVMValueRef, _ offset: Int) -> LLVMValueRef {
    builder.load(type, builder.address(slots, plus: offset), alignment: 8, alias.slots)
  }

  func storeSlot(_ value: LLVMValueRef, _ slots: LLVMValueRef, _ offset: Int) {
    builder.store(value, builder.address(slots, plus: offset), alignment: 8, alias.slots)
  }

  func loadArea(_ type: LLVMTypeRef, _ area: LLVMValueRef, _ offset: Int) -> LLVMValueRef {
    builder.load(type, builder.address(area, plus: offset), alignment: 8, alias.argumentArea)
  }

  func storeArea(_ value: LLVMValueRef, _ area: LLVMValueRef, _ offset: Int) {
    builder.store(value, builder.address(area, plus: offset), alignment: 8, alias.argumentArea)
  }
}
