// Tests and casts of references. Spec: core 3.0 §4.6.7.

internal import CompilerInterface

extension FunctionCompiler {
  /// ref.test and ref.cast (20-23), br_on_cast and br_on_cast_fail (24, 25).
  mutating func translateCast(_ number: UInt32) {
    switch number {
    case 20, 21:
      let answer = matches(reader.signed(), isNullable: number == 21)
      release(pop())
      push(answer, .i32)
    case 22, 23:
      let answer = matches(reader.signed(), isNullable: number == 23)
      code.test(false, answer, answer)
      free |= answer.bit
      jumpToTrap(.castFailure, if: .equal)
    default:
      let flags = reader.byte()
      let label = reader.next
      _ = reader.unsigned32()
      _ = reader.signed()
      let answer = matches(reader.signed(), isNullable: flags & 2 != 0)
      let behind = reader.next
      code.test(false, answer, answer)
      free |= answer.bit
      reader.next = label
      branch(if: number == 24 ? .notEqual : .equal)
      reader.next = behind
    }
  }

  /// Whether the topmost operand, which stays, is a value of a heap type: a register, the caller's,
  /// that is 1 if so, else 0.
  private mutating func matches(_ heapType: Int64, isNullable: Bool) -> Register {
    code.reserve()
    if heapType >= 0 {
      let type = tables.typePlaces[Int(heapType)]
      if !type.isFinal, type.isFunction || type.depth >= Self.displayCount {
        return matchesByBuiltin(type, isNullable)
      }
      requireVMContext()
    }
    var operand = pop()
    let reference = register(&operand)
    let answer = allocate(.i32)
    code.move(answer, immediate: isNullable ? 1 : 0)
    code.test(true, reference, reference)
    let isNull = code.shortJump(if: .equal)
    if heapType >= 0 {
      compareType(reference, tables.typePlaces[Int(heapType)], answer)
    } else {
      compareAbstract(reference, UInt8(truncatingIfNeeded: heapType & 0x7F), answer)
    }
    code.land(isNull)
    pushAgain(operand)
    return answer
  }

  private static var displayCount: Int32 { Int32(TypeRecordLayout.minimumDisplayCount) }

  private mutating func compareAbstract(
    _ reference: Register, _ heapType: UInt8, _ answer: Register
  ) {
    switch heapType {
    // any, func, extern, exn.
    case 0x6E, 0x70, 0x6F, 0x69: code.move(answer, immediate: 1)
    // Their bottom types.
    case 0x71, 0x73, 0x72, 0x74: code.move(answer, immediate: 0)
    // i31.
    case 0x6C:
      code.move(false, answer, reference)
      code.arithmetic(.and, false, answer, immediate: 1)
    // eq: only the host's values have no identity.
    case 0x6D:
      code.move(false, .r11, reference)
      code.arithmetic(.and, false, .r11, immediate: 3)
      code.arithmetic(.cmp, false, .r11, immediate: 2)
      set(answer, if: .notEqual)
    // array, struct.
    default:
      let kind: TypeRecordLayout.Kind = heapType == 0x6A ? .array : .structure
      let isNone = loadRecord(of: reference, answer)
      code.arithmetic(
        .cmp, false, Address(.r11, Int32(TypeRecordLayout.kind)),
        immediate: Int32(kind.rawValue))
      set(answer, if: .equal)
      code.land(isNone)
    }
  }

  /// One comparison: for a final type of the records, else of the ancestor at the type's depth.
  private mutating func compareType(
    _ reference: Register, _ type: TypePlace, _ answer: Register
  ) {
    if type.isFunction {
      code.load(false, .r11, Address(reference, Int32(VMContextLayout.funcRefTypeID)))
      code.arithmetic(.cmp, false, .r11, Address(.r12, type.id))
      set(answer, if: .equal)
      return
    }
    let isNone = loadRecord(of: reference, answer)
    if type.isFinal {
      code.arithmetic(.cmp, true, .r11, Address(.r12, type.record))
    } else {
      code.load(
        false, .r11, Address(.r11, Int32(TypeRecordLayout.display) + 4 * type.depth))
      code.arithmetic(.cmp, false, .r11, Address(.r12, type.id))
    }
    set(answer, if: .equal)
    code.land(isNone)
  }

  /// r11 is the record of an object; for what is none, `answer` is 0 and the jump that is returned
  /// is taken.
  private mutating func loadRecord(of reference: Register, _ answer: Register) -> Int {
    code.move(answer, immediate: 0)
    code.move(false, .r11, reference)
    code.arithmetic(.and, false, .r11, immediate: 3)
    let isNone = code.shortJump(if: .notEqual)
    code.load(true, .r11, Address(reference, Int32(ObjectLayout.typeRecord)))
    return isNone
  }

  private mutating func set(_ answer: Register, if condition: Condition) {
    code.set(condition, answer)
    code.encode(Assembler.zeroExtend8(), answer, answer)
  }

  /// Subtypes of functions' types, and of those with many supertypes.
  private mutating func matchesByBuiltin(_ type: TypePlace, _ isNullable: Bool) -> Register {
    prepareObjectCall(1)
    move(operands[depth - 1], to: .rsi)
    code.move(.rax, immediate: isNullable ? 1 : 0)
    code.test(true, .rsi, .rsi)
    let isNull = code.shortJump(if: .equal)
    var isNone = 0
    if type.isFunction {
      code.load(false, .rsi, Address(.rsi, Int32(VMContextLayout.funcRefTypeID)))
    } else {
      isNone = loadRecord(of: .rsi, .rax)
      code.load(false, .rsi, Address(.r11, Int32(TypeRecordLayout.id)))
    }
    code.load(false, .rdx, Address(.r12, type.id))
    callObjectBuiltin(.isSubtype)
    if isNone != 0 { code.land(isNone) }
    code.land(isNull)
    claim(.rax)
    return .rax
  }

  /// Traps unless the function whose element r10, which is claimed, points to is of a subtype of
  /// `type`.
  mutating func checkSubtype(of type: TypePlace) {
    push(.r10, .i64)
    prepareObjectCall(1)
    // r10 still holds what its operand's slot does.
    code.load(false, .rsi, Address(.r10, Int32(VMContextLayout.funcRefTypeID)))
    code.load(false, .rdx, Address(.r12, type.id))
    code.arithmetic(.cmp, false, .rsi, .rdx)
    let isSame = code.shortJump(if: .equal)
    code.test(false, .rsi, .rsi)
    jumpToTrap(.uninitializedElement, if: .equal)
    callObjectBuiltin(.isSubtype)
    code.test(false, .rax, .rax)
    jumpToTrap(.indirectCallTypeMismatch, if: .equal)
    code.land(isSame)
    let element = pop()
    claim(.r10)
    move(element, to: .r10)
  }
}
