// Loads and stores of linear memory, and where the addresses come from.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateMemoryAccess(_ instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .i32Load: load(instruction, types.i32)
    case .i64Load: load(instruction, types.i64)
    case .f32Load: load(instruction, types.f32)
    case .f64Load: load(instruction, types.f64)
    case .i32Load8S: load(instruction, types.i8, LLVMSExt, to: types.i32)
    case .i32Load8U: load(instruction, types.i8, LLVMZExt, to: types.i32)
    case .i32Load16S: load(instruction, types.i16, LLVMSExt, to: types.i32)
    case .i32Load16U: load(instruction, types.i16, LLVMZExt, to: types.i32)
    case .i64Load8S: load(instruction, types.i8, LLVMSExt, to: types.i64)
    case .i64Load8U: load(instruction, types.i8, LLVMZExt, to: types.i64)
    case .i64Load16S: load(instruction, types.i16, LLVMSExt, to: types.i64)
    case .i64Load16U: load(instruction, types.i16, LLVMZExt, to: types.i64)
    case .i64Load32S: load(instruction, types.i32, LLVMSExt, to: types.i64)
    case .i64Load32U: load(instruction, types.i32, LLVMZExt, to: types.i64)
    case .i32Store, .i64Store, .f32Store, .f64Store: store(instruction, pop())
    case .i32Store8, .i64Store8: store(instruction, narrowing: types.i8)
    case .i32Store16, .i64Store16: store(instruction, narrowing: types.i16)
    case .i64Store32: store(instruction, narrowing: types.i32)
    default: throw unsupported(instruction)
    }
  }

  private mutating func load(_ instruction: Instruction, _ type: LLVMTypeRef) {
    push(loadMemory(instruction, type))
  }

  private mutating func load(
    _ instruction: Instruction, _ type: LLVMTypeRef, _ extend: LLVMOpcode, to wide: LLVMTypeRef
  ) {
    push(builder.cast(extend, loadMemory(instruction, type), to: wide))
  }

  private mutating func store(_ instruction: Instruction, _ value: LLVMValueRef) {
    storeMemory(instruction, value)
  }

  private mutating func store(_ instruction: Instruction, narrowing type: LLVMTypeRef) {
    let value = pop()
    storeMemory(instruction, builder.cast(LLVMTrunc, value, to: type))
  }

  // MARK: For all instructions that access memory, vectors included.

  /// Pops the address and loads a value of `type`. The alignment that wasm states is a hint that
  /// may be wrong, so LLVM hears of 1.
  mutating func loadMemory(_ instruction: Instruction, _ type: LLVMTypeRef) -> LLVMValueRef {
    let address = popAddress(instruction, byteCount: byteCount(type))
    let value = builder.load(
      type, address, alignment: 1, alias.memories[Int(instruction.index)])
    markShared(value, instruction)
    return value
  }

  /// Pops the address (below `value`, which is popped already) and stores `value` there.
  mutating func storeMemory(_ instruction: Instruction, _ value: LLVMValueRef) {
    let address = popAddress(instruction, byteCount: byteCount(LLVMTypeOf(value)))
    let store = builder.store(
      value, address, alignment: 1, alias.memories[Int(instruction.index)])
    markShared(store, instruction)
  }

  /// Other threads may write a shared memory at any time: LLVM must not read a value twice where
  /// the program reads it once, nor write what it does not.
  private func markShared(_ access: LLVMValueRef, _ instruction: Instruction) {
    if program.memories[Int(instruction.index)].isShared { LLVMSetVolatile(access, 1) }
  }

  private func byteCount(_ type: LLVMTypeRef) -> UInt64 {
    switch LLVMGetTypeKind(type) {
    case LLVMIntegerTypeKind: UInt64(LLVMGetIntTypeWidth(type)) / 8
    case LLVMFloatTypeKind: 4
    case LLVMDoubleTypeKind: 8
    default: byteCount(LLVMGetElementType(type)) * UInt64(LLVMGetVectorSize(type))
    }
  }

  /// Pops the dynamic address and yields where in the process `byteCount` bytes at it and the
  /// static offset lie; traps where the memory is a checked one and they lie outside. With `inFlatSpace`
  /// the address is an ordinary pointer even where GS has the memory's base.
  mutating func popAddress(
    _ instruction: Instruction, byteCount: UInt64, inFlatSpace: Bool = false
  ) -> LLVMValueRef {
    let memory = Int(instruction.index)
    let plan = program.memories[memory]
    let dynamic = pop()
    let offset = plan.is64Bit ? dynamic : builder.cast(LLVMZExt, dynamic, to: types.i64)
    if !plan.isGuarded {
      checkBounds(memory, offset, staticOffset: instruction.value, byteCount: byteCount)
    }
    // Static offsets of unchecked memories are below 2^32, and so is the dynamic part: the sum
    // stays in the reservation.
    let base =
      plan.isInSegment && !inFlatSpace
      ? builder.segmentAddress(offset) : builder.address(memoryBase(memory), plus: offset)
    return builder.address(base, plus: Int(bitPattern: UInt(instruction.value)))
  }

  // MARK: Bases and lengths.

  /// The address of byte 0 of a memory, which never changes.
  mutating func memoryBase(_ index: Int) -> LLVMValueRef {
    let plan = program.memories[index]
    if index == 0, program.passesMemoryBase { return LLVMGetParam(function, 1) }
    if let known = memoryBases[index] { return known }
    let base = inEntry {
      $0.builder.loadInvariant($0.types.pointer, $0.vmctx, at: plan.baseOffset)
    }
    memoryBases[index] = base
    return base
  }

  /// A memory's length in bytes, an i64.
  func memoryLength(_ index: Int) -> LLVMValueRef {
    let plan = program.memories[index]
    let field: LLVMValueRef
    if plan.isImported {
      let definition = builder.loadInvariant(types.pointer, vmctx, at: plan.lengthOffset)
      field = builder.address(definition, plus: VMContextLayout.memoryLength)
    } else {
      field = builder.address(vmctx, plus: plan.lengthOffset)
    }
    return builder.load(types.i64, field, alignment: 8, alias.definitions)
  }

  /// Traps unless `offset + staticOffset + byteCount <= length`, computed without wrapping.
  private mutating func checkBounds(
    _ memory: Int, _ offset: LLVMValueRef, staticOffset: UInt64, byteCount: UInt64
  ) {
    let (needed, wraps) = staticOffset.addingReportingOverflow(byteCount)
    let length = memoryLength(memory)
    // Where the sum wraps the access is always outside; no length reaches 2^64 - 1 either.
    let extent = wraps ? UInt64.max : needed
    let room = builder.binary(LLVMSub, length, types.i64(extent))
    var isOutside = builder.compare(LLVMIntUGT, offset, room)
    // A memory never shrinks: most often its first size says that there is room.
    if extent > program.memories[memory].minimumByteCount {
      let isTooShort = builder.compare(LLVMIntULT, length, types.i64(extent))
      isOutside = builder.binary(LLVMOr, isTooShort, isOutside)
    }
    trap(.memoryOutOfBounds, if: isOutside)
  }
}
