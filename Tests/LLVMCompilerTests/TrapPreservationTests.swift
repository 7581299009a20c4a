// Loads whose value nobody needs still trap; those whose value is needed stay ordinary loads.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct TrapPreservationTests {
  /// An i32 load at the address in local 0.
  private static let load = Code.local(0) + Code(.i32Load, 2, 0)

  /// A way of not needing the loaded value.
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let body: Code
    init(_ description: String, _ body: Code) {
      self.description = description
      self.body = body
    }
  }

  static let idle = [
    Case("dropped", load + Code(.drop)),
    Case("kept in a local", load + Code(.localSet, 1)),
    Case("computed with", load + .i32(7) + Code(.i32Mul) + .i32(3) + Code(.i32Add) + Code(.drop)),
    Case("compared", load + .i32(7) + Code(.i32LtU) + Code(.drop)),
    Case("anded with 0", load + .i32(0) + Code(.i32And) + Code(.call, 1)),
    Case("multiplied by 0", .i32(0) + load + Code(.i32Mul) + Code(.call, 1)),
    Case("ored with -1", load + .i32(-1) + Code(.i32Or) + Code(.call, 1)),
    Case(
      "subtracted from itself",
      load + Code(.localTee, 1) + .local(1) + Code(.i32Sub) + Code(.call, 1)),
    Case("tested for nothing", load + .structured(.if, nil)),
    Case("branched on to nowhere", .structured(.block, nil, load + Code(.brIf, 0))),
    Case(
      "choosing between equals",
      load + .structured(.if, .i32, .i32(5), Code(.else), .i32(5)) + Code(.call, 1)),
    Case(
      "running in circles",
      .structured(
        .loop, nil,
        load + .local(1) + Code(.i32Add) + Code(.localSet, 1) + .local(2) + .i32(1)
          + Code(.i32Add) + Code(.localTee, 2) + .i32(9) + Code(.i32LtU) + Code(.brIf, 0))),
    Case("the dropped result of a call", .local(0) + Code(.call, 2) + Code(.drop)),
    Case("an argument nobody reads", load + Code(.call, 1)),
    Case(
      "needed on the other way",
      load + Code(.localSet, 1) + .local(0) + Code(.i32Eqz)
        + .structured(.if, nil, .local(1) + .i32(3) + Code(.i32Mul) + Code(.call, 1))),
    Case(
      "needed in the last round",
      .structured(
        .loop, nil,
        load + Code(.localSet, 1) + .i32(16) + Code(.localSet, 0) + .local(2) + .i32(1)
          + Code(.i32Add) + Code(.localTee, 2) + .i32(9) + Code(.i32LtU) + Code(.brIf, 0))
        + .i32(0) + .local(1) + Code(.i32Store, 2, 0)),
    Case(
      "selected against",
      load + .i32(5) + .local(0) + Code(.i32Eqz) + Code(.select) + Code(.call, 1)),
    Case(
      "selected against and stored",
      .i32(0) + load + .i32(5) + .local(0) + Code(.i32Eqz) + Code(.select) + Code(.i32Store, 2, 0)),
    Case("put back", .local(0) + load + Code(.i32Store, 2, 0)),
    Case(
      "stored over",
      .i32(8) + load + Code(.i32Store, 2, 0) + .i32(8) + .i32(1) + Code(.i32Store, 2, 0)),
  ]

  /// A module whose export `run` takes an address. Function 1 does nothing with its parameter, 2
  /// loads from it.
  private func program(_ body: Code, results: [ValueType] = [], level: Int = 2) throws
    -> TestProgram
  {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.function([.i32], results, locals: [.i32, .i32], export: "run", body)
    _ = builder.function([.i32], [], Code())
    _ = builder.function([.i32], [.i32], Self.load)
    var options = CodegenOptions()
    options.optimizationLevel = level
    return try TestProgram(builder, options: options)
  }

  @Test(arguments: idle, [1, 2, 3]) func idleLoadTraps(_ idle: Case, level: Int) throws {
    let program = try program(idle.body, level: level)
    #expect(try trapCode { try program.call("run", .i32(65_532)) } == nil)
    #expect(try trapCode { try program.call("run", .i32(65_533)) } == .memoryOutOfBounds)
  }

  // MARK: What is needed is left alone.

  private static let needed = [
    Case("returned", load),
    Case("stored", .i32(0) + load + Code(.i32Store, 2, 0) + .i32(0)),
    Case("an address", load + Code(.i32Load, 2, 0)),
    Case(
      "needed on either way",
      load + Code(.localSet, 1) + .local(0)
        + .structured(
          .if, .i32, .local(1) + .i32(3) + Code(.i32Mul), Code(.else),
          .local(1) + .i32(1) + Code(.i32Add))),
    Case(
      "stored, read and stored over",
      .i32(8) + load + Code(.i32Store, 2, 0) + .i32(8) + Code(.i32Load, 2, 0) + .i32(8) + .i32(1)
        + Code(.i32Store, 2, 0)),
    Case(
      "the greater one",
      load + Code(.localTee, 1) + .local(0) + .local(1) + .local(0) + Code(.i32GtS) + Code(.select)),
    Case("branched on", load + .structured(.if, .i32, .i32(5), Code(.else), .i32(6))),
    Case(
      "summed up in a loop",
      // Two values that depend on each other around the loop, and only one is returned.
      load + Code(.localSet, 1)
        + .structured(
          .loop, nil,
          load + .local(1) + Code(.i32Add) + Code(.localSet, 1) + .local(2) + .i32(1)
            + Code(.i32Add) + Code(.localTee, 2) + .i32(9) + Code(.i32LtU) + Code(.brIf, 0))
        + .local(1)),
  ]

  @Test(arguments: needed) func neededLoadIsOrdinary(_ needed: Case) throws {
    let text = try program(needed.body, results: [.i32]).preparedText()
    #expect(text.count(of: "load volatile") == 0)
    #expect(text.count(of: "load i32") > 0)
  }

  /// A call stays, though all that it does is to load.
  @Test(arguments: [1, 2, 3]) func callThatOnlyLoadsStays(level: Int) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let filler = (0..<100).reduce(Self.load) { code, _ in
      code + .i32(5) + Code(.i32Xor) + .i32(3) + Code(.i32Rotl)
    }
    _ = builder.function([.i32], [.i32], filler)
    _ = builder.function([.i32], [], export: "run", .local(0) + Code(.call, 0) + Code(.drop))
    var options = CodegenOptions()
    options.optimizationLevel = level
    let program = try TestProgram(builder, options: options)
    #expect(InliningPlan(program.program).isInlined(0) == false)
    #expect(try trapCode { try program.call("run", .i32(65_533)) } == .memoryOutOfBounds)
  }
}
