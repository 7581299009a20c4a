// What imports find, and the words of what they do not.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite struct LinkerTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
    let noop = HostFunctionDefinition(
      module: "host", name: "function", type: handMadeType, function: { _, _ in 0 },
      environment: nil)
    try linker.define([noop])
    linker.define(
      "host", "memory",
      .memory(try store.makeMemory(MemoryType(limits: Limits(minimum: 2, maximum: 4)))))
    linker.define(
      "host", "open memory", .memory(try store.makeMemory(MemoryType(limits: Limits(minimum: 2)))))
    linker.define(
      "host", "table",
      .table(
        try store.makeTable(
          TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20)))))
    linker.define(
      "host", "global",
      .global(try store.makeGlobal(GlobalType(value: .i32, isMutable: true), .i32(0))))
  }

  /// Why a module with this import has no instance; nil where it has one.
  private func refusal(_ add: (inout WasmBuilder) -> Void) throws -> String? {
    var builder = WasmBuilder()
    _ = builder.type(handMadeType)
    add(&builder)
    do {
      _ = try linker.instantiate(builder, bodies: [])
      return nil
    } catch InstantiationError.link(let error) {
      return "\(error)"
    }
  }

  @Test func unknownImports() throws {
    #expect(
      try refusal { _ = $0.importMemory("host", "nothing", Limits(minimum: 0)) }
        == "unknown import: host.nothing")
    #expect(
      try refusal { _ = $0.importFunction("env", "fork", [], [.i32]) }
        == "unknown import: env.fork")
  }

  /// Names that Swift's strings take for equal are two names.
  @Test func namesAreComparedByBytes() throws {
    let type = GlobalType(value: .i32, isMutable: false)
    let (short, long) = ("\u{E9}", "e\u{301}")
    for (value, name) in [short, long].enumerated() {
      let global = try store.makeGlobal(type, .i32(UInt32(value)))
      linker.define("host", name, .global(global))
      linker.define(name, "global", .global(global))
    }
    let value = { (module: String, name: String) throws -> Value? in
      guard case .global(let global) = linker.resolve(module, name) else { return nil }
      return global.value
    }
    #expect(try value("host", short) == .i32(0))
    #expect(try value("host", long) == .i32(1))
    #expect(try value(short, "global") == .i32(0))
    #expect(try value(long, "global") == .i32(1))
  }

  @Test func functions() throws {
    #expect(
      try refusal { _ = $0.importFunction("host", "function", [.i64, .i64], [.i64]) } == nil)
    #expect(
      try refusal { _ = $0.importFunction("host", "function", [.i64], [.i64]) }
        == "incompatible import type: host.function is a function [i64 i64] -> [i64], "
        + "wanted is a function [i64] -> [i64]")
    #expect(
      try refusal { _ = $0.importFunction("host", "global", [], []) }
        == "incompatible import type: host.global is a mutable global i32, "
        + "wanted is a function [] -> []")
  }

  @Test(arguments: [
    (Limits(minimum: 2, maximum: 4), true), (Limits(minimum: 0, maximum: 5), true),
    (Limits(minimum: 2), true), (Limits(minimum: 3, maximum: 4), false),
    (Limits(minimum: 1, maximum: 3), false),
  ])
  func memories(limits: Limits, fits: Bool) throws {
    let refusal = try refusal { _ = $0.importMemory("host", "memory", limits) }
    #expect((refusal == nil) == fits)
    #expect(
      refusal?.hasPrefix("incompatible import type: host.memory is a memory of 2 to 4 pages")
        ?? true)
    // Without a maximum of its own it may grow beyond any that is asked for.
    let open = try self.refusal { _ = $0.importMemory("host", "open memory", limits) }
    #expect((open == nil) == (limits.maximum == nil && limits.minimum <= 2))
  }

  /// The size of now counts, not that of the definition. Spec: core 3.0 §4.5.3.
  @Test func grownMemory() throws {
    let limits = Limits(minimum: 3, maximum: 4)
    #expect(try refusal { _ = $0.importMemory("host", "memory", limits) } != nil)
    guard case .memory(let memory) = linker.resolve("host", "memory") else { return }
    #expect(memory.grow(by: 1) == 2)
    #expect(try refusal { _ = $0.importMemory("host", "memory", limits) } == nil)
  }

  @Test func tables() throws {
    let limits = Limits(minimum: 10, maximum: 20)
    #expect(try refusal { _ = $0.importTable("host", "table", .funcref, limits) } == nil)
    #expect(try refusal { _ = $0.importTable("host", "table", .externref, limits) } != nil)
    #expect(
      try refusal { _ = $0.importTable("host", "table", .funcref, Limits(minimum: 11)) } != nil)
  }

  @Test func globals() throws {
    for (value, isMutable) in [(ValueType.i32, true), (.i32, false), (.i64, true)] {
      let type = GlobalType(value: value, isMutable: isMutable)
      let refusal = try refusal { _ = $0.importGlobal("host", "global", type) }
      #expect((refusal == nil) == (value == .i32 && isMutable))
    }
  }

  @Test func instancesAndLaterDefinitions() throws {
    var builder = WasmBuilder()
    _ = builder.global(.i32, .i32(1), export: "global")
    linker.define("library", try linker.instantiate(builder, bodies: []))
    func value() -> Value? {
      guard case .global(let global) = linker.resolve("library", "global") else { return nil }
      return global.value
    }
    #expect(value() == .i32(1))
    let replacement = try store.makeGlobal(GlobalType(value: .i32, isMutable: false), .i32(2))
    linker.define("library", "global", .global(replacement))
    #expect(value() == .i32(2))
    #expect(linker.resolve("library", "absent") == nil)
  }

  /// A host function that one instance hands on to another is called with the right thunk, and is
  /// the same function for both.
  @Test func hostFunctionHandedOn() throws {
    let add = HostFunctionDefinition(
      module: "host", name: "add", type: handMadeType,
      function: { _, slots in
        slots[0] += slots[1]
        return GuestStatus.finished
      }, environment: nil)
    try linker.define([add])
    var first = WasmBuilder()
    let imported = first.importFunction("host", "add", [.i64, .i64], [.i64])
    first.export("add", .function, imported)
    let library = try linker.instantiate(first, bodies: [])
    linker.define("library", library)
    var second = WasmBuilder()
    _ = second.importFunction("library", "add", [.i64, .i64], [.i64])
    _ = second.function([.i64, .i64], [.i64], export: "call", Code(.unreachable))
    let offset = try HandMadeGuest.importOffset(0, of: 1)
    let instance = try linker.instantiate(second, bodies: [HandMadeCode.call(at: offset)])
    #expect(try store.call(instance.function("call"), 40, 2) == 42)
    // Called by the host, there is no guest between.
    #expect(try store.call(library.function("add"), 1, 2) == 3)
    guard case .function(let original) = linker.resolve("host", "add") else { return }
    #expect(library.function("add") == original)
  }

  @Test func callBetweenInstances() throws {
    var first = WasmBuilder()
    _ = first.function([.i64, .i64], [.i64], export: "add", Code(.unreachable))
    _ = first.function([.i64, .i64], [.i64], export: "trap", Code(.unreachable))
    linker.define(
      "library", try linker.instantiate(first, bodies: [HandMadeCode.add, HandMadeCode.trap(1)]))
    var second = WasmBuilder()
    for name in ["add", "trap"] {
      _ = second.importFunction("library", name, [.i64, .i64], [.i64])
    }
    let bodies = try (0..<2).map { index in
      _ = second.function([.i64, .i64], [.i64], export: "\(index)", Code(.unreachable))
      return HandMadeCode.call(at: try HandMadeGuest.importOffset(index, of: 2))
    }
    let instance = try linker.instantiate(second, bodies: bodies)
    #expect(try store.call(instance.function("0"), 40, 2) == 42)
    let trap = try #require(try store.trap(instance.function("1")))
    #expect(trap.functionIndices == [1, 3])
    guard case .frame(let inner) = trap.backtrace[0], case .frame(let outer) = trap.backtrace[1]
    else { return }
    #expect(inner.code !== outer.code)
    #expect(outer.code === instance.code)
  }

  @Test func imageOfAnotherModule() throws {
    var builder = WasmBuilder()
    _ = builder.function([.i64, .i64], [.i64], Code(.unreachable))
    #expect {
      _ = try linker.instantiate(builder, bodies: [HandMadeCode.add, HandMadeCode.add])
    } throws: { error in
      if case .image = error as? InstantiationError { true } else { false }
    }
  }
}
