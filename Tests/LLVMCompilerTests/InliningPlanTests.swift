// Which functions are inlined, and which bodies a unit takes from others for it.

import CompilerInterface
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct InliningPlanTests {
  /// A body of about `byteCount` bytes that calls `callees`.
  private func body(byteCount: Int, calling callees: [Int]) -> Code {
    let calls = callees.reduce(Code()) { $0 + Code(.call, $1) }
    return (0..<byteCount).reduce(calls) { code, _ in code + Code(.nop) }
  }

  /// A module of functions of type `[] -> []`, after one import.
  private func program(_ bodies: [(byteCount: Int, callees: [Int])]) throws -> TestProgram {
    var builder = WasmBuilder()
    _ = builder.importFunction("host", "f", [], [])
    for entry in bodies {
      _ = builder.function([], [], body(byteCount: entry.byteCount, calling: entry.callees))
    }
    return try TestProgram(builder)
  }

  private func inlined(
    _ bodies: [(byteCount: Int, callees: [Int])], byteLimit: Int
  ) throws -> [Bool] {
    let plan = try program(bodies).inliningPlan(byteLimit: byteLimit)
    return bodies.indices.map { plan.isInlined(UInt32($0 + 1)) }
  }

  @Test func sizeDecides() throws {
    #expect(try inlined([(5, []), (200, [])], byteLimit: 100) == [true, false])
  }

  @Test func whatIsInlinedCounts() throws {
    // 2 calls 1 twice: each callee counts once, for its copies are simplified together.
    #expect(
      try inlined([(60, []), (30, [1, 1]), (60, [1])], byteLimit: 100) == [true, true, false])
    // A callee that is not inlined adds only its call.
    #expect(try inlined([(200, []), (60, [1])], byteLimit: 100) == [false, true])
  }

  @Test func recursionIsNotInlined() throws {
    #expect(try inlined([(5, [1])], byteLimit: 100) == [false])
    // One of the two breaks the cycle, and is inlined into nothing; the other can be.
    #expect(try inlined([(5, [2]), (5, [1])], byteLimit: 100) == [true, false])
    #expect(try inlined([(5, [2]), (5, [1]), (5, [2])], byteLimit: 100) == [true, false, true])
  }

  @Test func importsAreNotInlined() throws {
    let plan = try program([(5, [0])]).inliningPlan(byteLimit: 100)
    #expect(plan.copies(for: [1]) == [])
  }

  @Test func copiesOfCopies() throws {
    // 1 <- 2 <- 3, and 4, which is too large.
    let program = try program([(5, []), (5, [1]), (200, [2, 4]), (200, [])])
    let plan = try program.inliningPlan(byteLimit: 100)
    #expect(plan.copies(for: [3]) == [1, 2])
    #expect(plan.copies(for: [2, 3]) == [1])
    #expect(plan.copies(for: [1]) == [])
  }

  /// The copies are for inlining only: their code is in their own unit.
  @Test func copiesAreNotCompiledTwice() throws {
    let program = try program([(5, []), (200, [1])])
    let objects = try program.objects(
      [Unit(functions: [1]), Unit(functions: [2])], inlining: 100)
    let defined = objects.map { object in
      object.symbols.compactMap { symbol -> UInt32? in
        if symbol.definition != nil, case .function(let index) = symbol.name { index } else { nil }
      }
    }
    #expect(defined == [[1], [2], []])
  }
}
