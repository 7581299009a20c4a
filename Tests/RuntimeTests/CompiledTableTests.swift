// Tables, references and calls through them in compiled code.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledTableTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  /// A table with functions for each instruction on it; "0".."3" answer with their number.
  private func builder(_ element: ValueType) -> WasmBuilder {
    var builder = WasmBuilder()
    let numbers = (0..<4).map {
      builder.function([], [.i32], export: String($0), .i32(Int32($0)))
    }
    _ = builder.table(element, Limits(minimum: 4, maximum: 8), export: "table")
    _ = builder.function([.i32], [element], export: "get", .local(0) + Code(.tableGet, 0))
    _ = builder.function(
      [.i32, element], [], export: "set", .local(0) + .local(1) + Code(.tableSet, 0))
    _ = builder.function([], [.i32], export: "size", Code(.tableSize, 0))
    _ = builder.function(
      [element, .i32], [.i32], export: "grow", .local(0) + .local(1) + Code(.tableGrow, 0))
    _ = builder.function(
      [.i32, element, .i32], [], export: "fill",
      .local(0) + .local(1) + .local(2) + Code(.tableFill, 0))
    let three = Code.local(0) + .local(1) + .local(2)
    _ = builder.function([.i32, .i32, .i32], [], export: "copy", three + Code(.tableCopy, 0, 0))
    let items =
      element == .funcref
      ? numbers.map { Code(.refFunc, Int($0)) } : numbers.map { _ in .refNull(.external) }
    let segment = builder.passiveElements(element, items)
    _ = builder.function(
      [.i32, .i32, .i32], [], export: "init", three + Code(.tableInit, Int(segment), 0))
    _ = builder.function([], [], export: "drop", Code(.elemDrop, Int(segment)))
    if element == .funcref {
      let type = Int(builder.type([], [.i32]))
      _ = builder.function(
        [.i32], [.i32], export: "call", .local(0) + Code(.callIndirect, type, 0))
    }
    return builder
  }

  @Test(arguments: [ValueType.funcref, .externref])
  func getSetGrowFill(element: ValueType) throws {
    let instance = try linker.instantiate(builder(element))
    func sample(_ index: Int) throws -> Value {
      element == .externref
        ? .external(UInt64(index)) : .function(instance.function("\(index)"))
    }
    let null: Value = element == .externref ? .external(nil) : .function(nil)
    #expect(try instance.call("get", .i32(0)) == [null])
    _ = try instance.call("set", .i32(0), try sample(1))
    #expect(try instance.call("get", .i32(0)) == [try sample(1)])
    _ = try instance.call("set", .i32(0), null)
    #expect(try instance.call("get", .i32(0)) == [null])
    #expect(try instance.call("grow", try sample(2), .i32(3)) == [.i32(4)])
    #expect(try instance.call("size") == [.i32(7)])
    #expect(try instance.call("get", .i32(6)) == [try sample(2)])
    #expect(try instance.call("grow", null, .i32(2)) == [.int(-1)])
    #expect(try instance.call("grow", null, .int(-1)) == [.int(-1)])
    #expect(try instance.call("grow", null, .i32(1)) == [.i32(7)])
    #expect(try instance.call("get", .i32(7)) == [null])
    _ = try instance.call("fill", .i32(1), try sample(3), .i32(2))
    let table = try #require(instance.table("table"))
    #expect(table[0] == null)
    #expect(table[1] == (try sample(3)))
    #expect(table[2] == (try sample(3)))
    #expect(table[3] == null)
    #expect(try instance.trap("get", .i32(8))?.code == .tableOutOfBounds)
    #expect(try instance.trap("set", .int(-1), null)?.code == .tableOutOfBounds)
    for (start, count) in [(8, 1), (9, 0), (-1, 2), (1, -1)] as [(Int32, Int32)] {
      #expect(
        try instance.trap("fill", .int(start), null, .int(count))?.code == .tableOutOfBounds)
    }
  }

  @Test func initializeCopyDropAndCall() throws {
    let instance = try linker.instantiate(builder(.funcref))
    _ = try instance.call("init", .i32(0), .i32(0), .i32(4))
    for index in 0..<4 {
      #expect(try instance.call("call", .i32(UInt32(index))) == [.i32(UInt32(index))])
    }
    // Overlapping, in both directions.
    _ = try instance.call("copy", .i32(1), .i32(0), .i32(3))
    #expect(
      try (0..<4).map { try instance.call("call", .i32($0))[0] } == [0, 0, 1, 2].map { .i32($0) })
    _ = try instance.call("copy", .i32(0), .i32(1), .i32(3))
    #expect(
      try (0..<4).map { try instance.call("call", .i32($0))[0] } == [0, 1, 2, 2].map { .i32($0) })
    for (dst, src, count) in [(1, 0, 4), (0, 1, 4), (4, 0, 1), (0, -1, 1), (0, 0, -1)]
      as [(Int32, Int32, Int32)]
    {
      for name in ["copy", "init"] {
        #expect(
          try instance.trap(name, .int(dst), .int(src), .int(count))?.code == .tableOutOfBounds)
      }
    }
    _ = try instance.call("drop")
    _ = try instance.call("init", .i32(0), .i32(0), .i32(0))
    #expect(try instance.trap("init", .i32(0), .i32(0), .i32(1))?.code == .tableOutOfBounds)
  }

  /// Functions of instances with other options and no memory, by way of one table: the table entry
  /// brings each its own memory base.
  @Test(arguments: [true, false], [true, false])
  func callsAcrossInstances(callerPasses: Bool, calleePasses: Bool) throws {
    let table = try store.makeTable(
      TableType(element: .funcref, limits: Limits(minimum: 4)))
    linker.define("host", "table", .table(table))
    // Each library puts a function into the table that reads its own memory.
    for (place, byte) in [(0, 40), (1, 50)] as [(Int32, UInt8)] {
      var library = WasmBuilder()
      _ = library.importTable("host", "table", .funcref, Limits(minimum: 0))
      _ = library.memory(Limits(minimum: 1))
      _ = library.data([byte], at: .i32(8))
      let read = library.function([.i32], [.i32], .local(0) + Code(.i32Load8U, 0, 0))
      _ = library.elements([read], at: .i32(place))
      _ = try linker.instantiate(library, passParameters: calleePasses)
    }
    var caller = WasmBuilder()
    _ = caller.importTable("host", "table", .funcref, Limits(minimum: 0))
    _ = caller.memory(Limits(minimum: 1))
    _ = caller.data([60], at: .i32(8))
    let type = Int(caller.type([.i32], [.i32]))
    let call = Code(.callIndirect, type, 0)
    // The caller reads its own memory before, between and after.
    let own = Code.i32(8) + Code(.i32Load8U, 0, 0)
    _ = caller.function(
      [], [.i32, .i32, .i32, .i32, .i32], export: "read",
      own + .i32(8) + .i32(0) + call + own + .i32(8) + .i32(1) + call + own)
    let instance = try linker.instantiate(caller, passParameters: callerPasses)
    #expect(
      try instance.call("read") == [.i32(60), .i32(40), .i32(60), .i32(50), .i32(60)])
  }

  /// A host function in a table, put there by the module that imports it.
  @Test func hostFunctionInTable() throws {
    try linker.define([
      HostFunctionDefinition(
        module: "host", name: "double", type: FunctionType(parameters: [.i32], results: [.i32]),
        function: { _, slots in
          slots[0] = UInt64(UInt32(truncatingIfNeeded: slots[0]) &* 2)
          return GuestStatus.finished
        }, environment: nil)
    ])
    var builder = WasmBuilder()
    let double = builder.importFunction("host", "double", [.i32], [.i32])
    _ = builder.table(.funcref, Limits(minimum: 1), export: "table")
    _ = builder.elements([double], at: .i32(0))
    let type = Int(builder.type([.i32], [.i32]))
    _ = builder.function(
      [.i32], [.i32], export: "call", .local(0) + .i32(0) + Code(.callIndirect, type, 0))
    _ = builder.function([], [.funcref], export: "get", .i32(0) + Code(.tableGet, 0))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("call", .i32(21)) == [.i32(42)])
    guard case .function(let original) = linker.resolve("host", "double") else { return }
    #expect(try instance.call("get") == [.function(original)])
    #expect(instance.table("table")?[0] == .function(original))
  }

  /// Equal types of different modules are one type; unequal ones trap.
  @Test func canonicalTypes() throws {
    let table = try store.makeTable(TableType(element: .funcref, limits: Limits(minimum: 2)))
    linker.define("host", "table", .table(table))
    var first = WasmBuilder()
    _ = first.importTable("host", "table", .funcref, Limits(minimum: 0))
    _ = first.type([.f32], [])
    _ = first.type([.f64], [])
    let same = first.function([.i64], [.i64], .local(0))
    let other = first.function([.i64], [.i32], .i32(1))
    _ = first.elements([same, other], at: .i32(0))
    _ = try linker.instantiate(first)
    var second = WasmBuilder()
    _ = second.importTable("host", "table", .funcref, Limits(minimum: 0))
    let type = Int(second.type([.i64], [.i64]))
    _ = second.function(
      [.i64, .i32], [.i64], export: "call",
      .local(0) + .local(1) + Code(.callIndirect, type, 0))
    let instance = try linker.instantiate(second)
    #expect(try instance.call("call", .i64(5), .i32(0)) == [.i64(5)])
    #expect(
      try instance.trap("call", .i64(5), .i32(1))?.code == .indirectCallTypeMismatch)
  }
}
