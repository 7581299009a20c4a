// Which functions are inlined.

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
    // 2 calls 1 twice, and gets two copies of it.
    #expect(
      try inlined([(40, []), (30, [1, 1]), (50, [1])], byteLimit: 100) == [true, false, true])
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
    #expect(try program([(5, [0])]).inliningPlan(byteLimit: 100).isInlined(0) == false)
  }

  @Test func bodiesThatMakeTailCallsAreNotInlined() throws {
    var builder = WasmBuilder()
    let callee = builder.function([], [], Code(.nop))
    let jumper = builder.function([], [], Code(.returnCall, Int(callee)))
    let plan = try TestProgram(builder).inliningPlan(byteLimit: 100)
    #expect(plan.isInlined(callee))
    #expect(!plan.isInlined(jumper))
  }
}
