// An instance cloned in the middle of a call, as fork would: the clone has what the original had by
// then, and afterwards neither sees what the other does.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

/// A host function with a Swift closure behind it; kept alive by whoever makes it.
final class HostClosure {
  private let body: () throws -> Void
  private(set) var error: (any Error)?

  init(_ body: @escaping () throws -> Void) { self.body = body }

  /// A function without parameters and results, as `host`.`name`.
  func definition(_ name: String) -> HostFunctionDefinition {
    HostFunctionDefinition(
      module: "host", name: name, type: FunctionType(),
      function: { environment, _ in
        let closure = Unmanaged<HostClosure>.fromOpaque(environment!).takeUnretainedValue()
        do { try closure.body() } catch { closure.error = error }
        return GuestStatus.finished
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }
}

@Suite(.serialized) struct CloningTests {
  /// Where a module's memory comes from.
  enum MemoryKind: CaseIterable {
    case own
    case imported
    case shared
  }

  /// `run(n)` pushes n words onto a stack whose pointer is global 0, as C code does, each the pointer
  /// itself; changes a global of each type, a table and segments; calls the host, which clones; pops.
  /// Returns the pointer.
  private static func program(_ kind: MemoryKind) -> WasmBuilder {
    var builder = WasmBuilder()
    let fork = builder.importFunction("host", "fork", [], [])
    let limits = Limits(minimum: 1, maximum: 4, isShared: kind == .shared)
    if kind == .imported {
      _ = builder.importMemory("host", "memory", limits)
    } else {
      _ = builder.memory(limits, export: "memory")
    }
    _ = builder.table(.funcref, Limits(minimum: 2, maximum: 8))
    _ = builder.global(.i32, isMutable: true, .i32(65_536), export: "0")
    _ = builder.global(.i64, isMutable: true, .i64(1), export: "1")
    _ = builder.global(.f64, isMutable: true, .f64(1), export: "2")
    _ = builder.global(.v128, isMutable: true, .v128(low: 1, high: 2), export: "3")
    _ = builder.global(.funcref, isMutable: true, .refNull(.function), export: "4")
    _ = builder.passiveData([0xAA])
    _ = builder.passiveData([0xBB])
    let push =
      Code(.globalGet, 0) + .i32(4) + Code(.i32Sub) + Code(.globalSet, 0)
      + Code(.globalGet, 0) + Code(.globalGet, 0) + Code(.i32Store, 2, 0)
    let pointer = builder.function([], [.i32], export: "pointer", Code(.globalGet, 0))
    _ = builder.function([], [.i32], export: "top", Code(.globalGet, 0) + Code(.i32Load, 2, 0))
    _ = builder.function([], [], export: "push", push)
    _ = builder.function(
      [], [.i32], export: "indirect",
      .i32(3) + Code(.callIndirect, Int(builder.type([], [.i32])), 0))
    _ = builder.function(
      [], [], export: "init",
      .i32(100) + .i32(0) + .i32(1) + Code(.memoryInit, 1, 0))
    _ = builder.function(
      [], [], export: "init dropped",
      .i32(100) + .i32(0) + .i32(1) + Code(.memoryInit, 0, 0))
    _ = builder.function([], [.i32], export: "grow", .i32(1) + Code(.memoryGrow, 0))
    _ = builder.function([], [.i32], export: "size", Code(.memorySize, 0))
    let change =
      .refNull(.function) + .i32(2) + Code(.tableGrow, 0) + Code(.drop)
      + .i32(3) + Code(.refFunc, Int(pointer)) + Code(.tableSet, 0)
      + .i32(0) + Code(.refFunc, Int(fork)) + Code(.tableSet, 0)
      + Code(.refFunc, Int(pointer)) + Code(.globalSet, 4)
      + Code(.globalGet, 1) + .i64(41) + Code(.i64Add) + Code(.globalSet, 1)
      + .f64(2.5) + Code(.globalSet, 2) + .v128(low: 3, high: 4) + Code(.globalSet, 3)
      + Code(.dataDrop, 0)
    // The loop is what a compiler could keep global 0 in a register for.
    _ = builder.function(
      [.i32], [.i32], export: "run",
      change
        + .structured(
          .loop, nil,
          push + .local(0) + .i32(1) + Code(.i32Sub) + Code(.localTee, 0) + Code(.brIf, 0))
        + Code(.call, Int(fork))
        + Code(.globalGet, 0) + .i32(8) + Code(.i32Add) + Code(.globalSet, 0)
        + Code(.globalGet, 0))
    builder.declare([pointer, fork])
    return builder
  }

  @Test(arguments: TestedCompiler.allCases, MemoryKind.allCases)
  func cloneInMidRun(compiler: TestedCompiler, kind: MemoryKind) throws {
    for passes in [true, false] { try check(compiler, kind, passes: passes) }
  }

  private func check(_ compiler: TestedCompiler, _ kind: MemoryKind, passes: Bool) throws {
    var options = CodegenOptions.plain
    options.passParameters = passes
    let (store, forked) = (try Store(), try Store())
    var (original, clone): (Instance?, Instance?)
    let bytes = StableBytes(Self.program(kind).build())
    let other = HostClosure {}
    let host = HostClosure {
      let instance = try #require(original)
      var imports: [Extern] = [.function(try forked.makeFunction(other.definition("fork")))]
      if kind == .imported {
        let memory = try #require(instance.firstMemory)
        let copy = try forked.makeMemory(memory.type)
        _ = try #require(copy.grow(by: memory.pageCount - 1))
        copy.definition.pointee.base!.copyMemory(
          from: memory.definition.pointee.base!, byteCount: Int(memory.byteCount))
        imports.append(.memory(copy))
      }
      clone = try forked.clone(instance, bytes: bytes.buffer, imports: imports)
    }
    let linker = Linker(store)
    try linker.define([host.definition("fork")])
    linker.define(
      "host", "memory",
      .memory(try store.makeMemory(MemoryType(limits: Limits(minimum: 1, maximum: 4)))))
    original = try linker.instantiate(Self.program(kind), by: compiler, options: options)
    let first = RunningModule(store: store, instance: try #require(original))
    _ = try first.call("grow")
    #expect(try first.call("run", .i32(5)) == [.i32(65_536 - 20 + 8)])
    if let error = host.error { throw error }
    let second = RunningModule(store: forked, instance: try #require(clone))
    let isShared = kind == .shared

    // What was pushed, and all globals, are the clone's; the original has popped meanwhile.
    #expect(try second.call("pointer") == [.i32(65_516)])
    #expect(try second.call("top") == [.i32(65_516)])
    #expect(try second.call("indirect") == [.i32(65_516)])
    #expect(try second.call("size") == [.i32(2)])
    #expect(try first.call("indirect") == [.i32(65_524)])
    #expect(second.instance.global("1")?.value == .i64(42))
    #expect(second.instance.global("2")?.value == .f64(bits: (2.5).bitPattern))
    #expect(second.instance.global("3")?.value == .v128(low: 3, high: 4))
    guard case .function(let function?) = second.instance.global("4")?.value else {
      Issue.record("the reference to a function is gone")
      return
    }
    #expect(function.definition?.instance === second.instance)
    #expect(function == second.instance.function("pointer"))

    // Neither sees the other's globals; memory is the same only where it is shared.
    _ = try first.call("push")
    #expect(try second.call("pointer") == [.i32(65_516)])
    _ = try second.call("push")
    #expect(try first.call("pointer") == [.i32(65_520)])
    #expect(try second.call("pointer") == [.i32(65_512)])
    #expect(try second.call("top") == [.i32(65_512)])
    _ = try second.call("push")
    _ = try second.call("push")
    #expect(try first.call("top") == [.i32(65_520)])
    #expect(try second.call("grow") == [.i32(2)])
    #expect(try first.call("size") == [.i32(isShared ? 3 : 2)])
    #expect(try second.call("size") == [.i32(3)])
    // Segments are there, or dropped, as they were.
    #expect(try second.trap("init") == nil)
    #expect(try second.trap("init dropped") == .memoryOutOfBounds)
    withExtendedLifetime((host, other)) {}
  }

  /// A clone goes before the original: what it showed of a shared memory is not written any more.
  @Test func cloneGoesFirst() throws {
    let store = try Store()
    let host = HostClosure {}
    let linker = Linker(store)
    try linker.define([host.definition("fork")])
    let instance = try linker.instantiate(Self.program(.shared))
    let first = RunningModule(store: store, instance: instance)
    let bytes = StableBytes(Self.program(.shared).build())
    for round in 0..<3 {
      let other = try Store(besides: store)
      let clone = try other.clone(
        instance, bytes: bytes.buffer,
        imports: [.function(try other.makeFunction(host.definition("fork")))])
      let second = RunningModule(store: other, instance: clone)
      #expect(try second.call("size") == [.i32(UInt32(round + 1))])
      #expect(try first.call("grow") == [.i32(UInt32(round + 1))])
      #expect(try second.call("size") == [.i32(UInt32(round + 2))])
    }
    #expect(try first.call("size") == [.i32(4)])
    withExtendedLifetime(host) {}
  }
}
