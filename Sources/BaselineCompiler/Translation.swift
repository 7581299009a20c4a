// One instruction after the other: which family emits it.

internal import CompilerInterface

extension FunctionCompiler {
  /// Compiles the next instruction of reachable code.
  @inline(__always)
  mutating func translateNext() {
    let opcode = reader.byte()
    switch opcode {
    case 0x20: localGet()
    case 0x21: localSet(isTee: false)
    case 0x22: localSet(isTee: true)
    case 0x41:
      pushConstant(.i32, UInt64(UInt32(truncatingIfNeeded: reader.signed())))
    case 0x42: pushConstant(.i64, UInt64(bitPattern: reader.signed()))
    case 0x28...0x3E: translateMemoryAccess(opcode)
    case 0x45...0x66: translateComparison(opcode)
    case 0x67...0x8A: translateInteger(opcode)
    case 0x00...0x1C: translateControl(opcode)
    case 0x8B...0xA6: translateFloat(opcode)
    case 0xA7...0xC4: translateConversion(opcode)
    case 0x23: globalGet()
    case 0x24: globalSet()
    case 0x43: pushConstant(.f32, UInt64(reader.fixed32()))
    case 0x44: pushConstant(.f64, reader.fixed64())
    case 0xFC: translateMiscellaneous(reader.unsigned32())
    case 0xFD: translateVector(reader.unsigned32())
    default: translateRare(opcode)
    }
  }

  @inline(never)
  private mutating func translateControl(_ opcode: UInt8) {
    switch opcode {
    case 0x00: trapUnreachable()
    case 0x01: break
    case 0x02: enterBlock()
    case 0x03: enterLoop()
    case 0x04:
      let condition = popCondition()
      enterIf(condition)
    case 0x05: enterElse()
    case 0x06...0x0A: translateException(opcode)
    case 0x0B: leaveBlock()
    case 0x0C: branch()
    case 0x0D:
      let condition = popCondition()
      branch(if: condition)
    case 0x0E: branchTable()
    case 0x0F: returnFromFunction()
    case 0x18, 0x19: translateException(opcode)
    case 0x10: call()
    case 0x11: callIndirect()
    case 0x12: returnCall()
    case 0x13: returnCallIndirect()
    case 0x14: callReference()
    case 0x15: returnCallReference()
    case 0x1A: release(pop())
    case 0x1B:
      let condition = popCondition()
      select(condition)
    case 0x1C:
      for _ in 0..<reader.unsigned32() { reader.skipValueType() }
      let condition = popCondition()
      select(condition)
    default: markUnsupported(UInt32(opcode))
    }
  }

  private mutating func translateRare(_ opcode: UInt8) {
    switch opcode {
    case 0x1F: enterTryTable()
    case 0x25: tableGet()
    case 0x26: tableSet()
    case 0x3F: memorySize()
    case 0x40: memoryGrow()
    case 0xD0:
      pushConstant(referenceKind(reader.signed()), 0)
    case 0xD1: referenceIsNull()
    case 0xD2: referenceFunction()
    case 0xD3: referencesAreEqual()
    case 0xD4: referenceAsNonNull()
    case 0xD5: branchOnNull()
    case 0xD6: branchOnNonNull()
    case 0xFB: translateObject(reader.unsigned32())
    case 0xFE: translateAtomic(reader.unsigned32())
    default: markUnsupported(UInt32(opcode))
    }
  }

  /// Steps over an instruction that is never reached, but for the end of that state.
  mutating func skipNext() {
    let opcode = reader.byte()
    switch opcode {
    case 0x02, 0x03, 0x04, 0x06:
      skippedBlocks += 1
      // Loops are numbered as they come.
      if opcode == 0x03 { nextLoop += 1 }
      reader.skipBlockType()
    case 0x05: if skippedBlocks == 0 { enterElse() }
    case 0x0B:
      if skippedBlocks == 0 { leaveBlock() } else { skippedBlocks -= 1 }
    case 0x1F:
      skippedBlocks += 1
      _ = reader.skipTryTable()
    case 0x07, 0x19:
      let tag = opcode == 0x07 ? reader.unsigned32() : nil
      if skippedBlocks == 0 { beginCatch(tag) }
    case 0x18:
      let label = reader.unsigned32()
      if skippedBlocks == 0 { leaveDelegate(label) } else { skippedBlocks -= 1 }
    case 0xFC: _ = reader.skipMiscellaneous()
    case 0xFD: _ = reader.skipVector()
    case 0xFB: _ = reader.skipObject()
    case 0xFE: _ = reader.skipAtomic()
    default: _ = reader.skipImmediates(opcode)
    }
  }
}
