// Atomic accesses to memory, waiting and waking. All are sequentially consistent.
// Spec: threads, "Atomic Memory Accesses".

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateAtomic(_ instruction: Instruction) {
    let number = Int(instruction.opcode.rawValue & 0xFF)
    switch number {
    case 0x00: notify(instruction)
    case 0x01: wait(instruction, .memoryWait32)
    case 0x02: wait(instruction, .memoryWait64)
    case 0x03: LLVMBuildFence(builder.reference, LLVMAtomicOrderingSequentiallyConsistent, 0, "")
    case 0x10...0x16: atomicLoad(instruction)
    case 0x17...0x1D: atomicStore(instruction)
    case 0x1E...0x47: update(instruction, Self.update((number - 0x1E) / 7))
    default: compareAndExchange(instruction)
    }
  }

  /// The operations in the opcodes' order, seven forms each.
  private static func update(_ place: Int) -> LLVMAtomicRMWBinOp {
    switch place {
    case 0: LLVMAtomicRMWBinOpAdd
    case 1: LLVMAtomicRMWBinOpSub
    case 2: LLVMAtomicRMWBinOpAnd
    case 3: LLVMAtomicRMWBinOpOr
    case 4: LLVMAtomicRMWBinOpXor
    default: LLVMAtomicRMWBinOpXchg
    }
  }

  // MARK: Types and addresses.

  /// The type in memory: atomic accesses have their natural alignment.
  private func memoryType(_ instruction: Instruction) -> LLVMTypeRef {
    [types.i8, types.i16, types.i32, types.i64][Int(instruction.alignment)]
  }

  /// The type on the stack, which the instruction's name begins with.
  private func valueType(_ instruction: Instruction) -> LLVMTypeRef {
    let number = instruction.opcode.rawValue & 0xFF
    let isWide: Bool
    switch number {
    case 0x10...0x16: isWide = [0x11, 0x14, 0x15, 0x16].contains(number)
    case 0x17...0x1D: isWide = [0x18, 0x1B, 0x1C, 0x1D].contains(number)
    default: isWide = [1, 4, 5, 6].contains((number - 0x1E) % 7)
    }
    return isWide ? types.i64 : types.i32
  }

  private func narrowed(_ value: LLVMValueRef, _ type: LLVMTypeRef) -> LLVMValueRef {
    LLVMTypeOf(value) == type ? value : builder.cast(LLVMTrunc, value, to: type)
  }

  private mutating func pushWidened(_ value: LLVMValueRef, _ type: LLVMTypeRef) {
    push(LLVMTypeOf(value) == type ? value : builder.cast(LLVMZExt, value, to: type))
  }

  /// Pops the address and traps where it is not aligned; yields where the access goes.
  private mutating func popAlignedAddress(
    _ instruction: Instruction, inFlatSpace: Bool = false
  ) -> LLVMValueRef {
    trapIfUnaligned(instruction, stack[stack.count - 1])
    return popAddress(
      instruction, byteCount: 1 << UInt64(instruction.alignment), inFlatSpace: inFlatSpace)
  }

  /// Bases are aligned to pages: what counts is the dynamic address and the static offset.
  private mutating func trapIfUnaligned(_ instruction: Instruction, _ address: LLVMValueRef) {
    guard instruction.alignment > 0 else { return }
    let type: LLVMTypeRef = LLVMTypeOf(address)
    let mask = UInt64(1) << UInt64(instruction.alignment) - 1
    let sum = builder.binary(LLVMAdd, address, LLVMConstInt(type, instruction.value & mask, 0))
    let low = builder.binary(LLVMAnd, sum, LLVMConstInt(type, mask, 0))
    trap(.unalignedAtomic, if: builder.compare(LLVMIntNE, low, LLVMConstNull(type)))
  }

  private func finish(_ access: LLVMValueRef, _ instruction: Instruction) {
    LLVMSetOrdering(access, LLVMAtomicOrderingSequentiallyConsistent)
    // It may trap, and others may see it: nothing about it can be left out.
    LLVMSetVolatile(access, 1)
    LLVMSetMetadata(access, alias.tbaaKind, alias.memories[Int(instruction.index)])
  }

  // MARK: Accesses.

  private mutating func atomicLoad(_ instruction: Instruction) {
    let type = memoryType(instruction)
    let address = popAlignedAddress(instruction)
    let value = builder.load(
      type, address, alignment: 1 << instruction.alignment,
      alias.memories[Int(instruction.index)])
    finish(value, instruction)
    pushWidened(value, valueType(instruction))
  }

  private mutating func atomicStore(_ instruction: Instruction) {
    let value = narrowed(pop(), memoryType(instruction))
    let address = popAlignedAddress(instruction)
    let store = builder.store(
      value, address, alignment: 1 << instruction.alignment,
      alias.memories[Int(instruction.index)])
    finish(store, instruction)
  }

  private mutating func update(_ instruction: Instruction, _ operation: LLVMAtomicRMWBinOp) {
    let operand = narrowed(pop(), memoryType(instruction))
    // Where only flags or single bits of the result are needed, LLVM's x86 backend makes intrinsics
    // of these, and casts the address to an ordinary pointer for them.
    let address = popAlignedAddress(instruction, inFlatSpace: true)
    let old: LLVMValueRef = LLVMBuildAtomicRMW(
      builder.reference, operation, address, operand, LLVMAtomicOrderingSequentiallyConsistent, 0)
    LLVMSetVolatile(old, 1)
    pushWidened(old, valueType(instruction))
  }

  private mutating func compareAndExchange(_ instruction: Instruction) {
    let type = memoryType(instruction)
    let (expected, replacement) = popPair()
    let address = popAlignedAddress(instruction)
    let pair: LLVMValueRef = LLVMBuildAtomicCmpXchg(
      builder.reference, address, narrowed(expected, type), narrowed(replacement, type),
      LLVMAtomicOrderingSequentiallyConsistent, LLVMAtomicOrderingSequentiallyConsistent, 0)
    LLVMSetVolatile(pair, 1)
    pushWidened(LLVMBuildExtractValue(builder.reference, pair, 0, ""), valueType(instruction))
  }

  // MARK: Waiting and waking.

  /// Pops the address, traps where it is not aligned, and yields it with the static offset as an
  /// i64; the largest where the sum is none.
  private mutating func popEffectiveAddress(_ instruction: Instruction) -> LLVMValueRef {
    trapIfUnaligned(instruction, stack[stack.count - 1])
    let is64Bit = program.memories[Int(instruction.index)].is64Bit
    let address = widen(pop(), is64Bit: is64Bit)
    let offset = types.i64(instruction.value)
    return intrinsic("llvm.uadd.sat", [types.i64], [address, offset])
  }

  private mutating func notify(_ instruction: Instruction) {
    let count = pop()
    let address = popEffectiveAddress(instruction)
    push(callBuiltin(.memoryNotify, [types.i32(instruction.index), address, count]))
  }

  private mutating func wait(_ instruction: Instruction, _ builtin: Builtin) {
    let timeout = pop()
    let expected = pop()
    let address = popEffectiveAddress(instruction)
    guard program.memories[Int(instruction.index)].isShared else { return trap(.unsharedWait) }
    push(callBuiltin(builtin, [types.i32(instruction.index), address, expected, timeout]))
  }
}
