// Locals and globals.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateVariable(_ instruction: Instruction) {
    let index = Int(instruction.index)
    switch instruction.opcode {
    case .localGet: push(local(index))
    case .localSet: setLocal(index, pop())
    case .localTee: setLocal(index, stack[stack.count - 1])
    case .globalGet: push(global(index))
    default: setGlobal(index, pop())
    }
  }

  private mutating func local(_ index: Int) -> LLVMValueRef {
    if activation.locals[index].run == run, let value = activation.locals[index].value {
      return value
    }
    let value = builder.load(
      activation.locals[index].type, fromStack: activation.locals[index].slot)
    activation.locals[index].value = value
    activation.locals[index].run = run
    return value
  }

  private mutating func setLocal(_ index: Int, _ value: LLVMValueRef) {
    builder.store(value, toStack: activation.locals[index].slot)
    activation.locals[index].value = value
    activation.locals[index].run = run
    rootLocal(index, value)
  }

  // MARK: Globals.

  /// Takes global 0's value, where it is passed, from the last parameter, or where code goes on in a
  /// loop from the VMContext.
  mutating func beginGlobalZero() {
    guard let valueType = program.passedGlobalZero else { return }
    let type = types.type(valueType)
    let slot = inEntry { $0.builder.alloca(type) }
    let value = loopEntry == nil ? LLVMGetLastParam(function)! : global(0)
    builder.store(value, toStack: slot)
    globalZeroSlot = slot
  }

  private func global(_ index: Int) -> LLVMValueRef {
    let global = program.module.globals[index].type
    let type = types.type(global.value)
    if index == 0, let globalZeroSlot { return builder.load(type, fromStack: globalZeroSlot) }
    let alignment = UInt32(global.value.byteCount)
    guard global.isMutable else {
      // Set before any code runs, also where it is another instance's cell.
      if index < program.module.importedGlobalCount {
        return builder.loadInvariant(type, globalCell(index), at: 0, alignment: alignment)
      }
      return builder.loadInvariant(
        type, vmctx, at: program.layout.globals[index], alignment: alignment)
    }
    return builder.load(type, globalCell(index), alignment: alignment, alias.globals[index])
  }

  private func setGlobal(_ index: Int, _ value: LLVMValueRef) {
    let alignment = UInt32(program.module.globals[index].type.value.byteCount)
    if index == 0, let globalZeroSlot { builder.store(value, toStack: globalZeroSlot) }
    // Whoever is called at a table entry, and the host, find it in the VMContext.
    builder.store(value, globalCell(index), alignment: alignment, alias.globals[index])
  }

  /// Where a global's value is: in the VMContext, or in the exporter's.
  private func globalCell(_ index: Int) -> LLVMValueRef {
    let offset = program.layout.globals[index]
    return index < program.module.importedGlobalCount
      ? builder.loadInvariant(types.pointer, vmctx, at: offset)
      : builder.address(vmctx, plus: offset)
  }
}
