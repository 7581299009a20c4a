// What the runtime does for the code: bulk memory, tables, growth.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateMiscellaneous(_ number: UInt32) {
    switch number {
    case 0...7: truncateSaturating(number)
    case 8: memoryInit()
    case 9: callBuiltin(.dataDrop, operands: 0, reader.unsigned32())
    case 10: memoryCopy()
    case 11: callChecked(.memoryFill, operands: 3, reader.unsigned32())
    case 12: tableInit()
    case 13: callBuiltin(.elementDrop, operands: 0, reader.unsigned32())
    case 14: tableCopy()
    case 15: tableGrow()
    case 16: tableSize()
    case 17: callChecked(.tableFill, operands: 3, reader.unsigned32())
    case 19: combineWide(.add, .addWithCarry)
    case 20: combineWide(.sub, .subtractWithBorrow)
    case 21: multiplyWide(.multiplySigned)
    case 22: multiplyWide(.multiplyUnsigned)
    default: markUnsupported(0xFC00 | number)
    }
  }

  // MARK: Memories.

  mutating func memoryGrow() {
    let memory = reader.unsigned32()
    callBuiltin(.memoryGrow, operands: 1, memory)
    pushSize(is64Bit: tables.memories[Int(memory)].is64Bit)
  }

  /// Pushes the i64 in rax, for 32-bit memories and tables its lower half.
  private mutating func pushSize(is64Bit: Bool) {
    claim(.rax)
    push(.rax, is64Bit ? .i64 : .i32)
    operands[depth - 1].isUnclean = !is64Bit
  }

  private mutating func memoryInit() {
    let segment = reader.unsigned32()
    callChecked(.memoryInit, operands: 3, segment, reader.unsigned32())
  }

  private mutating func memoryCopy() {
    let destination = reader.unsigned32()
    callChecked(.memoryCopy, operands: 3, destination, reader.unsigned32())
  }

  // MARK: Tables.

  mutating func tableGet() {
    let table = tables.tables[Int(reader.unsigned32())]
    requireVMContext()
    let operand = pop()
    let register: Register
    if operand.place == .register {
      register = operand.register
      if operand.isUnclean { code.move(false, register, register) }
    } else {
      register = takeRegister(operand)
    }
    tableElement(table, register)
    let offset = table.holdsFunctions ? Int32(VMContextLayout.funcRefSelf) : 0
    code.load(true, register, Address(register, offset))
    push(register, table.holdsFunctions ? .i64 : .reference)
  }

  mutating func tableSet() { callChecked(.tableSet, operands: 2, reader.unsigned32()) }

  private mutating func tableInit() {
    let segment = reader.unsigned32()
    callChecked(.tableInit, operands: 3, segment, reader.unsigned32())
  }

  private mutating func tableCopy() {
    let destination = reader.unsigned32()
    callChecked(.tableCopy, operands: 3, destination, reader.unsigned32())
  }

  /// `(reference, delta)`, as the builtin takes them.
  private mutating func tableGrow() {
    let table = reader.unsigned32()
    callBuiltin(.tableGrow, operands: 2, table)
    pushSize(is64Bit: tables.tables[Int(table)].is64Bit)
  }

  private mutating func tableSize() {
    let table = tables.tables[Int(reader.unsigned32())]
    requireVMContext()
    let register = allocate(.i32)
    var length = Address(.r12, table.offset + 8)
    if table.isImported {
      code.load(true, register, Address(.r12, table.offset))
      length = Address(register, 8)
    }
    code.load(table.is64Bit, register, length)
    push(register, table.is64Bit ? .i64 : .i32)
  }

  // MARK: Calls.

  /// The C convention's integer arguments behind the first, which is the VMContext.
  @inline(__always)
  private static func cArgument(_ place: Int) -> Register {
    // rsi rdx rcx r8 r9
    let order: UInt64 = 0x9_8126
    return Register(
      UInt8(truncatingIfNeeded: order &>> (UInt64(truncatingIfNeeded: place) &* 4) & 15))
  }

  /// Calls a builtin with numbers, then the topmost `count` operands, which are popped; all are
  /// integers, the i32 among them zero-extended. The result is in rax, which is free.
  mutating func callBuiltin(
    _ builtin: Builtin, operands count: Int, _ numbers: UInt32...
  ) {
    call(builtin, count, numbers)
  }

  /// As `callBuiltin`, for those that answer with a status; leaves the guest unless they finished.
  private mutating func callChecked(
    _ builtin: Builtin, operands count: Int, _ numbers: UInt32...
  ) {
    call(builtin, count, numbers)
    leaveUnlessFinished()
  }

  /// Leaves the guest with the status in rax unless that says that all is well.
  mutating func leaveUnlessFinished() {
    code.test(false, .rax, .rax)
    let failed = code.jump(if: .notEqual)
    raiseChain = chained(failed, raiseChain)
  }

  /// Calls a builtin that makes an object, for which it may collect; `arguments` emits what sets the
  /// C arguments from rsi on. All operands stay. The result is in rax, which is free.
  mutating func makeObject(_ builtin: Builtin, _ arguments: (inout Self) -> Void) {
    code.reserve()
    stabilizeRegisters(to: depth)
    storeHomes(dirty)
    requireVMContext()
    resident &= RegisterRoles.preservedByC
    arguments(&self)
    code.move(true, .rdi, .r12)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(builtin.rawValue * 8)))
  }

  private mutating func call(_ builtin: Builtin, _ count: Int, _ numbers: [UInt32]) {
    code.reserve()
    // Operands that stand for homes would change their meaning with them.
    spillAll(from: depth - count)
    stabilizeRegisters(to: depth - count)
    storeHomes(dirty & ~RegisterRoles.preservedByC)
    requireVMContext()
    resident &= RegisterRoles.preservedByC
    var place = 0
    for number in numbers {
      code.move(Self.cArgument(place), immediate: UInt64(number))
      place += 1
    }
    for index in depth - count..<depth {
      move(operands[index], to: Self.cArgument(place))
      place += 1
    }
    drop(count)
    code.move(true, .rdi, .r12)
    code.load(true, .rax, Address(.r12, Int32(VMContextLayout.builtins)))
    code.call(Address(.rax, Int32(builtin.rawValue * 8)))
  }
}
