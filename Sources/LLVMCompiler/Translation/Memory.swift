// Size, growth and bulk instructions of memories.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateMemory(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .memorySize: memorySize(Int(instruction.index))
    case .memoryGrow: memoryGrow(instruction.index)
    case .memoryInit: memoryInit(segment: instruction.index, memory: instruction.index2)
    case .dataDrop: _ = callBuiltin(.dataDrop, [types.i32(instruction.index)])
    case .memoryCopy: memoryCopy(instruction)
    case .memoryFill: memoryFill(instruction.index)
    default: throw unsupported(instruction)
    }
  }

  private mutating func memorySize(_ index: Int) {
    let plan = program.memories[index]
    let pages = builder.binary(
      LLVMLShr, memoryLength(index), types.i64(UInt64(plan.pageSizeLog2)))
    push(narrow(pages, is64Bit: plan.is64Bit))
  }

  private mutating func memoryGrow(_ index: UInt32) {
    let is64Bit = program.memories[Int(index)].is64Bit
    let delta = widen(pop(), is64Bit: is64Bit)
    push(narrow(callBuiltin(.memoryGrow, [types.i32(index), delta]), is64Bit: is64Bit))
  }

  private mutating func memoryInit(segment: UInt32, memory: UInt32) {
    let count = pop()
    let source = pop()
    let destination = widen(pop(), is64Bit: program.memories[Int(memory)].is64Bit)
    callChecked(
      .memoryInit, [types.i32(segment), types.i32(memory), destination, source, count])
  }

  private mutating func memoryCopy(_ instruction: Instruction) {
    let to64Bit = program.memories[Int(instruction.index)].is64Bit
    let from64Bit = program.memories[Int(instruction.index2)].is64Bit
    let count = widen(pop(), is64Bit: to64Bit && from64Bit)
    let source = widen(pop(), is64Bit: from64Bit)
    let destination = widen(pop(), is64Bit: to64Bit)
    callChecked(
      .memoryCopy,
      [types.i32(instruction.index), types.i32(instruction.index2), destination, source, count])
  }

  private mutating func memoryFill(_ memory: UInt32) {
    let is64Bit = program.memories[Int(memory)].is64Bit
    let count = widen(pop(), is64Bit: is64Bit)
    let byte = pop()
    let destination = widen(pop(), is64Bit: is64Bit)
    callChecked(.memoryFill, [types.i32(memory), destination, byte, count])
  }

  // MARK: Addresses and sizes of either width as builtins take them: i64.

  func widen(_ value: LLVMValueRef, is64Bit: Bool) -> LLVMValueRef {
    is64Bit ? value : builder.cast(LLVMZExt, value, to: types.i64)
  }

  func narrow(_ value: LLVMValueRef, is64Bit: Bool) -> LLVMValueRef {
    is64Bit ? value : builder.cast(LLVMTrunc, value, to: types.i32)
  }
}
