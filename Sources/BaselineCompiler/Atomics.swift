// Atomic accesses to memory, waiting and waking. All are sequentially consistent: loads are plain
// ones, stores exchange. Spec: threads, "Atomic Memory Accesses".

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateAtomic(_ number: UInt32) {
    switch number {
    case 0x00: notify()
    case 0x01: wait(.memoryWait32)
    case 0x02: wait(.memoryWait64)
    case 0x03:
      reader.next += 1
      code.fence()
    case 0x10...0x16: atomicLoad(form(number - 0x10))
    case 0x17...0x1D: atomicStore(form(number - 0x17))
    case 0x1E...0x4E:
      let form = form((number - 0x1E) % 7)
      switch (number - 0x1E) / 7 {
      case 0: exchangeAndAdd(form, negates: false)
      case 1: exchangeAndAdd(form, negates: true)
      case 2: update(.and, form)
      case 3: update(.or, form)
      case 4: update(.xor, form)
      case 5: exchange(form)
      default: compareAndExchange(form)
      }
    default: markUnsupported(0xFE00 | number)
    }
  }

  /// An access: what it is on the stack and in memory.
  private typealias Form = (kind: ValueKind, width: AtomicWidth)

  /// The seven forms in the opcodes' order: i32, i64, i32 of 8 and 16 bits, i64 of 8, 16 and 32.
  private func form(_ place: UInt32) -> Form {
    switch place {
    case 0: (.i32, .four)
    case 1: (.i64, .eight)
    case 2: (.i32, .one)
    case 3: (.i32, .two)
    case 4: (.i64, .one)
    case 5: (.i64, .two)
    default: (.i64, .four)
    }
  }

  // MARK: Addresses.

  /// Where in the process an access at a popped address is; traps where it is not aligned or outside.
  private mutating func atomicAddress(
    _ operand: inout Operand, _ width: AtomicWidth
  ) -> Address {
    code.reserve()
    let access = reader.memoryAccess()
    trapIfUnaligned(&operand, access.offset, width)
    return memoryAddress(access, &operand, byteCount: 1 << UInt64(width.rawValue))
  }

  /// Bases are aligned to pages: what counts is the dynamic address and the static offset.
  private mutating func trapIfUnaligned(
    _ operand: inout Operand, _ offset: UInt64, _ width: AtomicWidth
  ) {
    let mask = UInt32(1) << UInt32(width.rawValue) - 1
    guard mask != 0 else { return }
    let low = Int32(truncatingIfNeeded: offset & UInt64(mask))
    var index = register(&operand)
    if low != 0 {
      code.loadAddress(false, .r11, Address(index, low))
      index = .r11
    }
    code.test(index, mask: mask)
    jumpToTrap(.unalignedAtomic, if: .notEqual)
  }

  // MARK: Accesses.

  private mutating func atomicLoad(_ form: Form) {
    var operand = pop()
    let address = atomicAddress(&operand, form.width)
    let target = destination(form.kind)
    loadWidened(form.width, target.register, address)
    release(operand)
    finish(target, form.kind)
  }

  private mutating func loadWidened(
    _ width: AtomicWidth, _ register: Register, _ address: Address
  ) {
    switch width {
    case .one: code.encode(Assembler.zeroExtend8(), register, address)
    case .two: code.encode(Assembler.zeroExtend16(), register, address)
    case .four: code.load(false, register, address)
    case .eight: code.load(true, register, address)
    }
  }

  private mutating func widen(_ width: AtomicWidth, _ register: Register) {
    switch width {
    case .one: code.encode(Assembler.zeroExtend8(), register, register)
    case .two: code.encode(Assembler.zeroExtend16(), register, register)
    case .four: code.move(false, register, register)
    case .eight: break
    }
  }

  private mutating func atomicStore(_ form: Form) {
    let value = takeRegister(pop())
    var operand = pop()
    code.exchange(form.width, atomicAddress(&operand, form.width), value)
    free |= value.bit
    release(operand)
  }

  private mutating func exchange(_ form: Form) {
    let value = takeRegister(pop())
    var operand = pop()
    code.exchange(form.width, atomicAddress(&operand, form.width), value)
    finishUpdate(value, form, operand)
  }

  private mutating func exchangeAndAdd(_ form: Form, negates: Bool) {
    let value = takeRegister(pop())
    var operand = pop()
    if negates { code.unary(.negate, form.kind.isWide, value) }
    code.exchangeAndAdd(form.width, atomicAddress(&operand, form.width), value)
    finishUpdate(value, form, operand)
  }

  /// What was in memory is in the low bytes of `register`, which is the caller's.
  private mutating func finishUpdate(_ register: Register, _ form: Form, _ operand: Operand) {
    widen(form.width, register)
    release(operand)
    push(register, form.kind)
  }

  /// Computes the new value from the old one until nobody has changed memory meanwhile.
  private mutating func update(_ operation: Arithmetic, _ form: Form) {
    claim(.rax)
    var value = pop()
    var operand = pop()
    let second = register(&value)
    let address = atomicAddress(&operand, form.width)
    let new = allocate(.i64)
    loadWidened(form.width, .rax, address)
    let head = code.position
    code.move(true, new, .rax)
    code.arithmetic(operation, true, new, second)
    code.compareAndExchange(form.width, address, new)
    code.jump(if: .notEqual, backTo: head)
    free |= new.bit
    release(value)
    finishUpdate(.rax, form, operand)
  }

  private mutating func compareAndExchange(_ form: Form) {
    claim(.rax)
    var replacement = pop()
    let expected = pop()
    var operand = pop()
    move(expected, to: .rax)
    release(expected)
    let new = register(&replacement)
    code.compareAndExchange(form.width, atomicAddress(&operand, form.width), new)
    release(replacement)
    finishUpdate(.rax, form, operand)
  }

  // MARK: Waiting and waking.

  /// Replaces the address below the topmost `count` operands by an i64 with the static offset added,
  /// the largest one where the sum is none; traps where it is not aligned.
  private mutating func addOffset(_ access: MemoryAccess, _ width: AtomicWidth, below count: Int) {
    code.reserve()
    for place in depth - count..<depth where operands[place].place != .constant { spill(place) }
    depth -= count
    var address = pop()
    trapIfUnaligned(&address, access.offset, width)
    if address.isUnclean { _ = cleanRegister(&address) }
    let sum = takeRegister(address)
    if access.offset > 0 {
      code.move(.r11, immediate: access.offset)
      code.arithmetic(.add, true, sum, .r11)
      code.move(.r11, immediate: .max)
      code.move(true, if: .below, sum, Register.r11)
    }
    push(sum, .i64)
    depth += count
  }

  private mutating func notify() {
    let access = reader.memoryAccess()
    addOffset(access, .four, below: 1)
    callBuiltin(.memoryNotify, operands: 2, access.memory)
    pushStatus()
  }

  private mutating func wait(_ builtin: Builtin) {
    let access = reader.memoryAccess()
    addOffset(access, builtin == .memoryWait32 ? .four : .eight, below: 2)
    guard tables.memories[Int(access.memory)].isShared else {
      code.trap(code: TrapCode.unsharedWait.rawValue)
      isReachable = false
      return
    }
    callBuiltin(builtin, operands: 3, access.memory)
    pushStatus()
  }

  private mutating func pushStatus() {
    claim(.rax)
    push(.rax, .i32)
    operands[depth - 1].isUnclean = true
  }
}
