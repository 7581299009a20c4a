// Better code while a program runs: what is published runs, and what is left can be gone on from.

import CompileService
import CompilerInterface
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct TierUpTests {
  /// `f0(n) = n < 2 ? 1 : f1(n - 1) * n`, `f1` the same with `f0`, too large to be inlined, then `f2`
  /// of the same type that needs constants of 16 bytes, and `f3` that yields its argument.
  private func program() throws -> TestProgram {
    var builder = WasmBuilder()
    let ballast = (0..<80).reduce(Code()) { code, number in
      code + .i64(Int64(number)) + Code(.i64Add) + .i64(3) + Code(.i64Xor)
    }
    for callee in [1, 0] {
      _ = builder.function(
        [.i64], [.i64], export: "f\(1 - callee)",
        .local(0) + .i64(2) + Code(.i64LtU)
          + .structured(
            .if, .i64, .i64(1), Code(.else),
            .local(0) + ballast + Code(.drop) + .local(0) + .i64(1) + Code(.i64Sub)
              + Code(.call, callee) + .local(0) + Code(.i64Mul)))
    }
    _ = builder.function(
      [.i64], [.i64],
      .local(0) + Code(.i64x2Splat) + .v128(low: 3, high: 5) + Code(.i64x2Mul)
        + .v128(low: 0x0123_4567_89AB_CDEF, high: 7) + Code(.v128Xor) + Code(.i64x2ExtractLane, 1))
    _ = builder.function([.i64], [.i64], .local(0))
    return try TestProgram(builder)
  }

  @Test(arguments: [1, 2]) func codeIsPublishedAndRuns(threadCount: Int) throws {
    let region = try TierRegion(try program())
    region.heat(1, 5_000)
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    let shared = region.shared
    let status = try region.tierUp(work: file, threadCount: threadCount) {
      #expect(
        eventually {
          (0..<4).allSatisfy { shared.hasCode($0) } && file.content.withUnsafeBytes { isImage($0) }
        })
    }
    #expect(status == 0)
    #expect(try region.call(region.slot(0), type: 0, 10) == 3_628_800)
    #expect(try region.call(region.slot(1), type: 0, 11) == 39_916_800)
    #expect(try region.call(region.slot(2), type: 0, 9) == 9 * 5 ^ 7)
    #expect(try region.call(region.slot(3), type: 0, 77) == 77)
    try checkLog(region, functions: [0, 1, 2, 3])
    if threadCount == 1 { #expect(region.log.first?.function == 1) }
    try checkImage(file, region.program)
  }

  @Test func breakpointsFollowTheCode() throws {
    let region = try TierRegion(try program())
    region.heat(3, 5_000)
    let shared = region.shared
    let status = try region.tierUp(work: nil) {
      #expect(eventually { shared.hasCode(3) })
    }
    #expect(status == 0)
    let text = try #require(UnsafePointer<UInt8>(bitPattern: UInt(region.text)))
    let end = region.log.map { Int($0.end) }.max() ?? 0
    #expect(end > region.layout.areas[1].lowerBound)
    // Constants may follow a function; nothing else has begun a page.
    let pageEnd = (end + 4_095) & ~4_095
    #expect((end + 256..<pageEnd).allSatisfy { text[$0] == 0xCC })
  }

  /// Every record covers the code that its function's slot leads to, and places ascend.
  private func checkLog(_ region: TierRegion, functions: Set<UInt32>) throws {
    let log = region.log
    #expect(Set(log.map(\.function)) == functions)
    #expect(log.count == functions.count)
    for (record, next) in zip(log, log.dropFirst()) { #expect(record.end <= next.start) }
    for record in log {
      #expect(region.slot(Int(record.function)) == region.text + UInt64(record.start))
      #expect(record.start < record.end)
      #expect(region.layout.areas[1].contains(Int(record.start)))
    }
  }

  /// The file holds an image that a runner can use.
  private func checkImage(_ file: FileDescriptor, _ program: TestProgram) throws {
    try file.content.withUnsafeBytes { bytes in
      let image = try CodeImageView(bytes)
      try image.verifyText()
      #expect(image.header.moduleHash == TierRegion.identity.moduleHash)
      #expect(image.header.compilerBuild == TierRegion.identity.compilerBuild)
      #expect(image.functionCount == program.program.module.definedFunctionCount)
    }
    let store = try Store()
    let instance = try Linker(store).instantiate(
      program.program.module, bytes: program.program.bytes, code: try LoadedCode(file))
    let function = try #require(instance.function("f1"))
    #expect(try store.invoke(function, [.i64(12)]) == [.i64(479_001_600)])
  }

  /// Without a file for an image, only what is hot is worth a compilation.
  @Test func withoutAWorkFile() throws {
    let region = try TierRegion(try program())
    region.heat(2, WorkOrder.hotCount)
    region.heat(3, WorkOrder.hotCount - 1)
    let shared = region.shared
    #expect(try region.tierUp(work: nil) { _ = eventually { shared.hasCode(2) } } == 0)
    #expect(try region.call(region.slot(2), type: 0, 9) == 9 * 5 ^ 7)
    try checkLog(region, functions: [2])
  }

  /// What an earlier run has finished is there at once.
  @Test func unfinishedWorkIsGoneOnWith() throws {
    let region = try TierRegion(try program())
    let objects = try region.program.objects([Unit(functions: [0, 1])], inlining: 0)
    let work = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? work.close() }
    WorkFile(work, TierRegion.identity, []).append(objects[0])
    let again = WorkFile(work, TierRegion.identity, work.content)
    _ = try TierUp(region.program.program, region.shared, TierRegion.identity, again)
    #expect((0..<4).map { region.shared.hasCode($0) } == [true, true, false, false])
    #expect(try region.call(region.slot(0), type: 0, 10) == 3_628_800)
  }

  @Test func imageOfUnfinishedWork() throws {
    let region = try TierRegion(try program())
    let objects = try region.program.objects([Unit(functions: [1])], inlining: 0)
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    WorkFile(file, TierRegion.identity, []).append(objects[0])
    let status = try region.tierUp(work: file) {
      #expect(eventually { file.content.withUnsafeBytes { isImage($0) } })
    }
    #expect(status == 0)
    try checkImage(file, region.program)
    try checkLog(region, functions: [0, 1, 2, 3])
  }

  /// Objects of other modules, of thunks, or of functions that are there, are left out.
  @Test func foreignObjects() throws {
    let region = try TierRegion(try program())
    let unit = Unit(functions: [1])
    var objects = try region.program.objects([unit, unit], inlining: 0)
    for place in objects[1].symbols.indices {
      if case .function = objects[1].symbols[place].name {
        objects[1].symbols[place].name = .function(900)
      }
    }
    let work = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? work.close() }
    let file = WorkFile(work, TierRegion.identity, [])
    for object in objects + [objects[0]] { file.append(object) }
    let again = WorkFile(work, TierRegion.identity, work.content)
    _ = try TierUp(region.program.program, region.shared, TierRegion.identity, again)
    #expect((0..<4).map { region.shared.hasCode($0) } == [false, true, false, false])
    try checkLog(region, functions: [1])
  }

  // MARK: The runner's end.

  @Test func runnerThatIsGone() throws {
    let region = try TierRegion(try program())
    let work = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? work.close() }
    #expect(try region.tierUp(work: work) {} == 0)
  }

  private func order(_ region: TierRegion, done: Bool = false) -> WorkOrder {
    WorkOrder(
      region.program.program, region.shared, done: Array(repeating: done, count: 4),
      wantsImage: true)
  }

  /// Nobody knows how long what has not begun will take; when all functions are done, their image is
  /// worth waiting for.
  @Test func whatIsWorthFinishing() throws {
    let region = try TierRegion(try program())
    #expect(!order(region).noteRunnersEnd())
    let order = order(region)
    let unit = try #require(order.next())
    guard case .unit(let functions) = unit else {
      Issue.record("not a unit")
      return
    }
    #expect(functions.functions == [0, 1, 2, 3])
    order.finish(unit, succeeded: true)
    #expect(order.noteRunnersEnd())
    #expect(order.hasWork)
    let image = try #require(order.next())
    guard case .image = image else {
      Issue.record("not the image")
      return
    }
    order.finish(image, succeeded: true)
    #expect(!order.hasWork)
    #expect(order.next() == nil)
  }

  @Test func nothingIsWorthFinishingAfterAFailure() throws {
    let region = try TierRegion(try program())
    let order = order(region)
    order.finish(try #require(order.next()), succeeded: false)
    #expect(!order.noteRunnersEnd())
    #expect(order.next() == nil)
  }

  // MARK: The order.

  /// What is small and hot comes before what is hotter and takes far longer.
  @Test func gainByCost() throws {
    let region = try TierRegion(try program())
    region.heat(0, 5_000)
    region.heat(3, 4_000)
    let order = order(region)
    for expected: UInt32 in [3, 0] {
      guard case .unit(let unit) = try #require(order.next()) else {
        Issue.record("no unit")
        return
      }
      #expect(unit.functions == [expected])
    }
  }

  /// What is in shared memory may be anything.
  @Test func loopsThatDoNotExist() throws {
    let region = try TierRegion(try program())
    // There are four functions, numbered from 0.
    region.ask(loop: 3, function: 4, place: 0)
    let ring = region.shared.requestWord(CodeRegionLayout.loopRing)
    for word in [4, 5, 1_000_000, UInt32.max] {
      ring.value32 = word
      if case .loop(let loop) = try #require(order(region).next()) { Issue.record("\(loop)") }
    }
  }

  /// What a program waits for comes first, and once.
  @Test func loopsComeFirst() throws {
    let region = try TierRegion(try program())
    region.heat(2, 100_000)
    region.ask(loop: 2, function: 1, place: 7)
    let order = order(region)
    guard case .loop(let loop) = try #require(order.next()) else {
      Issue.record("no loop")
      return
    }
    #expect(loop == LoopRequest(number: 2, function: 1, place: 7))
    guard case .unit(let hottest) = try #require(order.next()),
      case .unit(let rest) = try #require(order.next())
    else {
      Issue.record("no units")
      return
    }
    #expect(hottest.functions == [2])
    #expect(rest.functions == [0, 1, 3])
  }

  // MARK: The command line.

  private let complete = [
    "wasmrun-llvm", "tier", "--module-fd", "3", "--region-fd", "4", "--requests-fd", "5",
    "--work-fd", "6", "--life-fd", "7", "--text", "4096", "--threads", "2", "--module-hash",
    String(repeating: "0f", count: 32), "--compiler-build", String(repeating: "AB", count: 32),
    "--options", "5",
  ]

  @Test func commandLine() throws {
    let invocation = try #require(TierInvocation(complete))
    #expect(invocation.region.rawValue == 4)
    #expect(invocation.requests.rawValue == 5)
    #expect(invocation.work?.rawValue == 6)
    #expect(invocation.life.rawValue == 7)
    #expect(invocation.text == 4_096)
    #expect(invocation.threadCount == 2)
    var without = complete
    without[9] = "-1"
    #expect(try #require(TierInvocation(without)).work == nil)
  }

  @Test func wrongCommandLines() {
    for length in complete.indices { #expect(TierInvocation(Array(complete[..<length])) == nil) }
    #expect(TierInvocation(complete + ["--fast", "1"]) == nil)
    for (place, value) in [(1, "compile"), (3, "three"), (13, "-1"), (15, "0"), (17, "0f")] {
      var wrong = complete
      wrong[place] = value
      #expect(TierInvocation(wrong) == nil)
    }
  }
}

/// Whether `file` is a whole image.
private func isImage(_ file: UnsafeRawBufferPointer) -> Bool {
  guard let image = try? CodeImageView(file) else { return false }
  return (try? image.verifyText()) != nil
}
