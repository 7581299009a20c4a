// Tags, throwing and catching: their encoding and their types.

import Testing

@testable import WasmModule

@Suite struct ExceptionTests {
  /// Tags: 0 of [i32], 1 of []. Type 0 is the body's.
  private func module(
    _ parameters: [UInt8] = [], _ results: [UInt8] = [], _ code: [UInt8]...
  ) -> ModuleBytes {
    ModuleBytes().types(functionType(parameters, results), functionType([i32]), functionType())
      .functions(0).section(13, items: [[0, 1], [0, 2]])
      .code(body(code.flatMap { $0 } + [end]))
  }

  private static let exnref: UInt8 = 0x69
  private static let empty: UInt8 = 0x40

  @Test func tags() throws {
    let names = encoded("m") + encoded("t")
    let bytes = ModuleBytes().types(functionType([i32]), functionType())
      .section(2, items: [names + [4, 0, 1]]).section(13, items: [[0, 0]])
      .section(7, items: [encoded("e") + [4, 1]])
    expectValid(bytes)
    let module = try bytes.decode()
    #expect(module.tags == [1, 0] && module.importedTagCount == 1)
    #expect(module.type(of: module.imports[0]) == .tag(FunctionType()))
    #expect(module.type(of: module.exports[0]) == .tag(FunctionType(parameters: [.i32])))
  }

  @Test func wrongTags() {
    let tag = { (bytes: [UInt8]) in
      ModuleBytes().types(functionType([], [i32])).section(13, items: [bytes])
    }
    expectRefused(tag([1, 0]), .malformed, "malformed tag attribute")
    expectRefused(tag([0, 0]), .invalid, "non-empty tag result type")
    expectRefused(tag([0, 1]), .invalid, "unknown type 1 of tag 0")
    expectRefused(
      ModuleBytes().section(7, items: [encoded("e") + [4, 0]]), .invalid, "unknown tag 0")
  }

  @Test func throwing() {
    expectValid(module([], [], op(.i32Const, 1), op(.throw, 0)))
    expectValid(module([Self.exnref], [i64], op(.localGet, 0), op(.throwRef)))
    expectRefused(module([], [], op(.throw, 0)), .invalid, "type mismatch")
    expectRefused(module([], [], op(.throw, 2)), .invalid, "unknown tag 2")
    expectRefused(module([], [], op(.i32Const, 1), op(.throwRef)), .invalid, "type mismatch")
  }

  @Test func tryTable() throws {
    let clauses: [UInt8] = [4, 0, 0, 0, 1, 0, 1, 2, 2, 3, 3]
    let bytes = op(.tryTable, Self.empty) + clauses + [end]
    try bytes.withUnsafeBytes { bytes in
      var reader = InstructionReader(bytes: bytes, range: 0..<bytes.count)
      let instruction = try reader.next()
      #expect(instruction.opcode == .tryTable && instruction.index == 4)
      #expect(instruction.blockType == .empty)
      var skipping = reader
      try skipping.skipList(of: instruction)
      #expect(try skipping.next().opcode == .end)
      var found: [CatchClause] = []
      for _ in 0..<instruction.index { found.append(try reader.nextClause()) }
      #expect(
        found == [
          CatchClause(.catch, tag: 0, label: 0), CatchClause(.catchRef, tag: 0, label: 1),
          CatchClause(.catchAll, label: 2), CatchClause(.catchAllRef, label: 3),
        ])
    }
  }

  /// What a clause hands on is what its label takes; labels count from outside.
  @Test func clauses() {
    let attempt = { (clause: [UInt8]) in op(.tryTable, Self.empty) + [1] + clause + [end] }
    expectValid(module([], [], attempt([0, 1, 0])))
    expectValid(module([], [], attempt([2, 0])))
    expectValid(module([], [i32], attempt([0, 0, 0]), op(.unreachable)))
    expectValid(module([], [Self.exnref], attempt([3, 0]), op(.unreachable)))
    expectValid(module([], [i32, Self.exnref], attempt([1, 0, 0]), op(.unreachable)))
    expectRefused(module([], [], attempt([0, 1, 1])), .invalid, "unknown label 1")
    expectRefused(module([], [], attempt([0, 2, 0])), .invalid, "unknown tag 2")
    expectRefused(module([], [], attempt([0, 0, 0])), .invalid, "type mismatch")
    expectRefused(module([], [], attempt([3, 0])), .invalid, "type mismatch")
    expectRefused(
      module([], [i64], attempt([0, 0, 0]), op(.unreachable)), .invalid, "type mismatch")
    expectRefused(module([], [], attempt([4, 0])), .malformed, "malformed catch clause")
  }

  @Test func tooManyClauses() {
    expectRefused(
      module([], [], op(.tryTable, Self.empty), [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), .malformed,
      "unexpected end")
  }

  // MARK: The older form.

  @Test func olderForm() {
    let attempt = op(.try, i32) + op(.i32Const, 1)
    expectValid(module([], [i32], attempt, op(.catch, 0), op(.catchAll), op(.i32Const, 2), [end]))
    expectValid(module([], [i32], attempt, op(.delegate, 0)))
    expectValid(module([], [i32], attempt, op(.catchAll), op(.rethrow, 0), [end]))
    expectValid(module([], [], op(.try, Self.empty), [end]))
    expectRefused(
      module([], [i32], attempt, op(.catchAll), op(.i32Const, 2), op(.catch, 0), [end]),
      .malformed, "END opcode expected")
    expectRefused(module([], [], op(.catchAll)), .malformed, "END opcode expected")
    expectRefused(module([], [], op(.delegate, 0)), .malformed, "END opcode expected")
    expectRefused(
      module([], [], op(.block, Self.empty), op(.delegate, 0)), .malformed, "END opcode expected")
    expectRefused(module([], [i32], attempt, op(.delegate, 1)), .invalid, "unknown label 1")
    expectRefused(module([], [], op(.rethrow, 0)), .invalid, "invalid rethrow label 0")
    expectRefused(
      module([], [], op(.try, Self.empty), op(.rethrow, 0), [end]), .invalid,
      "invalid rethrow label 0")
    expectRefused(module([], [i32], attempt, op(.catch, 1), [end]), .invalid, "type mismatch")
  }
}
