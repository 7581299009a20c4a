// Instructions on structures and arrays. Spec: core 3.0 §4.6.8; how objects lie in memory is on
// ObjectLayout's page.
//
// What makes objects may collect, so operands stay on the stack, in slots that the collector sees,
// until the object is there; then they are copied into it.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateObject(_ number: UInt32) {
    code.reserve()
    switch number {
    case 0...5: translateStructure(number, type())
    case 6...14, 16...19: translateArray(number, type())
    case 15:
      var array = popNonNull()
      let source = register(&array)
      let target = destination(.i32)
      code.load(false, target.register, Address(source, Int32(ObjectLayout.arrayLength)))
      release(array)
      finish(target, .i32)
    case 20...25: translateCast(number)
    // Both families have the same bits.
    case 26, 27: break
    case 28: makeI31()
    case 29: getI31(.rightSigned)
    case 30: getI31(.rightUnsigned)
    default: markUnsupported(0xFB00 | number)
    }
  }

  private mutating func type() -> TypePlace { tables.typePlaces[Int(reader.unsigned32())] }

  /// Pops a reference; traps where it is null.
  mutating func popNonNull() -> Operand {
    var operand = pop()
    let source = register(&operand)
    code.test(true, source, source)
    jumpToTrap(.nullReference, if: .equal)
    return operand
  }

  private mutating func translateStructure(_ number: UInt32, _ type: TypePlace) {
    switch number {
    case 0:
      makeObject(.structNew) { $0.loadRecord(type) }
      claim(.rax)
      storeFields(Int(type.fieldCount)) { $0.tables.fields[Int(type.firstField) + $1] }
      push(.rax, .reference)
    case 1:
      makeObject(.structNew) { $0.loadRecord(type) }
      claim(.rax)
      push(.rax, .reference)
    case 5:
      let field = tables.fields[Int(type.firstField) + Int(reader.unsigned32())]
      var value = pop()
      prepareStore(&value, field)
      var object = popNonNull()
      storeField(field, value, Address(register(&object), field.offset))
      release(value)
      release(object)
    default:
      let field = tables.fields[Int(type.firstField) + Int(reader.unsigned32())]
      var object = popNonNull()
      let source = register(&object)
      loadField(field, Address(source, field.offset), isSigned: number == 3, releasing: object)
    }
  }

  /// rsi is the type's record.
  private mutating func loadRecord(_ type: TypePlace) {
    code.load(true, .rsi, Address(.r12, type.record))
  }

  // MARK: Fields.

  /// Pops `count` operands into the fields of a new object in rax, which is all zeros.
  private mutating func storeFields(
    _ count: Int, _ field: (inout Self, Int) -> FieldPlace
  ) {
    let first = depth - count
    for place in 0..<count {
      code.reserve()
      let operand = operands[first + place]
      if operand.place == .constant, operand.bits == 0 { continue }
      let field = field(&self, place)
      let address = Address(.rax, field.offset)
      if field.packing == .none {
        store(operand, to: address)
      } else {
        move(operand, to: .r11)
        storeField(field, .register(.r11, .i32), address)
      }
    }
    drop(count)
  }

  /// Brings a popped value to where `storeField` can take it from.
  private mutating func prepareStore(_ value: inout Operand, _ field: FieldPlace) {
    let fits =
      value.kind == .i32 || Int32(exactly: Int64(bitPattern: value.bits)) != nil
    if value.place == .constant, field.packing == .none, fits { return }
    _ = register(&value)
  }

  private mutating func storeField(_ field: FieldPlace, _ value: Operand, _ address: Address) {
    var value = value
    switch field.packing {
    case .one: code.store8(address, register(&value))
    case .two: code.store16(address, register(&value))
    case .none:
      if value.place == .constant {
        storeConstant(value, to: address)
      } else {
        store(address, field.kind, register(&value))
      }
    }
  }

  private mutating func loadField(
    _ field: FieldPlace, _ address: Address, isSigned: Bool, releasing object: Operand
  ) {
    let target = destination(field.kind)
    switch field.packing {
    case .none: load(target.register, field.kind, address)
    case .one:
      code.encode(
        isSigned ? Assembler.signExtend8(false) : Assembler.zeroExtend8(), target.register,
        address)
    case .two:
      code.encode(
        isSigned ? Assembler.signExtend16(false) : Assembler.zeroExtend16(), target.register,
        address)
    }
    release(object)
    finish(target, field.kind)
  }

  // MARK: Arrays.

  private mutating func translateArray(_ number: UInt32, _ type: TypePlace) {
    let field = tables.fields[Int(type.firstField)]
    switch number {
    case 6: newArray(type)
    case 7:
      makeArray(type)
      drop(1)
      push(.rax, .reference)
    case 8: newFixedArray(type, field)
    case 9: newArray(type, .arrayNewData)
    case 10: newArray(type, .arrayNewElement)
    case 14:
      var value = pop()
      prepareStore(&value, field)
      var index = pop()
      var array = popNonNull()
      storeField(field, value, elementAddress(field, &array, &index))
      release(value)
      release(index)
      release(array)
    case 16: fillArray()
    case 17:
      _ = reader.unsigned32()
      copyArray()
    case 18: initializeArray(.arrayInitData)
    case 19: initializeArray(.arrayInitElement)
    default:
      var index = pop()
      var array = popNonNull()
      let address = elementAddress(field, &array, &index)
      release(index)
      loadField(field, address, isSigned: number == 12, releasing: array)
    }
  }

  /// The address of an element; traps outside of the array. Changes r11.
  private mutating func elementAddress(
    _ field: FieldPlace, _ array: inout Operand, _ index: inout Operand
  ) -> Address {
    let place = cleanRegister(&index)
    let base = register(&array)
    code.arithmetic(.cmp, false, place, Address(base, Int32(ObjectLayout.arrayLength)))
    jumpToTrap(.arrayOutOfBounds, if: .aboveOrEqual)
    if field.sizeLog2 <= 3 {
      return Address(base, place, scale: field.sizeLog2, field.offset)
    }
    code.move(false, .r11, place)
    code.shift(.left, true, .r11, by: field.sizeLog2)
    return Address(base, .r11, field.offset)
  }

  /// rax, which is claimed, is a new array of as many elements as the topmost operand says.
  private mutating func makeArray(_ type: TypePlace) {
    makeObject(.arrayNew) { (self) in
      self.move(self.operands[self.depth - 1], to: .rdx)
      self.loadRecord(type)
    }
    claim(.rax)
  }

  private mutating func newArray(_ type: TypePlace) {
    makeArray(type)
    let length = operands[depth - 1]
    let value = operands[depth - 2]
    if value.place != .constant || value.bits != 0 {
      // The array waits in a slot while it is filled.
      push(.rax, .reference)
      spill(depth - 1)
      moveWords(of: value)
      move(length, to: .r9)
      code.clear(.rdx)
      load(.rsi, .reference, slotAddress(depth - 1, .reference))
      callObjectBuiltin(.arrayFill)
      leaveUnlessFinished()
      claim(.rax)
      load(.rax, .reference, slotAddress(depth - 1, .reference))
      drop(1)
    }
    drop(2)
    push(.rax, .reference)
  }

  /// rcx and r8 are a value's bits, the low word first.
  private mutating func moveWords(of value: Operand) {
    if value.place == .constant {
      code.move(.rcx, immediate: value.bits)
    } else if value.kind.isVector {
      move(value, to: .xmm15)
      code.vector(SSE.toGeneral(value.kind != .f32), .xmm15, .rcx)
      if value.kind == .v128 { code.vector(.three3A(0x16, wide: true), .xmm15, .r8, 1) }
    } else {
      move(value, to: .rcx)
    }
    if value.kind != .v128 { code.clear(.r8) }
  }

  private mutating func newFixedArray(_ type: TypePlace, _ field: FieldPlace) {
    let count = reader.unsigned32()
    makeObject(.arrayNew) { (self) in
      self.code.move(.rdx, immediate: UInt64(count))
      self.loadRecord(type)
    }
    claim(.rax)
    storeFields(Int(count)) { _, place in
      var element = field
      element.offset += Int32(truncatingIfNeeded: place) << Int32(field.sizeLog2)
      return element
    }
    push(.rax, .reference)
  }

  private mutating func newArray(_ type: TypePlace, _ builtin: Builtin) {
    let segment = reader.unsigned32()
    makeObject(builtin) { (self) in
      self.move(self.operands[self.depth - 2], to: .rcx)
      self.move(self.operands[self.depth - 1], to: .r8)
      self.code.move(.rdx, immediate: UInt64(segment))
      self.loadRecord(type)
    }
    drop(2)
    claim(.rax)
    push(.rax, .reference)
  }

  // MARK: Builtins on arrays.

  /// Everything that a C function may change is saved; the topmost `count` operands are constants or
  /// in slots.
  mutating func prepareObjectCall(_ count: Int) {
    code.reserve()
    spillAll(from: depth - count)
    stabilizeRegisters(to: depth - count)
    storeHomes(dirty & ~RegisterRoles.preservedByC)
    requireVMContext()
    resident &= RegisterRoles.preservedByC
  }

  /// Calls a builtin whose other arguments are in their registers; rax, which is free, is the result.
  mutating func callObjectBuiltin(_ builtin: Builtin) {
    code.move(true, .rdi, .r12)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(builtin.rawValue * 8)))
  }

  /// rsi is the array among the operands at `place`, which must not be null.
  private mutating func loadArray(_ place: Int) {
    move(operands[place], to: .rsi)
    code.test(true, .rsi, .rsi)
    jumpToTrap(.nullReference, if: .equal)
  }

  private mutating func finishArrayCall(_ builtin: Builtin, _ count: Int) {
    callObjectBuiltin(builtin)
    drop(count)
    leaveUnlessFinished()
  }

  private mutating func fillArray() {
    prepareObjectCall(4)
    loadArray(depth - 4)
    move(operands[depth - 3], to: .rdx)
    moveWords(of: operands[depth - 2])
    move(operands[depth - 1], to: .r9)
    finishArrayCall(.arrayFill, 4)
  }

  private mutating func copyArray() {
    prepareObjectCall(5)
    loadArray(depth - 5)
    move(operands[depth - 4], to: .rdx)
    move(operands[depth - 3], to: .rcx)
    code.test(true, .rcx, .rcx)
    jumpToTrap(.nullReference, if: .equal)
    move(operands[depth - 2], to: .r8)
    move(operands[depth - 1], to: .r9)
    finishArrayCall(.arrayCopy, 5)
  }

  private mutating func initializeArray(_ builtin: Builtin) {
    let segment = reader.unsigned32()
    prepareObjectCall(4)
    loadArray(depth - 4)
    code.move(.rdx, immediate: UInt64(segment))
    move(operands[depth - 3], to: .rcx)
    move(operands[depth - 2], to: .r8)
    move(operands[depth - 1], to: .r9)
    finishArrayCall(builtin, 4)
  }

  // MARK: i31.

  private mutating func makeI31() {
    let value = takeRegister(pop())
    code.shift(.left, false, value, by: 1)
    code.arithmetic(.or, false, value, immediate: 1)
    push(value, .reference)
  }

  private mutating func getI31(_ shift: Shift) {
    let value = takeRegister(popNonNull())
    code.shift(shift, false, value, by: 1)
    push(value, .i32)
  }
}
