// Exceptions in compiled code: how they end where nobody catches them, and what becomes of their
// memory. What they compute is in Tests/Fixtures/wast/exceptions.wast.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized, .timeLimit(.minutes(1))) struct CompiledExceptionTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  /// Nobody catches: the tag, and the whole way from the throw, also where a pad on the way looked
  /// at the exception.
  @Test(arguments: [true, false]) func uncaught(passParameters: Bool) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 4))
    let type = Int(builder.type([.i32], []))
    let other = builder.tag([])
    let thrown = builder.tag([.i32])
    // Through the table, so that none is inlined.
    func step(_ next: Int) -> Code { .local(0) + .i32(Int32(next)) + Code(.callIndirect, type, 0) }
    let last = builder.function([.i32], [], .local(0) + Code(.throw, Int(thrown)))
    let catching = builder.function(
      [.i32], [],
      .structured(.block, nil, .tryTable([CatchClause(.catch, tag: other, label: 0)], step(0))))
    let middle = builder.function([.i32], [], step(1))
    let first = builder.function([.i32], [], export: "first", step(2))
    _ = builder.elements([last, catching, middle, first], at: .i32(0))
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    for _ in 0..<2 {
      let trap = try #require(try instance.trap("first", .i32(1)))
      #expect(trap.code == .uncaughtException)
      #expect("\(trap)" == "uncaught exception")
      #expect(trap.tag?.index == thrown)
      #expect(trap.tag?.code === instance.code)
      #expect(trap.functionIndices == [last, catching, middle, first])
    }
  }

  /// A function that throws and catches a reference `n` times, keeping only the last.
  private func loopOfReferences(_ builder: inout WasmBuilder) -> UInt32 {
    let tag = builder.tag([.i64])
    let thrower = builder.function([], [], .i64(7) + Code(.throw, Int(tag)))
    let kept = builder.global(.exnref, isMutable: true, .refNull(.exception))
    return builder.function(
      [.i32], [], export: "loop",
      .structured(
        .loop, nil,
        .structured(
          .block, .exnref,
          .tryTable([CatchClause(.catchAllRef, label: 0)], Code(.call, Int(thrower)))
            + Code(.unreachable)) + Code(.globalSet, Int(kept)) + .local(0) + .i32(1)
          + Code(.i32Sub) + Code(.localTee, 0) + Code(.brIf, 0)))
  }

  @Test func unreachableExceptionsAreFreed() throws {
    var builder = WasmBuilder()
    _ = loopOfReferences(&builder)
    let instance = try linker.instantiate(builder)
    _ = try instance.call("loop", .i32(200_000))
    #expect(store.collectionCount > 0)
    store.collectGarbage()
    // The one in the global.
    #expect(store.heapByteCount < 256)
  }

  /// Exceptions that the host has seen stay, and so does what they carry.
  @Test func exceptionsOfTheHostStay() throws {
    var builder = WasmBuilder()
    _ = loopOfReferences(&builder)
    let inner = builder.tag([.i32])
    let outer = builder.tag([.exnref])
    let make = { (tag: UInt32, payload: Code) in
      Code.structured(
        .block, .exnref,
        .tryTable([CatchClause(.catchAllRef, label: 0)], payload + Code(.throw, Int(tag)))
          + Code(.unreachable))
    }
    _ = builder.function([], [.exnref], export: "make", make(outer, make(inner, .i32(42))))
    // Catches the outer one, throws what it carries, and catches that.
    _ = builder.function(
      [.exnref], [.i32], export: "open",
      .structured(
        .block, .i32,
        .tryTable(
          [CatchClause(.catch, tag: inner, label: 0)],
          .structured(
            .block, .exnref,
            .tryTable(
              [CatchClause(.catch, tag: outer, label: 0)], .local(0) + Code(.throwRef))
              + Code(.unreachable)) + Code(.throwRef)) + Code(.unreachable)))
    let instance = try linker.instantiate(builder)
    let kept = try instance.call("make")
    guard case .exception(let exception?) = kept[0] else {
      Issue.record("no exception")
      return
    }
    #expect(exception.tag.definition?.index == outer)
    _ = try instance.call("loop", .i32(100_000))
    store.collectGarbage()
    #expect(try instance.call("open", kept[0]) == [.i32(42)])
    #expect(try instance.trap("open", .exception(nil))?.code == .nullReference)
  }

  /// Where little stack is left the throw ends as a trap; nothing runs over the guard.
  @Test func throwingAtTheEndOfTheStack() throws {
    var builder = WasmBuilder()
    let tag = builder.tag([.i32])
    let dive = builder.function(
      [], [], export: "dive",
      .structured(
        .block, .i32,
        .tryTable(
          [CatchClause(.catch, tag: tag, label: 0)],
          Code(.call, 0) + .i32(1)
            + Code(.throw, Int(tag))) + .i32(0)) + Code(.drop))
    #expect(dive == 0)
    let instance = try linker.instantiate(builder)
    for _ in 0..<2 { #expect(try instance.trap("dive")?.code == .stackExhausted) }
  }

  /// Tags of the host can be imported; each is one of its own.
  @Test func tagsOfTheHost() throws {
    let type = FunctionType(parameters: [.i32])
    linker.define("host", "a", .tag(try store.makeTag(type)))
    linker.define("host", "b", .tag(try store.makeTag(type)))
    var builder = WasmBuilder()
    let tags = ["a", "b"].map { builder.importTag("host", $0, [.i32]) }
    let thrower = builder.function([], [], .i32(5) + Code(.throw, Int(tags[1])))
    for (name, tag) in zip(["a", "b"], tags) {
      _ = builder.function(
        [], [.i32], export: name,
        .structured(
          .block, .i32,
          .tryTable([CatchClause(.catch, tag: tag, label: 0)], Code(.call, Int(thrower)))
            + .i32(0)))
    }
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("b") == [.i32(5)])
    let trap = try #require(try instance.trap("a"))
    #expect(trap.code == .uncaughtException && trap.tag == nil)

    var wrong = WasmBuilder()
    _ = wrong.importTag("host", "a", [.i64])
    #expect(throws: InstantiationError.self) { try linker.instantiate(wrong) }
  }
}
