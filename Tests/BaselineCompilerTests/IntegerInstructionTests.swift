// Every form of an instruction on general registers, read back by LLVM's disassembler.

import Testing

@testable import BaselineCompiler

@Suite(.enabled(if: AssemblyListing.isPossible, "llvm-mc-19 is not installed"))
struct IntegerInstructionTests {
  private static let arithmetic: [(Arithmetic, String)] = [
    (.add, "add"), (.or, "or"), (.addWithCarry, "adc"), (.subtractWithBorrow, "sbb"), (.and, "and"),
    (.sub, "sub"), (.xor, "xor"), (.cmp, "cmp"),
  ]
  private static let shifts: [(Shift, String)] = [
    (.rotateLeft, "rol"), (.rotateRight, "ror"), (.left, "shl"), (.rightUnsigned, "shr"),
    (.rightSigned, "sar"),
  ]
  private static let conditions = [
    "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g",
  ]

  private func size(_ wide: Bool) -> String { wide ? "qword" : "dword" }

  @Test func movesBetweenRegistersAndMemory() throws {
    var listing = AssemblyListing()
    for wide in [false, true] {
      for target in Samples.general {
        for source in Samples.general {
          listing.add("mov \(Names.name(target, wide)), \(Names.name(source, wide))") {
            $0.move(wide, target, source)
          }
        }
      }
      for address in Samples.addresses {
        let memory = Names.memory(address, size(wide))
        listing.add("mov \(Names.name(.rdi, wide)), \(memory)") { $0.load(wide, .rdi, address) }
        listing.add("mov \(memory), \(Names.name(.r9, wide))") { $0.store(wide, address, .r9) }
        listing.add("lea \(Names.name(.r11, wide)), \(Names.memory(address, "").dropFirst(5))") {
          $0.loadAddress(wide, .r11, address)
        }
      }
      for address in Samples.someAddresses {
        listing.add("mov \(Names.memory(address, size(wide))), -2") {
          $0.store(wide, address, immediate: -2)
        }
      }
    }
    for address in Samples.someAddresses {
      for source in Samples.general {
        listing.add("mov \(Names.memory(address, "byte")), \(Names.general(source, bits: 8))") {
          $0.store8(address, source)
        }
        listing.add("mov \(Names.memory(address, "word")), \(Names.general(source, bits: 16))") {
          $0.store16(address, source)
        }
      }
      listing.add("mov \(Names.memory(address, "byte")), 17") {
        $0.store8(address, immediate: 17)
      }
      listing.add("mov \(Names.memory(address, "word")), 4660") {
        $0.store16(address, immediate: 0x1234)
      }
    }
    try listing.check()
  }

  @Test func immediatesAndExtensions() throws {
    var listing = AssemblyListing()
    for target in Samples.general {
      listing.add("mov \(Names.name(target, false)), 7") { $0.move(target, immediate: 7) }
      listing.add("mov \(Names.name(target, true)), -7") {
        $0.move(target, immediate: UInt64(bitPattern: -7))
      }
      listing.add("movabs \(Names.name(target, true)), 81985529216486895") {
        $0.move(target, immediate: 0x0123_4567_89AB_CDEF)
      }
      listing.add("push \(Names.name(target, true))") { $0.push(target) }
      listing.add("pop \(Names.name(target, true))") { $0.pop(target) }
      listing.add("call \(Names.name(target, true))") { $0.call(target) }
      listing.add("jmp \(Names.name(target, true))") { $0.jump(to: target) }
      for source in Samples.general {
        let (narrow8, narrow16) =
          (Names.general(source, bits: 8), Names.general(source, bits: 16))
        listing.add("movzx \(Names.name(target, false)), \(narrow8)") {
          $0.encode(Assembler.zeroExtend8(), target, source)
        }
        listing.add("movzx \(Names.name(target, false)), \(narrow16)") {
          $0.encode(Assembler.zeroExtend16(), target, source)
        }
        for wide in [false, true] {
          listing.add("movsx \(Names.name(target, wide)), \(narrow8)") {
            $0.encode(Assembler.signExtend8(wide), target, source)
          }
          listing.add("movsx \(Names.name(target, wide)), \(narrow16)") {
            $0.encode(Assembler.signExtend16(wide), target, source)
          }
        }
        listing.add("movsxd \(Names.name(target, true)), \(Names.name(source, false))") {
          $0.encode(Assembler.signExtend32(), target, source)
        }
      }
    }
    for address in Samples.someAddresses {
      listing.add("call \(Names.memory(address, "qword"))") { $0.call(address) }
      listing.add("jmp \(Names.memory(address, "qword"))") { $0.jump(to: address) }
      listing.add("movzx esi, \(Names.memory(address, "byte"))") {
        $0.encode(Assembler.zeroExtend8(), .rsi, address)
      }
      listing.add("movsx rsi, \(Names.memory(address, "word"))") {
        $0.encode(Assembler.signExtend16(true), .rsi, address)
      }
      listing.add("movsxd r9, \(Names.memory(address, "dword"))") {
        $0.encode(Assembler.signExtend32(), .r9, address)
      }
    }
    try listing.check()
  }

  @Test func arithmetic() throws {
    var listing = AssemblyListing()
    for (operation, name) in Self.arithmetic {
      for wide in [false, true] {
        for target in Samples.some {
          for source in Samples.some {
            listing.add("\(name) \(Names.name(target, wide)), \(Names.name(source, wide))") {
              $0.arithmetic(operation, wide, target, source)
            }
          }
          for immediate in Samples.immediates {
            listing.add("\(name) \(Names.name(target, wide)), \(immediate)") {
              $0.arithmetic(operation, wide, target, immediate: immediate)
            }
          }
        }
        for address in Samples.someAddresses {
          let memory = Names.memory(address, size(wide))
          listing.add("\(name) \(Names.name(.r10, wide)), \(memory)") {
            $0.arithmetic(operation, wide, Register.r10, address)
          }
          listing.add("\(name) \(memory), \(Names.name(.rdx, wide))") {
            $0.arithmetic(operation, wide, address, Register.rdx)
          }
          listing.add("\(name) \(memory), 5") {
            $0.arithmetic(operation, wide, address, immediate: 5)
          }
          listing.add("\(name) \(memory), 500") {
            $0.arithmetic(operation, wide, address, immediate: 500)
          }
        }
      }
    }
    try listing.check()
  }

  @Test func multiplicationDivisionAndShifts() throws {
    var listing = AssemblyListing()
    for wide in [false, true] {
      let name = { (register: Register) in Names.name(register, wide) }
      for target in Samples.general {
        for source in Samples.some {
          listing.add("imul \(name(target)), \(name(source))") {
            $0.multiply(wide, target, source)
          }
          listing.add("imul \(name(target)), \(name(source)), 5") {
            $0.multiply(wide, target, source, immediate: 5)
          }
          listing.add("imul \(name(target)), \(name(source)), 500") {
            $0.multiply(wide, target, source, immediate: 500)
          }
          listing.add("lzcnt \(name(target)), \(name(source))") {
            $0.leadingZeros(wide, target, source)
          }
          listing.add("tzcnt \(name(target)), \(name(source))") {
            $0.trailingZeros(wide, target, source)
          }
          listing.add("popcnt \(name(target)), \(name(source))") {
            $0.populationCount(wide, target, source)
          }
          listing.add("bsr \(name(target)), \(name(source))") {
            $0.scanReverse(wide, target, source)
          }
          listing.add("bsf \(name(target)), \(name(source))") {
            $0.scanForward(wide, target, source)
          }
          for (shift, mnemonic) in [
            (Shift.left, "shlx"), (.rightUnsigned, "shrx"), (.rightSigned, "sarx"),
          ] {
            listing.add("\(mnemonic) \(name(target)), \(name(source)), \(name(.r14))") {
              $0.shift(shift, wide, target, source, by: .r14)
            }
          }
        }
        for (operation, mnemonic) in [
          (Unary.negate, "neg"), (.multiplyUnsigned, "mul"), (.multiplySigned, "imul"),
          (.divideUnsigned, "div"), (.divideSigned, "idiv"),
        ] {
          listing.add("\(mnemonic) \(name(target))") { $0.unary(operation, wide, target) }
        }
        for (shift, mnemonic) in Self.shifts {
          listing.add("\(mnemonic) \(name(target)), 9") { $0.shift(shift, wide, target, by: 9) }
          listing.add("\(mnemonic) \(name(target))") { $0.shift(shift, wide, target, by: 1) }
          listing.add("\(mnemonic) \(name(target)), cl") { $0.shiftByCL(shift, wide, target) }
        }
      }
      listing.add("imul \(name(.r8)), \(Names.memory(Address(.rbp, -16), size(wide)))") {
        $0.multiply(wide, .r8, Address(.rbp, -16))
      }
      listing.add(wide ? "cqo" : "cdq") { $0.extendAccumulator(wide) }
    }
    try listing.check()
  }

  @Test func conditionsAndTheRest() throws {
    var listing = AssemblyListing()
    for (code, suffix) in Self.conditions.enumerated() {
      let condition = Condition(UInt8(code))
      for target in Samples.general {
        listing.add("set\(suffix) \(Names.general(target, bits: 8))") {
          $0.set(condition, target)
        }
        for wide in [false, true] {
          listing.add("cmov\(suffix) \(Names.name(target, wide)), \(Names.name(.r9, wide))") {
            $0.move(wide, if: condition, target, Register.r9)
          }
        }
      }
      listing.add("cmov\(suffix) ecx, dword ptr [rbp - 40]") {
        $0.move(false, if: condition, .rcx, Address(.rbp, -40))
      }
      listing.add("j\(suffix) 0") { _ = $0.jump(if: condition) }
    }
    for wide in [false, true] {
      for register in Samples.some {
        listing.add("test \(Names.name(register, wide)), \(Names.name(.r8, wide))") {
          $0.test(wide, register, .r8)
        }
      }
    }
    listing.add("leave") { $0.leave() }
    listing.add("ret") { $0.ret() }
    listing.add("int3") { $0.breakpoint() }
    listing.add("ud1 eax, dword ptr [eax + 7]") { $0.trap(code: 7) }
    listing.add("sub rsp, 0") { _ = $0.allocateFrame() }
    listing.add("jmp 0") { _ = $0.jump() }
    listing.add("call 0") { _ = $0.call() }
    listing.add("call qword ptr [rip]") { _ = $0.callThroughRelative() }
    listing.add("jmp qword ptr [rip]") { _ = $0.jumpThroughRelative() }
    listing.add("inc dword ptr [rip]") { _ = $0.incrementRelative() }
    listing.add("dec dword ptr [rip]") { _ = $0.decrementRelative() }
    try listing.check()
  }

  @Test func jumpsLeadWhereTheyAreLinkedTo() {
    var assembler = Assembler(capacity: 64)
    let forward = assembler.jump()
    let conditional = assembler.jump(if: .less)
    let short = assembler.shortJump(if: .above)
    let head = assembler.position
    assembler.leave()
    assembler.land(short)
    assembler.jump(backTo: head)
    for _ in 0..<200 { assembler.leave() }
    assembler.jump(if: .equal, backTo: head)
    let end = assembler.position
    assembler.link(forward, to: end)
    assembler.link(conditional, to: end)
    #expect(assembler.read32(at: forward) == Int32(end - forward - 4))
    #expect(assembler.read32(at: conditional) == Int32(end - conditional - 4))
    #expect(assembler.bytes[short] == 1)
    // jmp rel8 stands behind one byte of leave.
    #expect(assembler.bytes[head + 1] == 0xEB && assembler.bytes[head + 2] == 0xFD)
    #expect(assembler.read32(at: end - 4) == Int32(head - end))
  }

  @Test func theBufferGrowsAndKeepsItsContent() {
    var assembler = Assembler(capacity: 0)
    for value in 0..<100_000 {
      assembler.reserve()
      assembler.put32(Int32(value))
    }
    #expect(assembler.position == 400_000)
    #expect((0..<100_000).allSatisfy { assembler.read32(at: $0 * 4) == Int32($0) })
  }
}
