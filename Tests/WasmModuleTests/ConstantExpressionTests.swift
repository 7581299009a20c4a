// What an expression outside function bodies may hold.

import Testing

@testable import WasmModule

@Suite struct ConstantExpressionTests {
  /// An imported constant and an imported variable global, then one of type `type` with `value`.
  private func module(_ type: UInt8, _ value: [UInt8]) -> ModuleBytes {
    let imported = encoded("") + encoded("")
    let globals = [[i64, 0] + code(op(.i64Const, 1)), [type, 0] + value]
    return ModuleBytes().types(functionType())
      .section(2, items: [imported + [3, i32, 0], imported + [3, i32, 1], imported + [0, 0]])
      .section(6, items: globals)
  }

  private static let validCases: [(UInt8, [UInt8])] = [
    (i32, code(op(.i32Const, 1))),
    (i64, code(op(.i64Const, 1))),
    (f32, code(op(.f32Const, 0, 0, 0, 0))),
    (f64, code(op(.f64Const, 0, 0, 0, 0, 0, 0, 0, 0))),
    (v128, code(op(.v128Const, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))),
    (funcref, code(op(.refNull, funcref))),
    (externref, code(op(.refNull, externref))),
    (funcref, code(op(.refFunc, 0))),
    (i32, code(op(.globalGet, 0))),
    (i64, code(op(.globalGet, 2))),
    (
      i32,
      code(op(.i32Const, 1), op(.globalGet, 0), op(.i32Add), op(.globalGet, 0), op(.i32Mul))
    ),
    (i64, code(op(.globalGet, 2), op(.i64Const, 3), op(.i64Sub))),
  ]

  @Test(arguments: validCases)
  func valid(type: UInt8, value: [UInt8]) { expectValid(module(type, value)) }

  /// Values of a global of type i32.
  private static let invalidCases: [([UInt8], String)] = [
    (code(op(.i64Const, 1)), "type mismatch"),
    (code(), "type mismatch"),
    (code(op(.i32Const, 1), op(.i32Const, 1)), "type mismatch"),
    (code(op(.globalGet, 1)), "constant expression required"),
    (code(op(.globalGet, 3)), "unknown global 3"),
    (code(op(.globalGet, 4)), "unknown global 4"),
    (code(op(.i32Const, 1), op(.i32Eqz)), "constant expression required"),
    (code(op(.nop), op(.i32Const, 1)), "constant expression required"),
    (code(op(.block, i32), op(.i32Const, 1), [end]), "constant expression required"),
    (code(op(.unreachable)), "constant expression required"),
    (code(op(.call, 0)), "constant expression required"),
  ]

  @Test(arguments: invalidCases)
  func invalid(value: [UInt8], message: String) {
    expectRefused(module(i32, value), .invalid, message)
  }

  @Test func missingEnd() {
    let module = ModuleBytes().section(6, [1, i32, 0] + op(.i32Const, 0))
    expectRefused(module, .malformed, "unexpected end of section or function")
  }

  /// Tables are made before the module's own globals, so only imported ones are visible.
  @Test func globalInATablesInitializer() {
    let table: [UInt8] = [0x40, 0x00, funcref, 0, 1] + op(.globalGet, 0) + [end]
    let module = ModuleBytes().section(4, items: [table])
      .section(6, items: [[funcref, 0] + op(.refNull, funcref) + [end]])
    expectRefused(module, .invalid, "unknown global 0")
  }
}
