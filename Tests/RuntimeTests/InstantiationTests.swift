// Instances without running any code: storage, constant expressions, segments.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite struct InstantiationTests {
  private let linker: Linker

  init() throws { linker = Linker(try Store()) }

  /// An instance whose functions are never called.
  private func instantiate(_ builder: WasmBuilder) throws -> Instance {
    let count = try builder.build().withUnsafeBytes { try Module.decode($0).bodies.count }
    return try linker.instantiate(
      builder, bodies: Array(repeating: HandMadeCode.add, count: count))
  }

  /// What instantiation fails with.
  private func failure(_ builder: WasmBuilder) -> InstantiationError? {
    do {
      _ = try instantiate(builder)
      return nil
    } catch {
      return error as? InstantiationError
    }
  }

  /// The trap that instantiation ends in.
  private func trap(_ builder: WasmBuilder) -> TrapCode? {
    guard case .stopped(.trap(let trap)) = failure(builder) else { return nil }
    return trap.code
  }

  @Test func emptyModule() throws {
    let instance = try instantiate(WasmBuilder())
    #expect(instance.export("anything") == nil)
  }

  // MARK: Globals and constant expressions.

  @Test func globals() throws {
    var builder = WasmBuilder()
    _ = builder.global(.i32, isMutable: true, .i32(-7), export: "i32")
    _ = builder.global(.i64, .i64(.min), export: "i64")
    _ = builder.global(.i32, .i32(8), export: "second")
    _ = builder.global(.externref, .refNull(.external), export: "null")
    let sum = Code(.globalGet, 0) + .i32(3) + Code(.i32Mul) + .i32(1) + Code(.i32Sub)
    _ = builder.global(.i32, sum, export: "computed")
    let wide = Code(.globalGet, 1) + .i64(-1) + Code(.i64Add)
    _ = builder.global(.i64, wide, export: "wrapped")
    let instance = try instantiate(builder)
    #expect(instance.global("i32")?.value == .i32(UInt32(bitPattern: -7)))
    #expect(instance.global("i64")?.value == .i64(1 << 63))
    #expect(instance.global("second")?.value == .i32(8))
    #expect(instance.global("null")?.value == .external(nil))
    #expect(instance.global("computed")?.value == .i32(UInt32(bitPattern: -22)))
    #expect(instance.global("wrapped")?.value == .i64(UInt64(Int64.max)))
  }

  @Test func functionReferenceInGlobal() throws {
    var builder = WasmBuilder()
    let function = builder.function([.i64, .i64], [.i64], export: "f", Code(.unreachable))
    _ = builder.global(.funcref, Code(.refFunc, Int(function)), export: "reference")
    let instance = try instantiate(builder)
    #expect(instance.global("reference")?.value == .function(instance.function("f")))
    #expect(instance.function("f") != nil)
  }

  /// A mutable global has one cell, however many instances hand it on.
  @Test func sharedGlobalThreeDeep() throws {
    let type = GlobalType(value: .i32, isMutable: true)
    var first = WasmBuilder()
    // Not at the VMContext's start, and next to others.
    _ = first.global(.i64, .i64(1))
    _ = first.global(.i32, isMutable: true, .i32(10), export: "counter")
    linker.define("first", try instantiate(first))
    var second = WasmBuilder()
    let imported = second.importGlobal("first", "counter", type)
    second.export("counter", .global, imported)
    linker.define("second", try instantiate(second))
    var third = WasmBuilder()
    let again = third.importGlobal("second", "counter", type)
    third.export("counter", .global, again)
    let last = try instantiate(third)
    guard case .global(let origin) = linker.resolve("first", "counter") else { return }
    last.global("counter")?.value = .i32(99)
    #expect(origin.value == .i32(99))
    #expect(last.global("counter")?.cell == origin.cell)
  }

  @Test func importedGlobalInInitializer() throws {
    linker.define(
      "host", "base",
      .global(
        try linker.store.makeGlobal(GlobalType(value: .i32, isMutable: false), .i32(5))))
    var builder = WasmBuilder()
    _ = builder.importGlobal("host", "base", GlobalType(value: .i32, isMutable: false))
    _ = builder.memory(Limits(minimum: 1), export: "memory")
    _ = builder.global(.i32, Code(.globalGet, 0) + .i32(1) + Code(.i32Add), export: "next")
    _ = builder.data([1, 2, 3], at: Code(.globalGet, 0))
    let instance = try instantiate(builder)
    #expect(instance.global("next")?.value == .i32(6))
    let bytes = instance.memory("memory")?.guestMemory.bytes(at: 4, count: 5)
    #expect(bytes.map(Array.init) == [0, 1, 2, 3, 0])
  }

  // MARK: Segments.

  @Test func dataSegments() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1), export: "memory")
    _ = builder.data([1, 2, 3], at: .i32(0))
    _ = builder.data([9], at: .i32(1))
    _ = builder.data([7], at: .i32(65_535))
    _ = builder.data([], at: .i32(65_536))
    let memory = try #require(try instantiate(builder).memory("memory")).guestMemory
    #expect(memory.bytes(at: 0, count: 4).map(Array.init) == [1, 9, 3, 0])
    #expect(memory.bytes(at: 65_535, count: 1).map(Array.init) == [7])
    #expect(memory.bytes(at: 65_535, count: 2) == nil)
  }

  @Test(arguments: [65_534, 65_536, -1] as [Int32])
  func dataSegmentOutOfBounds(offset: Int32) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([1, 2, 3], at: .i32(offset))
    #expect(trap(builder) == .memoryOutOfBounds)
  }

  /// What was written before the failure stays written. Spec: core 3.0 §4.7.2.
  @Test func earlierSegmentsStay() throws {
    let memory = try linker.store.makeMemory(MemoryType(limits: Limits(minimum: 1)))
    linker.define("host", "memory", .memory(memory))
    var builder = WasmBuilder()
    _ = builder.importMemory("host", "memory", Limits(minimum: 1))
    _ = builder.data([5], at: .i32(0))
    _ = builder.data([6], at: .i32(65_536))
    #expect(trap(builder) == .memoryOutOfBounds)
    #expect(memory.guestMemory.bytes(at: 0, count: 1).map(Array.init) == [5])
  }

  @Test func elementSegments() throws {
    var builder = WasmBuilder()
    let functions = (0..<3).map {
      builder.function([.i64, .i64], [.i64], export: "\($0)", Code(.unreachable))
    }
    _ = builder.table(.funcref, Limits(minimum: 5, maximum: 5), export: "table")
    _ = builder.elements([functions[2], functions[0]], at: .i32(1))
    _ = builder.elements([functions[1]], at: .i32(4))
    _ = builder.elements([], at: .i32(5))
    let instance = try instantiate(builder)
    let table = try #require(instance.table("table"))
    #expect(table.count == 5)
    #expect(table[0] == .function(nil))
    #expect(table[1] == .function(instance.function("2")))
    #expect(table[2] == .function(instance.function("0")))
    #expect(table[4] == .function(instance.function("1")))
    #expect(table[5] == nil)
  }

  @Test func elementSegmentOutOfBounds() throws {
    var builder = WasmBuilder()
    let function = builder.function([.i64, .i64], [.i64], Code(.unreachable))
    _ = builder.table(.funcref, Limits(minimum: 2))
    _ = builder.elements([function, function], at: .i32(1))
    #expect(trap(builder) == .tableOutOfBounds)
  }

  // MARK: Limits.

  @Test func memoryLimit() throws {
    var limits = Store.Limits()
    limits.memoryByteCount = 3 * 65_536
    let linker = Linker(try Store(limits))
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 2), export: "memory")
    let instance = try linker.instantiate(builder, bodies: [])
    let memory = try #require(instance.memory("memory"))
    #expect(memory.grow(by: 2) == nil)
    #expect(memory.grow(by: 1) == 2)
    // The limit is for all memories of the store together.
    do {
      _ = try linker.instantiate(builder, bodies: [])
      Issue.record("more memory than the limit")
    } catch InstantiationError.resource(let error) {
      #expect(error == .memoryLimit(wanted: 131_072, limit: 0))
      #expect("\(error)" == "the linear memory needs 131072 bytes at the start, the limit is 0")
    }
  }

  @Test func tableTooLarge() throws {
    var builder = WasmBuilder()
    _ = builder.table(.funcref, Limits(minimum: 0xFFFF_FFFF))
    guard case .resource(.tableLimit(let wanted, _)) = failure(builder) else {
      Issue.record("a table of 128 GiB")
      return
    }
    #expect(wanted == 0xFFFF_FFFF)
  }

  @Test func tableLimit() throws {
    var limits = Store.Limits()
    limits.tableElementCount = 30
    let linker = Linker(try Store(limits))
    var builder = WasmBuilder()
    _ = builder.table(.funcref, Limits(minimum: 20), export: "table")
    let table = try #require(try linker.instantiate(builder, bodies: []).table("table"))
    #expect(table.grow(by: 6) == 20)
    #expect(table.grow(by: 5) == nil)
    #expect(table.grow(by: 4) == 26)
    // The limit is for all tables of the store together.
    do {
      _ = try linker.instantiate(builder, bodies: [])
      Issue.record("more elements than the limit")
    } catch InstantiationError.resource(let error) {
      #expect(error == .tableLimit(wanted: 20, limit: 0))
    }
  }

  /// A failed instantiation leaves the store as usable as before.
  @Test func storeSurvivesFailure() throws {
    var broken = WasmBuilder()
    _ = broken.memory(Limits(minimum: 1))
    _ = broken.data([1], at: .i32(-1))
    for _ in 0..<50 { #expect(trap(broken) == .memoryOutOfBounds) }
    var sound = WasmBuilder()
    _ = sound.global(.i32, .i32(1), export: "g")
    #expect(try instantiate(sound).global("g")?.value == .i32(1))
  }
}
