// Instructions that are not about control: variables, memories, tables, references, vectors.

import Testing

@testable import WasmModule

@Suite struct InstructionValidationTests {
  private static let three = op(.i32Const, 0) + op(.i32Const, 0) + op(.i32Const, 0)
  private static let vector = op(.v128Const, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

  private static let validCases: [BodyCase] = [
    BodyCase([f32], [f32], op(.localGet, 0), op(.localTee, 0)),
    BodyCase([f32], [], op(.localGet, 0), op(.localSet, 0)),
    BodyCase([], [i64], op(.globalGet, 1), op(.globalSet, 1), op(.globalGet, 1)),
    BodyCase([], [i32], op(.i32Const, 0), op(.i32Load, 2, 0)),
    BodyCase([], [i32], op(.i32Const, 0), op(.i32Load, 0x42, 1, 0)),
    BodyCase([], [], op(.i32Const, 0), op(.i64Const, 0), op(.i64Store, 3, 0)),
    BodyCase([], [], op(.i32Const, 0), op(.i64Const, 0), op(.i64Store8, 0, 0)),
    BodyCase([], [i32], op(.memorySize, 1)),
    BodyCase([], [i32], op(.i32Const, 0), op(.memoryGrow, 0)),
    BodyCase([], [], three, op(.memoryInit, 0, 1)),
    BodyCase([], [], three, op(.memoryCopy, 0, 1)),
    BodyCase([], [], three, op(.memoryFill, 0)),
    BodyCase([], [], op(.dataDrop, 0)),
    BodyCase([], [externref], op(.i32Const, 0), op(.tableGet, 1)),
    BodyCase([], [], op(.i32Const, 0), op(.refFunc, 2), op(.tableSet, 0)),
    BodyCase([], [i32], op(.tableSize, 0)),
    BodyCase([], [i32], op(.refNull, externref), op(.i32Const, 0), op(.tableGrow, 1)),
    BodyCase([], [], op(.i32Const, 0), op(.refNull, funcref), op(.i32Const, 0), op(.tableFill, 0)),
    BodyCase([], [], three, op(.tableCopy, 0, 0)),
    BodyCase([], [], three, op(.tableInit, 1, 1)),
    BodyCase([], [], op(.elemDrop, 1)),
    BodyCase([], [i32], op(.refNull, externref), op(.refIsNull)),
    BodyCase([i64], [i64], op(.localGet, 0), op(.localGet, 0), op(.i32Const, 0), op(.select)),
    BodyCase([], [], vector, vector, op(.i32Const, 0), op(.select), op(.drop)),
    BodyCase(
      [], [funcref], op(.refFunc, 2), op(.refNull, funcref), op(.i32Const, 0),
      op(.selectT, 1, funcref)),
    BodyCase(
      [], [v128], vector, vector,
      op(
        .i8x16Shuffle, 0, 31, 1, 30, 2, 29, 3, 28, 4, 27, 5, 26,
        6, 25, 7, 24)),
    BodyCase([], [i64], vector, op(.i64x2ExtractLane, 1)),
    BodyCase([], [v128], vector, vector, vector, op(.v128Bitselect)),
    BodyCase([], [v128], vector, op(.i32Const, 1), op(.i16x8Shl)),
    BodyCase([], [v128], op(.i32Const, 0), vector, op(.v128Load16Lane, 1, 0, 7)),
    BodyCase([], [i64], op(.f64Const, 0, 0, 0, 0, 0, 0, 0, 0), op(.i64TruncSatF64U)),
  ]

  @Test(arguments: validCases)
  func valid(body: BodyCase) { expectValid(body.module) }

  private static let invalidCases: [(BodyCase, String)] = [
    (BodyCase([], [], op(.localGet, 0), op(.drop)), "unknown local 0"),
    (BodyCase([], [], op(.i32Const, 0), op(.localSet, 5)), "unknown local 5"),
    (BodyCase([f32], [], op(.i32Const, 0), op(.localSet, 0)), "type mismatch"),
    (BodyCase([], [], op(.globalGet, 2), op(.drop)), "unknown global 2"),
    (BodyCase([], [], op(.i32Const, 0), op(.globalSet, 0)), "immutable global 0"),
    (BodyCase([], [], op(.i32Const, 0), op(.globalSet, 1)), "type mismatch"),
    (
      BodyCase([], [], op(.i32Const, 0), op(.i64Const, 0), op(.i32Add), op(.drop)),
      "type mismatch: i32.add expects i32, found i64"
    ),
    (
      BodyCase([], [], op(.i32Const, 0), op(.i32Add), op(.drop)),
      "type mismatch: i32.add expects i32, found nothing"
    ),
    (
      BodyCase([], [], op(.i32Const, 0), op(.i32Load, 3, 0), op(.drop)),
      "alignment must not be larger than natural"
    ),
    (
      BodyCase([], [], op(.i32Const, 0), op(.i32Load8U, 1, 0), op(.drop)),
      "alignment must not be larger than natural"
    ),
    (
      BodyCase([], [], op(.i32Const, 0), op(.v128Load, 5, 0), op(.drop)),
      "alignment must not be larger than natural"
    ),
    (BodyCase([], [], op(.i32Const, 0), op(.i32Load, 0x42, 2, 0), op(.drop)), "unknown memory 2"),
    (
      BodyCase([], [], op(.i32Const, 0), op(.i32Load, 2, 0x80, 0x80, 0x80, 0x80, 0x10), op(.drop)),
      "offset out of range"
    ),
    (BodyCase([], [], op(.i64Const, 0), op(.i32Load, 2, 0), op(.drop)), "type mismatch"),
    (BodyCase([], [], op(.memorySize, 2), op(.drop)), "unknown memory 2"),
    (BodyCase([], [], op(.i32Const, 0), op(.memoryGrow, 2), op(.drop)), "unknown memory 2"),
    (BodyCase([], [], three, op(.memoryInit, 0, 2)), "unknown memory 2"),
    (BodyCase([], [], three, op(.memoryInit, 1, 0)), "unknown data segment 1"),
    (BodyCase([], [], op(.dataDrop, 1)), "unknown data segment 1"),
    (BodyCase([], [], three, op(.memoryCopy, 2, 0)), "unknown memory 2"),
    (BodyCase([], [], three, op(.memoryCopy, 0, 2)), "unknown memory 2"),
    (BodyCase([], [], three, op(.memoryFill, 2)), "unknown memory 2"),
    (BodyCase([], [], op(.memoryFill, 0)), "type mismatch"),
    (BodyCase([], [], op(.i32Const, 0), op(.tableGet, 2), op(.drop)), "unknown table 2"),
    (
      BodyCase([], [], op(.i32Const, 0), op(.refNull, externref), op(.tableSet, 0)),
      "type mismatch"
    ),
    (BodyCase([], [], three, op(.tableFill, 0)), "type mismatch"),
    (BodyCase([], [], three, op(.tableCopy, 0, 1)), "type mismatch"),
    (BodyCase([], [], three, op(.tableCopy, 0, 2)), "unknown table 2"),
    (BodyCase([], [], three, op(.tableInit, 1, 0)), "type mismatch"),
    (BodyCase([], [], three, op(.tableInit, 2, 0)), "unknown elem segment 2"),
    (BodyCase([], [], three, op(.tableInit, 0, 2)), "unknown table 2"),
    (BodyCase([], [], op(.elemDrop, 2)), "unknown elem segment 2"),
    (BodyCase([], [], op(.refFunc, 9), op(.drop)), "unknown function 9"),
    (BodyCase([], [], op(.refFunc, 3), op(.drop)), "undeclared function reference 3"),
    (BodyCase([], [], op(.i32Const, 0), op(.refIsNull), op(.drop)), "type mismatch"),
    (
      BodyCase(
        [], [], op(.refNull, funcref), op(.refNull, funcref), op(.i32Const, 0), op(.select),
        op(.drop)), "type mismatch"
    ),
    (
      BodyCase(
        [], [], op(.i32Const, 0), op(.i64Const, 0), op(.i32Const, 0), op(.select),
        op(.drop)), "type mismatch"
    ),
    (BodyCase([], [], three, op(.selectT, 0), op(.drop)), "invalid result arity"),
    (BodyCase([], [], three, op(.selectT, 2, i32, i32), op(.drop)), "invalid result arity"),
    (BodyCase([], [], three, op(.selectT, 1, i64), op(.drop)), "type mismatch"),
    (BodyCase([], [], vector, op(.i8x16ExtractLaneU, 16), op(.drop)), "invalid lane index 16"),
    (BodyCase([], [], vector, op(.f64x2ExtractLane, 2), op(.drop)), "invalid lane index 2"),
    (
      BodyCase([], [], op(.i32Const, 0), vector, op(.v128Load64Lane, 0, 0, 2), op(.drop)),
      "invalid lane index 2"
    ),
    (
      BodyCase([], [], op(.i32Const, 0), vector, op(.v128Store8Lane, 1, 0, 0)),
      "alignment must not be larger than natural"
    ),
    (
      BodyCase(
        [], [], vector, vector,
        op(
          .i8x16Shuffle, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
          0, 32), op(.drop)), "invalid lane index"
    ),
    (BodyCase([], [], vector, vector, op(.i16x8Shl), op(.drop)), "type mismatch"),
  ]

  @Test(arguments: invalidCases)
  func invalid(body: BodyCase, message: String) { expectRefused(body.module, .invalid, message) }

  /// Atomic accesses have exactly the natural alignment.
  @Test func alignmentOfAtomics() {
    for (alignment, isValid) in [(1, false), (2, true), (3, false)] as [(UInt8, Bool)] {
      let body = BodyCase([], [i32], op(.i32Const, 0), op(.i32AtomicLoad, alignment, 0))
      if isValid {
        expectValid(body.module)
      } else {
        expectRefused(body.module, .invalid, "atomic alignment must be natural")
      }
    }
  }

  @Test func dataSegmentWithoutDataCount() {
    let module = { (code: [UInt8]) in
      ModuleBytes().types(functionType()).functions(0).section(5, items: [[0, 1]])
        .code(body(code + [end])).section(11, items: [[1, 0]])
    }
    expectRefused(module(op(.dataDrop, 0)), .malformed, "data count section required")
    expectRefused(
      module(Self.three + op(.memoryInit, 0, 0)), .malformed, "data count section required")
  }

  /// Each instruction with a signature takes the operands it says, and no others.
  @Test func everySignature() throws {
    let code: [ValueType: [UInt8]] = [
      .i32: op(.i32Const, 0), .i64: op(.i64Const, 0), .f32: op(.f32Const, 0, 0, 0, 0),
      .f64: op(.f64Const, 0, 0, 0, 0, 0, 0, 0, 0), .v128: Self.vector,
    ]
    var checked = 0
    for opcode in Opcode.allCases {
      guard let row = OpcodeRow.all.first(where: { $0.opcodes.contains(opcode) }) else { continue }
      let entry = row.entry
      guard entry.rule != .special, entry.operands.0 != 0 else { continue }
      let operands = [entry.operands.2, entry.operands.1, entry.operands.0].filter { $0 != 0 }
      var immediates = Array(repeating: UInt8(0), count: Self.immediateCount(entry.immediates))
      if entry.rule == .atomicAccess { immediates[0] = entry.naturalAlignment }
      let push = { (types: [UInt8]) in
        types.flatMap { code[ValueType(rawValue: UInt32($0))] ?? [] }
      }
      let results = entry.result == 0 ? [] : [entry.result]
      expectValid(BodyCase([], results, push(operands), op(opcode), immediates).module)
      for place in operands.indices {
        var wrong = operands
        wrong[place] = wrong[place] == i32 ? f64 : i32
        let body = BodyCase([], results, push(wrong), op(opcode), immediates)
        expectRefused(body.module, .invalid, "type mismatch: \(opcode.textName) expects")
      }
      let tooFew = BodyCase([], results, push(Array(operands.dropFirst())), op(opcode), immediates)
      expectRefused(tooFew.module, .invalid, "type mismatch: \(opcode.textName) expects")
      checked += 1
    }
    #expect(checked > 380)
  }

  private static func immediateCount(_ immediates: Immediates) -> Int {
    switch immediates {
    case .memoryAccess: 2
    case .memoryLane: 3
    case .lane: 1
    case .vector: 16
    default: 0
    }
  }
}
