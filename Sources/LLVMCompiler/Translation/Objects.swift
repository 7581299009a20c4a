// Instructions on structures, and what those on arrays share with them. Spec: core 3.0 §4.6.8.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateStructure(_ instruction: Instruction) throws(ModuleError) {
    let index = Int(instruction.index)
    guard case .structure(let fields) = program.module.types[index].composite else {
      throw unsupported(instruction)
    }
    let layout = ObjectLayout(fields)
    let place = Int(instruction.index2)
    switch instruction.opcode {
    case .structNew:
      let object = makeObject(.structNew, index, [])
      let values = popMany(fields.count)
      for (place, value) in values.enumerated() {
        initialize(
          fields[place].storage, value, builder.address(object, plus: layout.offsets[place]))
      }
      push(object)
    case .structNewDefault: push(makeObject(.structNew, index, []))
    case .structSet:
      let value = pop()
      storeField(
        fields[place].storage, value, address(popNonNull(), layout.offsets[place]))
    default:
      push(
        loadField(
          fields[place].storage, address(popNonNull(), layout.offsets[place]),
          isSigned: instruction.opcode == .structGetS))
    }
  }

  private func address(_ object: LLVMValueRef, _ offset: Int) -> LLVMValueRef {
    builder.address(object, plus: offset)
  }

  /// Pops a reference; traps where it is null.
  mutating func popNonNull() -> LLVMValueRef {
    let reference = pop()
    trap(.nullReference, if: isNull(reference))
    return reference
  }

  // MARK: Making objects.

  /// Calls a builtin that makes an object of type `index`. The operands are still on the stack:
  /// those that are references must not be lost meanwhile.
  mutating func makeObject(
    _ builtin: Builtin, _ index: Int, _ arguments: [LLVMValueRef]
  ) -> LLVMValueRef {
    publishRoots()
    let record = builder.loadInvariant(
      types.pointer, vmctx, at: program.layout.typeRecords[index] ?? 0)
    return callBuiltin(builtin, [record] + arguments)
  }

  /// Gives a field of a new object its first value: a new object is all zeros.
  func initialize(_ storage: StorageType, _ value: LLVMValueRef, _ address: LLVMValueRef) {
    if LLVMIsNull(value) == 0 { storeField(storage, value, address) }
  }

  // MARK: Fields and elements.

  func storeField(_ storage: StorageType, _ value: LLVMValueRef, _ address: LLVMValueRef) {
    let type = memoryType(storage)
    let stored = storage.isPacked ? builder.cast(LLVMTrunc, value, to: type) : value
    builder.store(stored, address, alignment: alignment(storage), alias.objects)
  }

  func loadField(
    _ storage: StorageType, _ address: LLVMValueRef, isSigned: Bool
  ) -> LLVMValueRef {
    let value = builder.load(
      memoryType(storage), address, alignment: alignment(storage), alias.objects)
    guard storage.isPacked else { return value }
    return builder.cast(isSigned ? LLVMSExt : LLVMZExt, value, to: types.i32)
  }

  private func memoryType(_ storage: StorageType) -> LLVMTypeRef {
    switch storage {
    case .i8: types.i8
    case .i16: types.i16
    case .value(let type): types.type(type)
    }
  }

  private func alignment(_ storage: StorageType) -> UInt32 { UInt32(min(storage.byteCount, 8)) }
}
