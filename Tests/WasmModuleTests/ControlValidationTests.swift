// Blocks, branches, calls, and unreachable code.

import Testing

@testable import WasmModule

@Suite struct ControlValidationTests {
  private static let validCases: [BodyCase] = [
    BodyCase(),
    BodyCase([], [i32], op(.i32Const, 0)),
    BodyCase([i32], [i32], op(.localGet, 0)),
    BodyCase([], [i32], op(.block, i32), op(.i32Const, 0), [end]),
    BodyCase(
      [], [], op(.block, 2), op(.i32Const, 0), op(.i64Const, 0), [end], op(.drop), op(.drop)),
    BodyCase(
      [], [i32], op(.i64Const, 0), op(.i32Const, 0), op(.block, 3), op(.drop), op(.drop),
      op(.i32Const, 0), [end]),
    BodyCase([], [], op(.loop, 0x40), op(.br, 0), [end]),
    BodyCase([], [i32], op(.i64Const, 0), op(.i32Const, 0), op(.loop, 3), op(.br, 0), [end]),
    BodyCase(
      [i32], [i32], op(.localGet, 0), op(.if, i32), op(.i32Const, 1), op(.else),
      op(.i32Const, 2), [end]),
    BodyCase([i32], [], op(.localGet, 0), op(.if, 0x40), op(.nop), [end]),
    BodyCase([], [i32], op(.i32Const, 1), op(.return), op(.drop), op(.i32Const, 2)),
    BodyCase([], [i32], op(.block, i32), op(.i32Const, 1), op(.i32Const, 1), op(.brIf, 0), [end]),
    BodyCase([], [], op(.block, 0x40), op(.i32Const, 0), op(.brTable, 1, 0, 1), [end]),
    BodyCase([], [i32], op(.i32Const, 3), op(.i32Const, 0), op(.brTable, 0, 0)),
    BodyCase([], [i64], op(.i32Const, 0), op(.call, 0)),
    BodyCase(
      [], [i32], op(.i64Const, 0), op(.i32Const, 0), op(.i32Const, 0),
      op(.callIndirect, 3, 0)),
    BodyCase([i32], [i64], op(.localGet, 0), op(.returnCall, 0)),
    BodyCase([i32], [i64], op(.i32Const, 1), op(.localGet, 0), op(.returnCallIndirect, 1, 0)),
    // Unreachable code: any operand is there, but the present ones count.
    BodyCase([], [i32], op(.unreachable)),
    BodyCase([], [f64], op(.unreachable), op(.i32Add), op(.f64ConvertI32S)),
    BodyCase([], [], op(.unreachable), op(.select), op(.drop)),
    BodyCase([], [i32], op(.unreachable), op(.i32Const, 1), op(.select)),
    BodyCase([], [i32], op(.unreachable), op(.i32Const, 0), op(.brTable, 1, 0, 0)),
    BodyCase([], [], op(.block, i32), op(.unreachable), op(.brIf, 0), [end], op(.drop)),
    BodyCase(
      [], [i32], op(.unreachable), op(.if, i32), op(.unreachable), op(.else), op(.i32Const, 1),
      [end]),
    BodyCase([], [], op(.unreachable), op(.refIsNull), op(.drop)),
  ]

  @Test(arguments: validCases)
  func valid(body: BodyCase) { expectValid(body.module) }

  private static let invalidCases: [(BodyCase, String)] = [
    (BodyCase([], [i32]), "type mismatch"),
    (BodyCase([], [], op(.i32Const, 0)), "type mismatch"),
    (BodyCase([], [i32], op(.i64Const, 0)), "type mismatch"),
    (BodyCase([], [i32], op(.i32Const, 0), op(.i32Const, 0)), "type mismatch"),
    (BodyCase([], [], op(.drop)), "type mismatch"),
    // A block does not see the operands below it.
    (BodyCase([], [], op(.i32Const, 0), op(.block, 0x40), op(.drop), [end]), "type mismatch"),
    (BodyCase([], [], op(.block, 3), [end]), "type mismatch"),
    (BodyCase([], [], op(.block, 9), [end]), "unknown type 9"),
    (BodyCase([], [], op(.i64Const, 0), op(.if, 0x40), [end]), "type mismatch"),
    (
      BodyCase([], [], op(.i32Const, 0), op(.if, i32), op(.i32Const, 0), [end], op(.drop)),
      "type mismatch"
    ),
    (
      BodyCase(
        [], [], op(.i32Const, 0), op(.if, i32), op(.i32Const, 0), op(.else), [end],
        op(.drop)), "type mismatch"
    ),
    (BodyCase([], [], op(.br, 1)), "unknown label 1"),
    (BodyCase([], [], op(.i32Const, 0), op(.brIf, 2)), "unknown label 2"),
    (BodyCase([], [], op(.block, i32), op(.br, 0), [end], op(.drop)), "type mismatch"),
    (BodyCase([], [], op(.i32Const, 0), op(.brTable, 1, 0, 1)), "unknown label 1"),
    (BodyCase([], [], op(.i32Const, 0), op(.brTable, 1, 7, 0)), "unknown label 7"),
    (
      BodyCase(
        [], [], op(.block, i32), op(.i32Const, 0), op(.i32Const, 0), op(.brTable, 1, 0, 1),
        [end], op(.drop)), "type mismatch"
    ),
    (
      BodyCase(
        [], [], op(.block, i32), op(.i32Const, 0), op(.i32Const, 0), op(.brTable, 1, 1, 0),
        [end], op(.drop)), "type mismatch"
    ),
    (
      BodyCase(
        [], [], op(.block, i64), op(.block, i32), op(.i32Const, 0), op(.i32Const, 0),
        op(.brTable, 1, 0, 1), [end], op(.drop), op(.i64Const, 0), [end], op(.drop)),
      "type mismatch"
    ),
    (BodyCase([], [i32], op(.return)), "type mismatch"),
    (BodyCase([], [], op(.call, 9)), "unknown function 9"),
    (BodyCase([], [], op(.call, 0), op(.drop)), "type mismatch"),
    (BodyCase([], [], op(.i32Const, 0), op(.callIndirect, 9, 0)), "unknown type 9"),
    (BodyCase([], [], op(.i32Const, 0), op(.callIndirect, 4, 9)), "unknown table 9"),
    (BodyCase([], [], op(.i32Const, 0), op(.callIndirect, 4, 1)), "type mismatch"),
    (BodyCase([], [], op(.callIndirect, 4, 0)), "type mismatch"),
    (BodyCase([], [], op(.i32Const, 0), op(.returnCall, 0)), "type mismatch"),
    (BodyCase([], [i32], op(.returnCall, 2)), "type mismatch"),
    (BodyCase([], [i64], op(.returnCall, 0)), "type mismatch"),
    (
      BodyCase([], [], op(.unreachable), op(.i64Const, 0), op(.i32Eqz), op(.drop)),
      "type mismatch"
    ),
    (BodyCase([], [], op(.unreachable), op(.f32Const, 0, 0, 0, 0)), "type mismatch"),
    // A block in unreachable code is checked from its start like any other.
    (BodyCase([], [], op(.unreachable), op(.block, i32), [end], op(.drop)), "type mismatch"),
    // What follows the end of a block with unreachable code is reachable for the validator.
    (BodyCase([], [], op(.block, 0x40), op(.unreachable), [end], op(.drop)), "type mismatch"),
  ]

  @Test(arguments: invalidCases)
  func invalid(body: BodyCase, message: String) { expectRefused(body.module, .invalid, message) }

  @Test func structureOfABody() {
    let end = "END opcode expected"
    expectRefused(BodyCase([], [], op(.else)).module, .malformed, end)
    expectRefused(BodyCase([], [], op(.block, 0x40)).module, .malformed, end)
    let twice = op(.i32Const, 0) + op(.if, 0x40) + op(.else) + op(.else) + [0x0B]
    expectRefused(BodyCase([], [], twice).module, .malformed, end)
    expectRefused(BodyCase([], [], [0x0B]).module, .malformed, "section size mismatch")
    expectRefused(
      .function(op(.nop)), .malformed, "unexpected end of section or function")
  }

  @Test func deepNesting() {
    let depth = 100_000
    let blocks = Array(repeatElement(op(.block, 0x40), count: depth).joined())
    expectValid(.function(blocks + Array(repeating: end, count: depth + 1)))
  }

  /// A call of two bytes can push a thousand values: the operand stack has a limit.
  @Test func operandLimit() {
    let results = Array(repeating: i32, count: ImplementationLimits.results)
    let calls = ImplementationLimits.operands / results.count
    let module = { (calls: Int) in
      ModuleBytes().types(functionType(), functionType([], results)).functions(0, 1)
        .code(
          body(
            Array(repeatElement(op(.call, 1), count: calls).joined()) + op(.unreachable) + [end]),
          body(op(.unreachable) + [end]))
    }
    expectValid(module(calls))
    expectRefused(module(calls + 1), .unsupported, "too many operands")
  }
}
