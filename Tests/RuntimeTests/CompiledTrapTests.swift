// Every trap of compiled code: its reason, its message, its backtrace.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledTrapTests {
  private let linker: Linker

  init() throws { linker = Linker(try Store()) }

  /// A body that traps when it is called with `arguments`.
  struct Case: @unchecked Sendable, CustomTestStringConvertible {
    let name: String
    let code: TrapCode
    let message: String
    var parameters: [ValueType] = []
    var results: [ValueType] = []
    var arguments: [Value] = []
    let body: @Sendable () -> Code

    var testDescription: String { name }
  }

  private static func binary(
    _ name: String, _ code: TrapCode, _ message: String, _ opcode: Opcode, _ type: ValueType,
    _ left: Value, _ right: Value
  ) -> Case {
    Case(
      name: name, code: code, message: message, parameters: [type, type], results: [type],
      arguments: [left, right]
    ) { .local(0) + .local(1) + Code(opcode) }
  }

  private static let outOfBounds = "out of bounds memory access"
  private static let tableOutOfBounds = "out of bounds table access"

  private static let cases: [Case] = [
    Case(name: "unreachable", code: .unreachable, message: "unreachable") { Code(.unreachable) },
    binary(
      "i32.div_s by 0", .integerDivideByZero, "integer divide by zero", .i32DivS, .i32, .i32(1),
      .i32(0)),
    binary(
      "i64.rem_u by 0", .integerDivideByZero, "integer divide by zero", .i64RemU, .i64, .i64(1),
      .i64(0)),
    binary(
      "i32.div_s overflow", .integerOverflow, "integer overflow", .i32DivS, .i32, .int(.min),
      .int(-1)),
    binary(
      "i64.div_s overflow", .integerOverflow, "integer overflow", .i64DivS, .i64, .i64(1 << 63),
      .i64(.max)),
    Case(
      name: "i32.trunc of NaN", code: .invalidConversionToInteger,
      message: "invalid conversion to integer", parameters: [.f64], results: [.i32],
      arguments: [.double(.nan)]
    ) { .local(0) + Code(.i32TruncF64S) },
    Case(
      name: "i64.trunc of 2^63", code: .integerOverflow, message: "integer overflow",
      parameters: [.f32], results: [.i64], arguments: [.float(0x1p63)]
    ) { .local(0) + Code(.i64TruncF32S) },
    Case(
      name: "i32.load", code: .memoryOutOfBounds, message: outOfBounds, parameters: [.i32],
      results: [.i32], arguments: [.i32(65_533)]
    ) { .local(0) + Code(.i32Load, 2, 0) },
    Case(
      name: "i64.load far out", code: .memoryOutOfBounds, message: outOfBounds,
      parameters: [.i32], results: [.i64], arguments: [.int(-1)]
    ) { .local(0) + Code(.i64Load, 0, 0xFFFF_FFFF) },
    Case(
      name: "load without use", code: .memoryOutOfBounds, message: outOfBounds,
      parameters: [.i32], arguments: [.i32(65_536)]
    ) { .local(0) + Code(.i32Load8U, 0, 0) + Code(.drop) },
    Case(
      name: "i32.store", code: .memoryOutOfBounds, message: outOfBounds, parameters: [.i32],
      arguments: [.i32(65_534)]
    ) { .local(0) + .i32(1) + Code(.i32Store, 0, 0) },
    Case(
      name: "memory.copy", code: .memoryOutOfBounds, message: outOfBounds, parameters: [.i32],
      arguments: [.i32(2)]
    ) { .i32(65_535) + .i32(0) + .local(0) + Code(.memoryCopy, 0, 0) },
    Case(
      name: "memory.fill", code: .memoryOutOfBounds, message: outOfBounds, parameters: [.i32],
      arguments: [.int(-1)]
    ) { .i32(1) + .i32(0) + .local(0) + Code(.memoryFill, 0) },
    Case(
      name: "table.get", code: .tableOutOfBounds, message: tableOutOfBounds, parameters: [.i32],
      results: [.funcref], arguments: [.i32(2)]
    ) { .local(0) + Code(.tableGet, 0) },
    Case(
      name: "table.set", code: .tableOutOfBounds, message: tableOutOfBounds, parameters: [.i32],
      arguments: [.i32(2)]
    ) { .local(0) + .refNull(.function) + Code(.tableSet, 0) },
    Case(
      name: "table.fill", code: .tableOutOfBounds, message: tableOutOfBounds, parameters: [.i32],
      arguments: [.i32(2)]
    ) { .i32(1) + .refNull(.function) + .local(0) + Code(.tableFill, 0) },
    // The suite's words for an index outside of the table are "undefined element".
    Case(
      name: "call_indirect outside", code: .tableOutOfBounds, message: tableOutOfBounds,
      parameters: [.i32], arguments: [.i32(2)]
    ) { .local(0) + Code(.callIndirect, 0, 0) },
    Case(
      name: "call_indirect of null", code: .uninitializedElement,
      message: "uninitialized element", parameters: [.i32], arguments: [.i32(0)]
    ) { .local(0) + Code(.callIndirect, 0, 0) },
    Case(
      name: "call_indirect of another type", code: .indirectCallTypeMismatch,
      message: "indirect call type mismatch", parameters: [.i32], arguments: [.i32(1)]
    ) { .local(0) + Code(.callIndirect, 0, 0) },
  ]

  /// Function 1 is `body`; "through" calls it by way of a table, which LLVM cannot see through.
  @Test(arguments: cases, [true, false]) func trap(_ trap: Case, passParameters: Bool) throws {
    var builder = WasmBuilder()
    let nothing = builder.type([], [])
    #expect(nothing == 0)
    _ = builder.memory(Limits(minimum: 1, maximum: 2))
    _ = builder.table(.funcref, Limits(minimum: 2, maximum: 2))
    let dispatch = builder.table(.funcref, Limits(minimum: 1))
    let other = builder.function([.f64], [], Code(.nop))
    _ = builder.elements([other], at: .i32(1))
    let function = builder.function(trap.parameters, trap.results, export: "trap", trap.body())
    _ = builder.elements([function], at: .i32(0), table: dispatch)
    let pass = trap.parameters.indices.reduce(Code()) { $0 + .local($1) }
    let type = Int(builder.type(trap.parameters, trap.results))
    let through = builder.function(
      trap.parameters, trap.results, export: "through",
      pass + .i32(0) + Code(.callIndirect, type, Int(dispatch))
        + trap.results.reduce(Code()) { code, _ in code + Code(.nop) })
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    for name in ["trap", "through", "trap"] {
      let seen = try #require(
        try instance.trap(name, trap.arguments), "\(trap.name) returned")
      #expect(seen.code == trap.code)
      #expect("\(seen)" == trap.message)
      // The call in `through` is in tail position; its frame may be gone.
      #expect(seen.functionIndices.first == function)
      #expect(
        seen.functionIndices.dropFirst().allSatisfy { $0 == through && name == "through" })
    }
  }
}
