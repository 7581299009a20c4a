// The garbage collector: what is reachable stays, what is not goes.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

/// The environment of a host function that calls a guest's with what it is given.
private final class Callback {
  unowned let store: Store
  var target: Function?

  init(_ store: Store) { self.store = store }

  var definition: HostFunctionDefinition {
    HostFunctionDefinition(
      module: "host", name: "callback", type: FunctionType(parameters: [.i32]),
      function: { environment, slots in
        let callback = Unmanaged<Callback>.fromOpaque(environment!).takeUnretainedValue()
        return callback.run(UInt32(truncatingIfNeeded: slots[0]))
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }

  private func run(_ argument: UInt32) -> Int32 {
    guard let target else { return Int32(TrapCode.unreachable.rawValue) }
    do throws(InvocationError) {
      _ = try store.invoke(target, [.i32(argument)])
      return GuestStatus.finished
    } catch {
      return store.stop(error)
    }
  }
}

@Suite(.serialized) struct CollectorTests {
  private static let anyref = ValueType.reference(.any, nullable: true)

  private func makeLinker(
    collectsAlways: Bool = false, heapByteCount: UInt64? = nil
  ) throws -> Linker {
    var limits = Store.Limits()
    limits.collectsAlways = collectsAlways
    limits.heapByteCount = heapByteCount
    return Linker(try Store(limits))
  }

  /// `node` is a mutable structure of a number and the next node, index 0 of the module's types.
  private static let node = SubType(
    .structure([
      FieldType(.value(.i32), isMutable: true),
      FieldType(.value(.reference(.defined(0), nullable: true)), isMutable: true),
    ]))
  private static let nodeReference = ValueType.reference(.defined(0), nullable: true)

  private func nodeBuilder() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.recursionGroup([Self.node])
    _ = builder.function(
      [.i32], [Self.nodeReference], export: "new",
      .local(0) + .refNull(.defined(0)) + Code(.structNew, 0))
    _ = builder.function(
      [Self.nodeReference], [.i32], export: "number", .local(0) + Code(.structGet, 0, 0))
    return builder
  }

  /// A loop that runs as often as local 0 says, counting it down.
  private static func countdown(_ body: Code) -> Code {
    .structured(
      .loop, nil,
      body + .local(0) + .i32(1) + Code(.i32Sub) + Code(.localTee, 0) + Code(.brIf, 0))
  }

  @Test func garbageGoesAndHandlesStay() throws {
    let linker = try makeLinker()
    let store = linker.store
    let instance = try linker.instantiate(nodeBuilder())
    var kept: Value? = try instance.call("new", .int(1))[0]
    for number in 0..<1_000 { _ = try instance.call("new", .int(Int32(number))) }
    let before = store.heapByteCount
    store.collectGarbage()
    #expect(before >= 1_001 * 32 && store.heapByteCount == 32)
    #expect(try instance.call("number", try #require(kept)) == [.int(1)])
    kept = nil
    store.collectGarbage()
    #expect(store.heapByteCount == 0)
  }

  /// What globals, tables, passive segments and constant expressions hold stays.
  @Test(arguments: [false, true]) func rootsOfInstances(collectsAlways: Bool) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    var builder = nodeBuilder()
    func constant(_ number: Int32) -> Code {
      .i32(number) + .refNull(.defined(0)) + Code(.structNew, 0)
    }
    let nonNull = ValueType.reference(.defined(0), nullable: false)
    _ = builder.global(nonNull, constant(10), export: "constant")
    _ = builder.global(Self.anyref, isMutable: true, .refNull(.none), export: "variable")
    _ = builder.table(nonNull, Limits(minimum: 3), filledWith: constant(20), export: "table")
    let segment = Int(builder.passiveElements(nonNull, [constant(30), constant(31)]))
    _ = builder.function(
      [.i32], [.i32], export: "segment",
      .i32(0) + .local(0) + .i32(1) + Code(.tableInit, segment, 0) + .i32(0) + Code(.tableGet, 0)
        + Code(.structGet, 0, 0))
    _ = builder.function([], [], export: "drop", Code(.elemDrop, segment))
    let instance = try linker.instantiate(builder)
    let variable = try #require(instance.global("variable"))
    variable.value = try instance.call("new", .int(40))[0]
    instance.store.collectGarbage()
    // Two in globals, one in all of the table, two in the segment.
    #expect(instance.store.heapByteCount == 5 * 32)
    #expect(try instance.call("number", variable.value) == [.int(40)])
    let constantValue = try #require(instance.global("constant")).value
    #expect(try instance.call("number", constantValue) == [.int(10)])
    let element = try #require(instance.table("table")?[2])
    #expect(try instance.call("number", element) == [.int(20)])
    #expect(try instance.call("segment", .int(1)) == [.int(31)])
    _ = try instance.call("drop")
    variable.value = .internal(nil)
    instance.store.collectGarbage()
    // The constant, the two different ones in the table; and this test's own handles.
    #expect(instance.store.heapByteCount == 3 * 32)
    withExtendedLifetime((constantValue, element)) {}
  }

  /// A function that keeps references in parameters, locals and operands while others allocate.
  @Test(arguments: [false, true]) func rootsOfFunctions(collectsAlways: Bool) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    var builder = nodeBuilder()
    let new = 0
    func made(_ number: Int32) -> Code { .i32(number) + Code(.call, new) }
    let number = Code(.structGet, 0, 0)
    // number(parameter) * 1000 + number(local) * 100 + number(operand) * 10 + number(local).
    let mixed =
      made(2) + Code(.localSet, 1) + made(3) + made(98) + Code(.drop) + made(4)
      + Code(.localSet, 2) + made(97) + Code(.drop) + number + .i32(10) + Code(.i32Mul)
      + .local(0) + number + .i32(1_000) + Code(.i32Mul) + Code(.i32Add)
      + .local(1) + number + .i32(100) + Code(.i32Mul) + Code(.i32Add)
      + .local(2) + number + Code(.i32Add)
    let mix = builder.function(
      [Self.nodeReference], [.i32], locals: [Self.nodeReference, Self.nodeReference],
      export: "mix", mixed)
    _ = builder.function([.i32], [.i32], export: "run", made(1) + Code(.call, Int(mix)))
    let instance = try linker.instantiate(builder)
    for _ in 0..<10 { #expect(try instance.call("run", .int(0)) == [.int(1_234)]) }
  }

  /// Builds a list in a loop, adds it up in another, with garbage in between.
  @Test(arguments: [false, true], [1, 2]) func lists(collectsAlways: Bool, rounds: Int32) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    var builder = nodeBuilder()
    let build = Self.countdown(
      .local(0) + .local(1) + Code(.structNew, 0) + Code(.localSet, 1)
        + .i32(7) + .refNull(.defined(0)) + Code(.structNew, 0) + Code(.drop))
    let addUp = Code.structured(
      .loop, nil,
      .local(2) + .local(1) + Code(.structGet, 0, 0) + Code(.i32Add) + Code(.localSet, 2)
        + .local(1) + Code(.structGet, 0, 1) + Code(.localTee, 1) + Code(.refIsNull)
        + Code(.i32Eqz) + Code(.brIf, 0))
    _ = builder.function(
      [.i32], [.i32], locals: [Self.nodeReference, .i32], export: "sum",
      build + addUp + .local(2))
    let instance = try linker.instantiate(builder)
    let count: Int32 = collectsAlways ? 300 : 200_000
    let sum = Int32(truncatingIfNeeded: Int64(count) * Int64(count + 1) / 2)
    for _ in 0..<rounds { #expect(try instance.call("sum", .int(count)) == [.int(sum)]) }
    if !collectsAlways { #expect(instance.store.collectionCount > 0) }
  }

  /// A list of a million nodes, and an array with more elements than the mark stack takes, each of
  /// which leads on.
  @Test func deepAndWide() throws {
    let linker = try makeLinker()
    var builder = nodeBuilder()
    let array = Int(
      builder.type(SubType(.array(FieldType(.value(Self.nodeReference), isMutable: true)))))
    let arrayReference = ValueType.reference(.defined(UInt32(array)), nullable: true)
    _ = builder.function(
      [.i32], [Self.nodeReference], locals: [Self.nodeReference], export: "list",
      Self.countdown(.local(0) + .local(1) + Code(.structNew, 0) + Code(.localSet, 1)) + .local(1))
    // Element i is a node i whose next is a node 1.
    _ = builder.function(
      [.i32], [arrayReference], locals: [arrayReference], export: "array",
      .local(0) + Code(.arrayNewDefault, array) + Code(.localSet, 1)
        + Self.countdown(
          .local(1) + .local(0) + .i32(1) + Code(.i32Sub) + .local(0) + .i32(1)
            + .refNull(.defined(0)) + Code(.structNew, 0) + Code(.structNew, 0)
            + Code(.arraySet, array)) + .local(1))
    _ = builder.function(
      [arrayReference, .i32], [.i32], export: "at",
      .local(0) + .local(1) + Code(.arrayGet, array) + Code(.structGet, 0, 1)
        + Code(.structGet, 0, 0))
    let instance = try linker.instantiate(builder)
    let store = instance.store
    do {
      let list = try instance.call("list", .int(1_000_000))[0]
      store.collectGarbage()
      #expect(store.heapByteCount == 32_000_000)
      withExtendedLifetime(list) {}
    }
    let count: Int32 = 300_000
    let wide = try instance.call("array", .int(count))[0]
    store.collectGarbage()
    #expect(store.heapByteCount == UInt64(count) * 64 + UInt64(count) * 8 + 16)
    for place in [0, 1, count / 2, count - 1] {
      #expect(try instance.call("at", wide, .int(place)) == [.int(1)])
    }
  }

  @Test func limit() throws {
    let linker = try makeLinker(heapByteCount: 1 << 20)
    var builder = nodeBuilder()
    let bytes = Int(builder.type(SubType(.array(FieldType(.i8, isMutable: true)))))
    _ = builder.function(
      [.i32], [.i32], locals: [Self.nodeReference], export: "list",
      Self.countdown(.local(0) + .local(1) + Code(.structNew, 0) + Code(.localSet, 1)) + .i32(1))
    _ = builder.function(
      [.i32], [.i32], export: "garbage",
      Self.countdown(.i32(1_000) + Code(.arrayNewDefault, bytes) + Code(.drop)) + .i32(2))
    _ = builder.function(
      [.i32], [.i32], export: "array", .local(0) + Code(.arrayNewDefault, bytes) + Code(.arrayLen))
    let instance = try linker.instantiate(builder)
    #expect(try instance.trap("list", .int(1_000_000))?.code == .heapExhausted)
    // The list is garbage now, whatever frames the trap left behind.
    #expect(try instance.call("garbage", .int(100_000)) == [.int(2)])
    #expect(try instance.call("array", .int(1_000_000)) == [.int(1_000_000)])
    #expect(try instance.trap("array", .int(2_000_000))?.code == .heapExhausted)
    #expect(try instance.trap("array", .int(-1))?.code == .heapExhausted)
    instance.store.collectGarbage()
    #expect(instance.store.heapByteCount == 0)
  }

  /// Each call leaves its frame of roots before it jumps to the next: neither they nor the list that
  /// they no longer need pile up.
  @Test(arguments: [false, true]) func tailCalls(collectsAlways: Bool) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    var builder = nodeBuilder()
    let loop = 2
    _ = builder.function(
      [.i32, Self.nodeReference], [.i32], export: "loop",
      .local(0)
        + .structured(
          .if, nil,
          .local(0) + .i32(1) + Code(.i32Sub) + .local(1) + Code(.structGet, 0, 0) + .local(0)
            + Code(.i32Add) + .refNull(.defined(0)) + Code(.structNew, 0) + Code(.returnCall, loop))
        + .local(1) + Code(.structGet, 0, 0))
    let instance = try linker.instantiate(builder)
    let first = try instance.call("new", .int(0))[0]
    let count: Int32 = collectsAlways ? 1_000 : 1_000_000
    let sum = Int32(truncatingIfNeeded: Int64(count) * Int64(count + 1) / 2)
    #expect(try instance.call("loop", .int(count), first) == [.int(sum)])
    instance.store.collectGarbage()
    #expect(instance.store.heapByteCount == 32)
  }

  /// A host function calls back into the guest, which allocates, while the first call waits.
  @Test(arguments: [false, true]) func callbacks(collectsAlways: Bool) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    let callback = Callback(linker.store)
    linker.store.keepAlive(callback)
    try linker.define([callback.definition])
    var builder = WasmBuilder()
    _ = builder.recursionGroup([Self.node])
    _ = builder.importFunction("host", "callback", [.i32], [])
    _ = builder.function(
      [.i32], [], export: "garbage",
      Self.countdown(.i32(5) + .refNull(.defined(0)) + Code(.structNew, 0) + Code(.drop)))
    _ = builder.function(
      [.i32], [.i32], export: "run",
      .i32(77) + .refNull(.defined(0)) + Code(.structNew, 0) + .local(0) + Code(.call, 0)
        + Code(.structGet, 0, 0))
    let instance = try linker.instantiate(builder)
    callback.target = instance.function("garbage")
    let count: Int32 = collectsAlways ? 100 : 1_000_000
    #expect(try instance.call("run", .int(count)) == [.int(77)])
    // A trap in the callback: the frames of both calls are gone.
    callback.target = instance.function("missing")
    #expect(throws: InvocationError.self) { try instance.call("run", .int(1)) }
    linker.store.collectGarbage()
    #expect(linker.store.heapByteCount == 0)
  }

  /// Objects of every size class, and beyond, survive together with their contents.
  @Test(arguments: [false, true]) func sizes(collectsAlways: Bool) throws {
    let linker = try makeLinker(collectsAlways: collectsAlways)
    var builder = WasmBuilder()
    let longs = Int(builder.type(SubType(.array(FieldType(.value(.i64), isMutable: true)))))
    let reference = ValueType.reference(.defined(UInt32(longs)), nullable: true)
    _ = builder.function(
      [.i64, .i32], [reference], export: "new",
      .local(0) + .local(1) + Code(.arrayNew, longs))
    _ = builder.function(
      [reference, .i32], [.i64], export: "get", .local(0) + .local(1) + Code(.arrayGet, longs))
    let instance = try linker.instantiate(builder)
    var arrays: [(Value, Int32)] = []
    for size in [1, 2, 3, 7, 8, 30, 62, 63, 64, 70, 78, 79, 100, 254, 255, 256, 1_000, 100_000] {
      let size = Int32(size)
      arrays.append((try instance.call("new", .i64(UInt64(size)), .int(size))[0], size))
      _ = try instance.call("new", .i64(99), .int(size))
      if size % 2 == 0 { instance.store.collectGarbage() }
    }
    for (array, size) in arrays {
      for place in [0, size / 2, size - 1] {
        #expect(try instance.call("get", array, .int(place)) == [.i64(UInt64(size))])
      }
    }
  }
}
