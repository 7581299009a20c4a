// Vector loads and stores. Spec: core 3.0 §4.4.11.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func translateVectorMemory(_ number: UInt32) {
    let access = reader.memoryAccess()
    switch number {
    case 11: storeVector(access)
    case 84...87: loadLane(access, number - 84)
    case 88...91: storeLane(access, number - 88)
    default: loadVector(access, number)
    }
  }

  private mutating func loadVector(_ access: MemoryAccess, _ number: UInt32) {
    var operand = pop()
    let address = memoryAddress(access, &operand, byteCount: Self.byteCount(number))
    let target = allocate(.v128)
    switch number {
    case 0: code.vector(SSE.loadUnaligned, target, address)
    case 1: code.vector(.three38(0x20), target, address)
    case 2: code.vector(.three38(0x30), target, address)
    case 3: code.vector(.three38(0x23), target, address)
    case 4: code.vector(.three38(0x33), target, address)
    case 5: code.vector(.three38(0x25), target, address)
    case 6: code.vector(.three38(0x35), target, address)
    case 7, 8:
      code.encode(number == 7 ? .two(0xB6) : .two(0xB7), .r11, address)
      splatNarrow(target, .r11, isByte: number == 7)
    case 9:
      code.vector(SSE.loadFloat, target, address)
      code.vector(.two(0xC6), target, target, 0)
    case 10: code.vector(.two(0x12, prefix: 0xF2), target, address)
    case 92: code.vector(SSE.loadFloat, target, address)
    default: code.vector(SSE.loadDouble, target, address)
    }
    release(operand)
    pushVector(target)
  }

  /// Bytes that a load of a vector reads.
  private static func byteCount(_ number: UInt32) -> UInt64 {
    switch number {
    case 0: 16
    case 7: 1
    case 8: 2
    case 9, 92: 4
    default: 8
    }
  }

  /// The low bits of a general register in all lanes.
  mutating func splatNarrow(_ target: Register, _ source: Register, isByte: Bool) {
    code.vector(SSE.fromGeneral(false), target, source)
    if isByte {
      code.vector(SSE.integer(0xEF), .xmm15, .xmm15)
      code.vector(.three38(0x00), target, .xmm15)
    } else {
      code.vector(.two(0x70, prefix: 0xF2), target, target, 0)
      code.vector(SSE.integer(0x70), target, target, 0)
    }
  }

  private mutating func storeVector(_ access: MemoryAccess) {
    var value = pop()
    var operand = pop()
    let source = register(&value)
    let address = memoryAddress(access, &operand, byteCount: 16)
    code.vector(SSE.storeUnaligned, source, address)
    release(value)
    release(operand)
  }

  /// pinsrb, pinsrw, pinsrd, pinsrq by log2 of the lane's bytes.
  static func insertion(_ size: UInt32) -> Encoding {
    switch size {
    case 0: .three3A(0x20)
    case 1: .two(0xC4, prefix: 0x66)
    case 2: .three3A(0x22)
    default: .three3A(0x22, wide: true)
    }
  }

  private mutating func loadLane(_ access: MemoryAccess, _ size: UInt32) {
    let lane = reader.byte()
    let vector = takeVector()
    var operand = pop()
    let address = memoryAddress(access, &operand, byteCount: 1 << UInt64(size))
    code.vector(Self.insertion(size), vector, address, lane)
    release(operand)
    pushVector(vector)
  }

  private mutating func storeLane(_ access: MemoryAccess, _ size: UInt32) {
    let lane = reader.byte()
    var value = pop()
    var operand = pop()
    let source = register(&value)
    let address = memoryAddress(access, &operand, byteCount: 1 << UInt64(size))
    let encoding: Encoding =
      switch size {
      case 0: .three3A(0x14)
      case 1: .three3A(0x15)
      case 2: .three3A(0x16)
      default: .three3A(0x16, wide: true)
      }
    code.vector(encoding, source, address, lane)
    release(value)
    release(operand)
  }
}
