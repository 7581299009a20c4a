// Instructions on arrays. Spec: core 3.0 §4.6.8.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

extension FunctionTranslator {
  mutating func translateArray(_ instruction: Instruction) throws(ModuleError) {
    if instruction.opcode == .arrayLen {
      push(arrayLength(popNonNull()))
      return
    }
    let index = Int(instruction.index)
    guard case .array(let element) = program.module.types[index].composite else {
      throw unsupported(instruction)
    }
    let storage = element.storage
    switch instruction.opcode {
    case .arrayNew: arrayNew(index, storage)
    case .arrayNewDefault:
      let object = makeObject(.arrayNew, index, [stack[stack.count - 1]])
      _ = pop()
      push(object)
    case .arrayNewFixed: arrayNewFixed(index, storage, count: Int(instruction.index2))
    case .arrayNewData: arrayNew(index, from: .arrayNewData, segment: instruction.index2)
    case .arrayNewElem: arrayNew(index, from: .arrayNewElement, segment: instruction.index2)
    case .arrayGet, .arrayGetS, .arrayGetU:
      let address = popElement(storage)
      push(loadField(storage, address, isSigned: instruction.opcode == .arrayGetS))
    case .arraySet:
      let value = pop()
      storeField(storage, value, popElement(storage))
    case .arrayFill:
      let count = pop()
      let (low, high) = words(pop())
      let (array, start) = popArrayAndIndex()
      callChecked(.arrayFill, [array, start, low, high, count])
    case .arrayCopy:
      let count = pop()
      let source = pop()
      let from = pop()
      let (to, destination) = popArrayAndIndex()
      trap(.nullReference, if: isNull(from))
      callChecked(.arrayCopy, [to, destination, from, source, count])
    case .arrayInitData: initialize(.arrayInitData, segment: instruction.index2)
    case .arrayInitElem: initialize(.arrayInitElement, segment: instruction.index2)
    default: throw unsupported(instruction)
    }
  }

  // MARK: New arrays.

  private mutating func arrayNew(_ index: Int, _ storage: StorageType) {
    let length = stack[stack.count - 1]
    let object = makeObject(.arrayNew, index, [length])
    _ = pop()
    let value = pop()
    if LLVMIsNull(value) == 0 {
      let (low, high) = words(value)
      callChecked(.arrayFill, [object, types.i32(0), low, high, length])
    }
    push(object)
  }

  private mutating func arrayNewFixed(_ index: Int, _ storage: StorageType, count: Int) {
    let object = makeObject(.arrayNew, index, [types.i32(UInt32(count))])
    for (place, value) in popMany(count).enumerated() {
      let offset = ObjectLayout.arrayElements + place * storage.byteCount
      initialize(storage, value, builder.address(object, plus: offset))
    }
    push(object)
  }

  private mutating func arrayNew(_ index: Int, from builtin: Builtin, segment: UInt32) {
    let (source, length) = popPair()
    push(makeObject(builtin, index, [types.i32(segment), source, length]))
  }

  private mutating func initialize(_ builtin: Builtin, segment: UInt32) {
    let count = pop()
    let source = pop()
    let (array, destination) = popArrayAndIndex()
    callChecked(builtin, [array, types.i32(segment), destination, source, count])
  }

  // MARK: Elements.

  private func arrayLength(_ array: LLVMValueRef) -> LLVMValueRef {
    builder.loadInvariant(types.i32, array, at: ObjectLayout.arrayLength)
  }

  /// Pops an index and the array below, which must not be null.
  private mutating func popArrayAndIndex() -> (array: LLVMValueRef, index: LLVMValueRef) {
    let index = pop()
    return (popNonNull(), index)
  }

  /// Pops an index and an array, and yields the element's address; traps outside of the array.
  private mutating func popElement(_ storage: StorageType) -> LLVMValueRef {
    let (array, index) = popArrayAndIndex()
    trap(.arrayOutOfBounds, if: builder.compare(LLVMIntUGE, index, arrayLength(array)))
    let offset = builder.binary(
      LLVMMul, builder.cast(LLVMZExt, index, to: types.i64), types.i64(storage.byteCount))
    return builder.address(builder.address(array, plus: ObjectLayout.arrayElements), plus: offset)
  }

  /// A value's bits as two words, the low one first.
  private func words(_ value: LLVMValueRef) -> (LLVMValueRef, LLVMValueRef) {
    let zero = types.i64(0)
    switch LLVMGetTypeKind(LLVMTypeOf(value)) {
    case LLVMPointerTypeKind: return (bits(value), zero)
    case LLVMFloatTypeKind:
      let word = builder.bitcast(value, to: types.i32)
      return (builder.cast(LLVMZExt, word, to: types.i64), zero)
    case LLVMDoubleTypeKind: return (builder.bitcast(value, to: types.i64), zero)
    case LLVMVectorTypeKind: return (builder.lane(value, 0), builder.lane(value, 1))
    default:
      let isWide = LLVMGetIntTypeWidth(LLVMTypeOf(value)) == 64
      return (isWide ? value : builder.cast(LLVMZExt, value, to: types.i64), zero)
    }
  }
}
