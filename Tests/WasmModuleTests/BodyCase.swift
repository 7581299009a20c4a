// A function body in a module that has one of everything.

import Testing

@testable import WasmModule

/// A body and how the validator takes it.
struct BodyCase: CustomTestStringConvertible, Sendable {
  var parameters: [UInt8] = []
  var results: [UInt8] = []
  /// Without the final `end`.
  var code: [UInt8]

  init(_ parameters: [UInt8] = [], _ results: [UInt8] = [], _ code: [UInt8]...) {
    self.parameters = parameters
    self.results = results
    self.code = code.flatMap { $0 }
  }

  var testDescription: String { code.map { String($0, radix: 16) }.joined(separator: " ") }

  /// Types: 0 the body's, 1 [i32] -> [i64], 2 [] -> [i32 i64], 3 [i64 i32] -> [i32], 4 [] -> [].
  /// Functions: 0 an import of type 1; 1 the body; 2 of type 4, which a reference is made of; 3 of
  /// type 4, of which none is. Tables: functions, externals. Two memories. Globals: constant i32,
  /// variable i64. Element segments: functions, externals. One data segment.
  var module: ModuleBytes {
    ModuleBytes()
      .types(
        functionType(parameters, results), functionType([i32], [i64]),
        functionType([], [i32, i64]), functionType([i64, i32], [i32]), functionType()
      )
      .section(2, items: [encoded("m") + encoded("f") + [0, 1]])
      .functions(0, 4, 4)
      .section(4, items: [[funcref, 0, 4], [externref, 0, 4]])
      .section(5, items: [[0, 1], [0, 1]])
      .section(
        6, items: [[i32, 0] + op(.i32Const, 0) + [end], [i64, 1] + op(.i64Const, 0) + [end]]
      )
      .section(9, items: [[1, 0, 1, 2], [5, externref, 0]])
      .section(12, [1])
      .code(body(code + [end]), body([end]), body([end]))
      .section(11, items: [[1, 0]])
  }
}
