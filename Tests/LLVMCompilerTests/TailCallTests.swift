// Calls: those in tail position that ask for it are jumps, all others are calls.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite struct TailCallTests {
  private static let depth: Int32 = 2_000_000

  /// A function that counts its first parameter down, calling itself and another one of other type
  /// in turn; the parameters of the second go through the argument area, too.
  private func counter(vectors: Bool) throws -> TestProgram {
    var builder = WasmBuilder()
    let many = [ValueType](repeating: .i32, count: 14) + [vectors ? .v128 : .f64]
    let padding = (1..<14).reduce(Code()) { code, number in code + .i32(Int32(number)) }
    let last = vectors ? Code.v128(low: 1, high: 2) : .f64(0.5)
    let zero = Code.local(0) + Code(.i32Eqz)
    let minusOne = Code.local(0) + .i32(1) + Code(.i32Sub)
    _ = builder.function(
      [.i32], [.i32], export: "few",
      zero + .structured(.if, nil, .i32(7) + Code(.return)) + minusOne + padding + last
        + Code(.returnCall, 1))
    _ = builder.function(
      many, [.i32], export: "many",
      zero + .structured(.if, nil, .local(13) + Code(.return)) + minusOne + Code(.returnCall, 0))
    return try TestProgram(builder)
  }

  @Test(arguments: [false, true]) func betweenDifferentTypes(vectors: Bool) throws {
    let program = try counter(vectors: vectors)
    #expect(try program.call("few", .i32(UInt32(Self.depth))) == [.i32(7)])
    #expect(try program.call("few", .i32(UInt32(Self.depth + 1))) == [.i32(13)])
  }

  /// An ordinary call in tail position takes stack: runaway recursion must end.
  @Test(arguments: [1, 2, 3]) func runawayRecursionEnds(level: Int) throws {
    var builder = WasmBuilder()
    _ = builder.function([.i32], [.i32], export: "run", .local(0) + Code(.call, 1))
    _ = builder.function([.i32], [.i32], .local(0) + .i32(1) + Code(.i32Add) + Code(.call, 0))
    var options = CodegenOptions()
    options.optimizationLevel = level
    let program = try TestProgram(builder, options: options)
    #expect(try trapCode { try program.call("run", .i32(0)) } == .stackExhausted)
  }

  /// Through a table, between types whose parameters differ.
  @Test func throughATable() throws {
    var builder = WasmBuilder()
    let limits = Limits(minimum: 1)
    let table = builder.table(.funcref, limits)
    let other = builder.type([.i32, .f64], [.i32])
    _ = builder.function(
      [.i32], [.i32], export: "run",
      .local(0) + .f64(1) + .i32(0) + Code(.returnCallIndirect, Int(other), Int(table)))
    let callee = builder.function(
      [.i32, .f64], [.i32],
      .local(0) + Code(.i32Eqz) + .structured(.if, nil, .i32(3) + Code(.return))
        + .local(0) + .i32(1) + Code(.i32Sub) + Code(.returnCall, 0))
    _ = builder.elements([callee], at: .i32(0))
    #expect(
      try TestProgram(builder).call("run", .i32(UInt32(Self.depth))) == [.i32(3)])
  }
}
