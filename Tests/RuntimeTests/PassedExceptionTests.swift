// Exceptions that leave a guest which a host function called: they go on in the guest that called
// the host, and no Swift frame is skipped.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

/// A host function `host.call`, of type `[] -> []`, that calls `target` and stops with what that
/// throws.
private final class Passage {
  unowned let store: Store
  /// Where `target` is called; another store than the function's in one test.
  var callee: Store
  var target: Function?
  private(set) var entered = 0
  private(set) var left = 0

  init(_ store: Store) throws {
    self.store = store
    callee = store
    store.keepAlive(self)
  }

  var definition: HostFunctionDefinition {
    HostFunctionDefinition(
      module: "host", name: "call", type: FunctionType(),
      function: { environment, _ in
        Unmanaged<Passage>.fromOpaque(environment!).takeUnretainedValue().run()
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }

  private func run() -> Int32 {
    entered += 1
    defer { left += 1 }
    do throws(InvocationError) {
      _ = try callee.invoke(target!)
      return GuestStatus.finished
    } catch {
      return store.stop(error)
    }
  }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct PassedExceptionTests {
  private let store: Store
  private let passage: Passage
  private let instance: Instance
  /// Function 0 is the import. Exports: `throw` throws 42; `trap` traps; `pass` only calls the
  /// host; `catch` calls it and returns what the exception carries; `rethrow` catches a reference
  /// and throws it again.
  private static let (tag, thrower, passer, rethrower): (UInt32, UInt32, UInt32, UInt32) =
    (0, 1, 3, 5)

  init() throws {
    var limits = Store.Limits()
    limits.collectsAlways = true
    store = try Store(limits)
    passage = try Passage(store)
    instance = try Self.instantiate(store, passage)
    passage.target = instance.function("throw")
  }

  private static func instantiate(_ store: Store, _ passage: Passage) throws -> Instance {
    let linker = Linker(store)
    try linker.define([passage.definition])
    var builder = WasmBuilder()
    let host = Int(builder.importFunction("host", "call", [], []))
    let tag = builder.tag([.i32])
    _ = builder.function([], [], export: "throw", .i32(42) + Code(.throw, Int(tag)))
    _ = builder.function([], [], export: "trap", Code(.unreachable))
    _ = builder.function([], [], export: "pass", Code(.call, host))
    _ = builder.function(
      [], [.i32], export: "catch",
      .structured(
        .block, .i32,
        .tryTable([CatchClause(.catch, tag: tag, label: 0)], Code(.call, host)) + .i32(0)))
    _ = builder.function(
      [], [], export: "rethrow",
      .structured(
        .block, .exnref,
        .tryTable([CatchClause(.catchAllRef, label: 0)], Code(.call, host)) + Code(.unreachable))
        + Code(.throwRef))
    return try linker.instantiate(builder)
  }

  @Test func isCaughtBehindTheHost() throws {
    for round in 1...50 {
      #expect(try instance.call("catch") == [.i32(42)])
      #expect(passage.entered == round && passage.left == round)
    }
  }

  /// The guest calls the host, which calls a guest that calls the host, …: each lets it pass.
  @Test func passesManyHosts() throws {
    let outer = try Passage(store)
    let second = try Self.instantiate(store, outer)
    outer.target = instance.function("pass")
    #expect(throws: InvocationError.self) { try second.call("pass") }
    // The tags of two instances are two, so that this one does not catch the other's.
    let trap = try #require(try second.trap("catch"))
    #expect(trap.code == .uncaughtException)
    #expect(trap.tag?.code === instance.code)
    #expect(trap.functionIndices == [Self.thrower, Self.passer, 4])
    outer.target = instance.function("catch")
    #expect(try second.call("pass") == [])
  }

  @Test func isToldWithAllFramesWhereNobodyCatches() throws {
    for (name, index) in [("pass", Self.passer), ("rethrow", Self.rethrower)] {
      let trap = try #require(try instance.trap(name))
      #expect(trap.code == .uncaughtException)
      #expect(trap.tag?.index == Self.tag)
      #expect(trap.exception?.tag.definition?.index == Self.tag)
      #expect(trap.functionIndices == [Self.thrower, index])
    }
    #expect(passage.entered == passage.left)
  }

  @Test func trapsAreNotCaught() throws {
    passage.target = instance.function("trap")
    #expect(try instance.trap("catch")?.code == .unreachable)
    #expect(try instance.trap("rethrow")?.code == .unreachable)
  }

  /// An exception that was caught says nothing about a later stop.
  @Test func whatWasCaughtIsOver() throws {
    _ = try instance.call("catch")
    passage.target = instance.function("trap")
    let trap = try #require(try instance.trap("pass"))
    #expect(trap.code == .unreachable)
    #expect(trap.exception == nil)
    #expect(trap.functionIndices == [2, Self.passer])
  }

  /// An object belongs to its store: for guests of another one it is a trap.
  @Test func doesNotPassIntoAnotherStore() throws {
    let other = try Store()
    let bridge = try Passage(other)
    let guest = try Self.instantiate(other, bridge)
    bridge.callee = store
    bridge.target = instance.function("throw")
    let trap = try #require(try guest.trap("rethrow"))
    #expect(trap.code == .uncaughtException)
    #expect(trap.functionIndices == [Self.thrower, Self.rethrower])
  }
}
