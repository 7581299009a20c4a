// Guests that call the host that calls the guest again, and traps in there: every Swift frame
// returns normally, whatever happens to the guest's frames.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

/// Counts what was made and what was destroyed.
private final class Ledger {
  var made = 0
  var destroyed = 0

  final class Entry {
    let ledger: Ledger
    init(_ ledger: Ledger) {
      self.ledger = ledger
      ledger.made += 1
    }
    deinit { ledger.destroyed += 1 }
  }
}

/// The environment of a host function that calls the guest's function `target` and hands on what
/// that throws.
private final class Callback {
  let ledger = Ledger()
  unowned let store: Store
  var target: Function?
  var depth = 0
  var deepest = 0

  init(_ store: Store) { self.store = store }

  /// `(first, second) -> i64`: `first` further entries are made one inside the other, then `target`
  /// is called.
  var definition: HostFunctionDefinition {
    HostFunctionDefinition(
      module: "host", name: "callback", type: handMadeType,
      function: { environment, slots in
        Unmanaged<Callback>.fromOpaque(environment!).takeUnretainedValue().run(slots)
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }

  private func run(_ slots: UnsafeMutablePointer<UInt64>) -> Int32 {
    let entries = (0..<3).map { _ in Ledger.Entry(ledger) }
    depth += 1
    deepest = max(deepest, depth)
    defer { depth -= entries.count - 2 }
    do throws(InvocationError) {
      let results = try store.invoke(target!, [.i64(slots[0]), .i64(slots[1])])
      guard case .i64(let result) = results[0] else { return GuestStatus.pending }
      slots[0] = result + UInt64(entries.count)
      return GuestStatus.finished
    } catch {
      return store.stop(error)
    }
  }
}

@Suite struct NestedCallTests {
  /// Functions: 0 the import; exports "0": `body`, "1": calls the import.
  private func guest(_ body: [UInt8]) throws -> (Store, Instance, Callback) {
    let store = try Store()
    let callback = Callback(store)
    store.keepAlive(callback)
    let linker = Linker(store)
    try linker.define([callback.definition])
    var builder = WasmBuilder()
    _ = builder.importFunction("host", "callback", [.i64, .i64], [.i64])
    for index in 0..<2 {
      _ = builder.function([.i64, .i64], [.i64], export: String(index), Code(.unreachable))
    }
    let caller = HandMadeCode.call(at: try HandMadeGuest.importOffset(0, of: 1))
    let instance = try linker.instantiate(builder, bodies: [body, caller])
    callback.target = instance.function("0")
    return (store, instance, callback)
  }

  @Test func returns() throws {
    let (store, instance, callback) = try guest(HandMadeCode.add)
    #expect(try store.call(instance.function("1"), 30, 9) == 42)
    #expect(callback.ledger.made == 3)
    #expect(callback.ledger.destroyed == 3)
  }

  @Test func trapInCallbackLeaksNothing() throws {
    let (store, instance, callback) = try guest(HandMadeCode.trap(TrapCode.unreachable.rawValue))
    for round in 1...100 {
      let trap = try #require(try store.trap(instance.function("1")))
      #expect(trap.code == .unreachable)
      // The callback's frame first, then the function that called the host.
      #expect(trap.functionIndices == [1, 2])
      #expect(callback.ledger.made == 3 * round)
      #expect(callback.ledger.destroyed == 3 * round)
      #expect(callback.depth == 0)
    }
  }

  @Test func stackOverflowInCallback() throws {
    let (store, instance, callback) = try guest(HandMadeCode.recurse)
    let trap = try #require(try store.trap(instance.function("1")))
    #expect(trap.code == .stackExhausted)
    #expect(trap.functionIndices.last == 2)
    #expect(callback.ledger.destroyed == 3)
  }

  /// Host and guest call each other until the stack ends: the host thunk's check must see to it
  /// that no Swift frame meets the guard.
  @Test func mutualRecursionWithoutEnd() throws {
    let (store, instance, callback) = try guest(HandMadeCode.add)
    callback.target = instance.function("1")
    for round in 1...2 {
      let trap = try #require(try store.trap(instance.function("1")))
      #expect(trap.code == .stackExhausted)
      #expect(callback.deepest > 1_000)
      // One frame an entry, all of the same function, the outermost not kept.
      let kept = Trap.maximumEntryCount
      #expect(trap.functionIndices.prefix(kept).allSatisfy { $0 == 2 })
      #expect(trap.functionIndices.count == kept + 1)
      if case .omitted(let count) = trap.backtrace[kept] {
        #expect(count == callback.deepest + 1 - kept)
      } else {
        Issue.record("no gap at the end")
      }
      #expect(callback.ledger.made == 3 * callback.deepest * round)
      #expect(callback.ledger.destroyed == callback.ledger.made)
      #expect(callback.depth == 0)
    }
  }

  @Test func exitFromCallback() throws {
    let store = try Store()
    let linker = Linker(store)
    try linker.define([
      HostFunctionDefinition(
        module: "host", name: "exit", type: handMadeType,
        function: { environment, slots in
          let store = Unmanaged<Store>.fromOpaque(environment!).takeUnretainedValue()
          return store.stop(.exit(status: UInt32(slots[0])))
        }, environment: Unmanaged.passUnretained(store).toOpaque())
    ])
    var builder = WasmBuilder()
    _ = builder.importFunction("host", "exit", [.i64, .i64], [.i64])
    _ = builder.function([.i64, .i64], [.i64], export: "exit", Code(.unreachable))
    let offset = try HandMadeGuest.importOffset(0, of: 1)
    let instance = try linker.instantiate(builder, bodies: [HandMadeCode.call(at: offset)])
    for status: UInt64 in [0, 42, 255] {
      #expect { try store.call(instance.function("exit"), status) } throws: { error in
        if case .exit(let seen) = error as? InvocationError { seen == status } else { false }
      }
    }
  }

  /// A guest of one store calls the host, which calls a guest of another, which calls the host,
  /// which calls the first store's guest again: that one must not overwrite the frames below it.
  @Test func twoStoresTakeTurns() throws {
    let (first, firstInstance, firstCallback) = try guest(HandMadeCode.add)
    let second = try Store()
    let bridge = Callback(second)
    first.keepAlive(bridge)
    let linker = Linker(first)
    try linker.define([bridge.definition])
    var builder = WasmBuilder()
    _ = builder.importFunction("host", "callback", [.i64, .i64], [.i64])
    _ = builder.function([.i64, .i64], [.i64], export: "call", Code(.unreachable))
    let offset = try HandMadeGuest.importOffset(0, of: 1)
    let caller = try linker.instantiate(builder, bodies: [HandMadeCode.call(at: offset)])
    let back = Callback(first)
    first.keepAlive(back)
    back.target = firstInstance.function("1")
    let backLinker = Linker(second)
    try backLinker.define([back.definition])
    let middle = try backLinker.instantiate(builder, bodies: [HandMadeCode.call(at: offset)])
    bridge.target = middle.function("call")
    // first: caller -> bridge -> second: middle -> back -> first: "1" -> callback -> "0": add.
    for _ in 0..<3 { #expect(try first.call(caller.function("call"), 1, 2) == 3 + 3 * 3) }
    #expect(firstCallback.deepest == 1)
  }
}
