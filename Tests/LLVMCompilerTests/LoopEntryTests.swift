// Functions that are entered at the head of a loop, with the locals that baseline code had there.

import CompileService
import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct LoopEntryTests {
  /// `[i64 n, i64 start] -> [i64]`: with locals `i` (i64), `sum` (i64) and `scale` (f64, 2.0 once the
  /// first loop is over): while i < n { sum += 3 * i; i += 1 }, then the same again for `sum += 5`
  /// while i < 2 n, an inner loop of 10 rounds each time; the sum, plus the scale.
  private func sums() -> Code {
    let (n, i, sum, inner, scale) = (0, 2, 3, 4, 5)
    func increment(_ local: Int, by value: Code) -> Code {
      .local(local) + value + Code(.i64Add) + Code(.localSet, local)
    }
    let first = Code.structured(
      .loop, nil,
      increment(sum, by: .local(i) + .i64(3) + Code(.i64Mul)) + increment(i, by: .i64(1))
        + .local(i) + .local(n) + Code(.i64LtU) + Code(.brIf, 0))
    let innermost = Code.structured(
      .loop, nil,
      increment(sum, by: .i64(5)) + increment(inner, by: .i64(1)) + .local(inner) + .i64(10)
        + Code(.i64LtU) + Code(.brIf, 0))
    let second = Code.structured(
      .loop, nil,
      .i64(0) + Code(.localSet, inner) + innermost + increment(i, by: .i64(1))
        + .local(i) + .local(n) + .i64(2) + Code(.i64Mul) + Code(.i64LtU) + Code(.brIf, 0))
    return first + .f64(2) + Code(.localSet, scale) + second + .local(sum) + .local(scale)
      + Code(.i64TruncF64U) + Code(.i64Add)
  }

  private static func sums(n: UInt64, i: UInt64, sum: UInt64) -> (sum: UInt64, i: UInt64) {
    var (i, sum) = (i, sum)
    repeat {
      sum += 3 * i
      i += 1
    } while i < n
    return (sum, i)
  }

  /// The rest from the second loop on.
  private static func rest(n: UInt64, i: UInt64, sum: UInt64, inner: UInt64 = 0) -> UInt64 {
    var (i, sum, inner) = (i, sum, inner)
    repeat {
      repeat {
        sum += 5
        inner += 1
      } while inner < 10
      inner = 0
      i += 1
    } while i < 2 * n
    return sum
  }

  private func program() throws -> TestProgram {
    var builder = WasmBuilder()
    _ = builder.type([], [.i64])
    _ = builder.function(
      [.i64, .i64], [.i64], locals: [.i64, .i64, .i64, .f64], sums())
    return try TestProgram(builder)
  }

  @Test(arguments: [0, 1, 2]) func enteredAtEachLoop(place: Int) throws {
    let region = try TierRegion(try program())
    let shared = region.shared
    region.ask(loop: 4, function: 0, place: place)
    let code = region.layout.loops + 4 * CodeRegionLayout.loopByteCount
    let status = try region.tierUp(work: nil) {
      #expect(eventually { shared.regionWord(code).value64 != 0 })
    }
    #expect(status == 0)
    for (index, value) in [100, 0, 40, 7_000, 6, (3.0).bitPattern].enumerated() {
      region.area.storeBytes(of: value, toByteOffset: index * 16, as: UInt64.self)
    }
    let result = try region.call(region.loopCode(4), type: 0)
    switch place {
    case 0:
      let first = Self.sums(n: 100, i: 40, sum: 7_000)
      #expect(result == Self.rest(n: 100, i: first.i, sum: first.sum) + 2)
    case 1: #expect(result == Self.rest(n: 100, i: 40, sum: 7_000) + 3)
    default: #expect(result == Self.rest(n: 100, i: 40, sum: 7_000, inner: 6) + 3)
    }
    #expect(region.log.map(\.function) == [0])
    #expect(region.text + UInt64(region.log[0].start) == region.loopCode(4))
  }

  // MARK: What cannot be entered.

  private func compiles(_ place: Int, _ body: Code, locals: [ValueType] = [.i32]) throws -> Bool {
    var builder = WasmBuilder()
    let tag = builder.tag([])
    precondition(tag == 0)
    _ = builder.function([.i32], [.i32], locals: locals, body)
    let program = try TestProgram(builder)
    TargetMachine.initializeBackend()
    let compiler = UnitCompiler(
      program: program.program, inlining: program.inliningPlan(byteLimit: 0))
    let target = try TargetMachine(program.program.options)
    return try compiler.compileLoop(place, of: 0, as: .other("loop0"), target) != nil
  }

  private let loop = Code.structured(
    .loop, nil,
    .local(0) + .i32(1) + Code(.i32Sub) + Code(.localTee, 0) + Code(.brIf, 0))

  @Test func loopsThatMoreThanLocalsFlowInto() throws {
    #expect(try compiles(0, loop + .local(0)))
    #expect(try !compiles(1, loop + .local(0)))
    #expect(try !compiles(0, .local(0) + loop))
    #expect(
      try !compiles(
        0, .structured(.try, nil, Code(.throw, 0) + Code(.catch, 0) + loop) + .local(0)))
  }

  /// Loops in code that is never reached count, too.
  @Test func unreachableLoops() throws {
    let dead = Code.structured(.block, nil, Code(.br, 0) + loop)
    #expect(try !compiles(0, dead + loop + .local(0)))
    #expect(try compiles(1, dead + loop + .local(0)))
  }

  @Test func moreLocalsThanTheAreaHolds() throws {
    let most = CallingConvention.maximumArity - 1
    #expect(try compiles(0, loop + .local(0), locals: Array(repeating: .i64, count: most)))
    #expect(try !compiles(0, loop + .local(0), locals: Array(repeating: .i64, count: most + 1)))
  }

  /// A call within a `try_table` around the loop has its landing pad.
  @Test func loopWithinAHandler() throws {
    let body = Code.structured(
      .block, nil,
      .tryTable(
        [CatchClause(.catchAll, tag: nil, label: 0)],
        .structured(
          .loop, nil,
          .local(0) + Code(.call, 0) + Code(.brIf, 0))))
    #expect(try compiles(0, body + .local(0)))
  }
}
