// Instructions and their immediates, as they are decoded from a body.

import Testing

@testable import WasmModule

@Suite struct InstructionReaderTests {
  /// Reads one instruction, which must take all of `bytes`.
  private func read(_ bytes: [UInt8]) throws -> Instruction {
    try bytes.withUnsafeBytes { bytes in
      var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
      let instruction = try reader.next()
      #expect(reader.isAtEnd)
      return instruction
    }
  }

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try read(bytes)
      return nil
    } catch {
      return (error as? ModuleError)?.message
    }
  }

  @Test func constants() throws {
    #expect(try read([0x41, 0x7F]).value == 0xFFFF_FFFF)
    #expect(try read([0x41, 0xE5, 0x8E, 0x26]).value == 624_485)
    #expect(try read([0x42, 0x7F]).value == .max)
    #expect(try read([0x43, 1, 2, 3, 4]).value == 0x0403_0201)
    #expect(try read([0x44, 1, 2, 3, 4, 5, 6, 7, 8]).value == 0x0807_0605_0403_0201)
    let vector = try read([0xFD, 0x0C] + Array(0..<16))
    #expect(vector.opcode == .v128Const)
    #expect(vector.value == 0x0706_0504_0302_0100 && vector.value2 == 0x0F0E_0D0C_0B0A_0908)
  }

  @Test func blockTypes() throws {
    #expect(try read([0x02, 0x40]).blockType == .empty)
    #expect(try read([0x03, 0x7E]).blockType == .value(.i64))
    #expect(try read([0x04, 0x70]).blockType == .value(.funcref))
    #expect(try read([0x04, 0x63, 0x6F]).blockType == .value(.externref))
    #expect(try read([0x02, 0x05]).blockType == .function(typeIndex: 5))
    #expect(try read([0x02, 0xC0, 0x00]).blockType == .function(typeIndex: 64))
    #expect(
      try read([0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).blockType == .function(typeIndex: .max))
    #expect(message([0x02, 0x7A]) == "malformed value type")
    #expect(message([0x02, 0x80, 0x7F]) == "malformed block type")
    #expect(message([0x02]) == "unexpected end of section or function")
  }

  @Test func indices() throws {
    #expect(try read([0x20, 0x80, 0x01]).index == 128)
    let indirect = try read([0x11, 3, 4])
    #expect(indirect.index == 3 && indirect.index2 == 4)
    let copy = try read([0xFC, 0x0A, 1, 2])
    #expect(copy.opcode == .memoryCopy && copy.index == 1 && copy.index2 == 2)
    #expect(try read([0x3F, 2]).index == 2)
  }

  @Test func memoryAccesses() throws {
    let plain = try read([0x28, 2, 0x80, 0x08])
    #expect(plain.opcode == .i32Load)
    #expect(plain.index == 0 && plain.alignment == 2 && plain.value == 1_024)
    let other = try read([0x37, 0x43, 5, 6])
    #expect(other.opcode == .i64Store)
    #expect(other.index == 5 && other.alignment == 3 && other.value == 6)
    let lane = try read([0xFD, 0x57, 0x41, 1, 9, 3])
    #expect(lane.opcode == .v128Load64Lane)
    #expect(lane.index == 1 && lane.alignment == 1 && lane.value == 9 && lane.index2 == 3)
    #expect(message([0x28, 0x80, 0x01, 0]) == "malformed memop flags")
  }

  @Test func branchTable() throws {
    let bytes: [UInt8] = [0x0E, 2, 1, 0, 3, 0x0B]
    try bytes.withUnsafeBytes { bytes in
      var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
      let instruction = try reader.next()
      #expect(instruction.opcode == .brTable && instruction.index == 2)
      var skipping = reader
      #expect(
        [try reader.nextTarget(), try reader.nextTarget(), try reader.nextTarget()] == [1, 0, 3])
      #expect(try reader.next().opcode == .end)
      try skipping.skipList(of: instruction)
      #expect(try skipping.next().opcode == .end)
    }
    #expect(message([0x0E, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0]) != nil)
  }

  @Test func typedSelectAndReferences() throws {
    let select = try read([0x1C, 1, 0x7C])
    #expect(select.opcode == .selectT && select.index == 1 && select.blockType == .value(.f64))
    #expect(try read([0x1C, 0]).index == 0)
    #expect(try read([0x1C, 2, 0x7F, 0x7E]).index == 2)
    #expect(try read([0xD0, 0x6F]).blockType == .value(.externref))
    #expect(message([0xD0, 0x7F]) == "malformed heap type")
    #expect(try read([0xD0, 0x6E]).blockType == .value(.reference(.any, nullable: true)))
    #expect(
      try read([0xD0, 0x85, 0x01]).blockType == .value(.reference(.defined(0x85), nullable: true)))
  }

  @Test func casts() throws {
    #expect(try read([0xFB, 20, 0x6D]).castTarget == .reference(.eq, nullable: false))
    #expect(try read([0xFB, 23, 3]).castTarget == .reference(.defined(3), nullable: true))
    let branch = try read([0xFB, 24, 2, 5, 0x6E, 0x6C])
    #expect(branch.opcode == .brOnCast && branch.index == 5)
    #expect(branch.blockType == .value(.reference(.any, nullable: false)))
    #expect(branch.castTarget == .reference(.i31, nullable: true))
    #expect(message([0xFB, 25, 4, 0, 0x6E, 0x6C]) == "malformed br_on_cast flags")
    #expect(message([0xFB, 31]) == "illegal opcode fb 1f")
  }

  @Test func lanes() throws {
    #expect(try read([0xFD, 0x15, 7]).index == 7)
    let shuffle = try read([0xFD, 0x0D] + Array(16..<32))
    #expect(shuffle.opcode == .i8x16Shuffle && shuffle.value & 0xFF == 16)
  }

  @Test func prefixedOpcodeInSeveralBytes() throws {
    #expect(try read([0xFC, 0x81, 0x80, 0x00]).opcode == .i32TruncSatF32U)
    #expect(try read([0xFD, 0xFF, 0x01]).opcode == .f64x2ConvertLowI32x4U)
    #expect(try read([0xFD, 0x80, 0x02]).opcode == .i8x16RelaxedSwizzle)
    #expect(try read([0xFD, 0x93, 0x02]).opcode == .i32x4RelaxedDotI8x16I7x16AddS)
  }

  @Test func illegalOpcodes() {
    #expect(message([0xFF]) == "illegal opcode ff")
    #expect(message([0xF3]) == "illegal opcode f3")
    #expect(message([0xFC, 0x12]) == "illegal opcode fc 12")
    #expect(message([0xFD, 0x9A, 0x01]) == "illegal opcode fd 9a")
    #expect(message([0xFD, 0x94, 0x02]) == "illegal opcode fd 114")
    #expect(message([0xFD, 0x80, 0x10]) == "illegal opcode fd 800")
  }

  @Test func atomics() throws {
    let add = try read([0xFE, 0x1E, 2, 9])
    #expect(add.opcode == .i32AtomicRmwAdd && add.alignment == 2 && add.value == 9)
    #expect(try read([0xFE, 0x4E, 2, 0]).opcode == .i64AtomicRmw32CmpxchgU)
    #expect(try read([0xFE, 0x03, 0]).opcode == .atomicFence)
    #expect(message([0xFE, 0x03, 1]) == "zero byte expected")
    #expect(message([0xFE, 0x04]) == "illegal opcode fe 04")
    #expect(message([0xFE, 0x4F]) == "illegal opcode fe 4f")
  }

  @Test func localDeclarations() throws {
    let declared: [(count: Int, type: UInt8)] = [(2, i32), (0, f64), (1, externref)]
    let bytes = Array(body(locals: declared, [end]).dropFirst())
    try bytes.withUnsafeBytes { bytes in
      let body = FunctionBody(bytes: 0..<bytes.count)
      var locals = try LocalDeclarations(bytes: bytes, body: body)
      var runs: [String] = []
      while let run = try locals.next() { runs.append("\(run.count) \(run.type)") }
      #expect(runs == ["2 i32", "0 f64", "1 externref"])
      var instructions = locals.instructions
      #expect(try instructions.next().opcode == .end)
    }
  }

  @Test func tooManyLocals() {
    let limit = ImplementationLimits.locals
    let module = { (count: Int) in
      ModuleBytes().types(functionType()).functions(0)
        .code(body(locals: [(limit - 1, i32), (count, f32)], [end]))
    }
    expectValid(module(1))
    expectRefused(module(2), .unsupported, "too many locals")
    let most = Int(UInt32.max) - (limit - 1)
    expectRefused(module(most), .unsupported, "too many locals")
    expectRefused(module(most + 1), .malformed, "too many locals")
  }
}

@Suite struct OpcodeTableTests {
  @Test func rowsAscendAndAreDisjoint() {
    for (row, next) in zip(OpcodeRow.all, OpcodeRow.all.dropFirst()) {
      #expect(row.opcodes.upperBound < next.opcodes.lowerBound)
    }
  }

  /// What the enumeration lists, the table has, but for the instructions to come.
  @Test func everyOpcodeIsInTheTable() {
    let missing = Opcode.allCases.filter { opcode in
      !OpcodeRow.all.contains { $0.opcodes.contains(opcode) }
    }
    #expect(missing.isEmpty)
  }

  /// Each opcode is found at the place that its bytes lead to.
  @Test func everyOpcodeIsDecoded() throws {
    for opcode in Opcode.allCases
    where OpcodeRow.all.contains(where: { $0.opcodes.contains(opcode) }) {
      // Zeros serve as immediates of any form but types.
      let typed = [.refNull, .selectT].contains(opcode)
      let immediates =
        typed ? [opcode == .selectT ? 1 : funcref, funcref] : Array(repeating: 0, count: 18)
      let decoded = try (op(opcode) + immediates).withUnsafeBytes { bytes in
        var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
        return try reader.next().opcode
      }
      #expect(decoded == opcode)
    }
  }
}
