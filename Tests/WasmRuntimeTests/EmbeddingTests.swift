// What another package does with the library: it imports nothing else.

import Testing
import WasmRuntime

@Suite struct EmbeddingTests {
  /// A module that counts with the host's help, and says how far it is.
  private static let counter = """
    (module
      (import "host" "log" (func $log (param i64 f64) (result i32)))
      (global $count (export "count") (mut i32) (i32.const 0))
      (memory (export "memory") 1 3)
      (table (export "table") 2 4 funcref)
      (elem (i32.const 0) $add)
      (func $add (export "add") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1)))
      (func (export "next") (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (i32.store (i32.const 8) (global.get $count))
        (call $log (i64.extend_i32_u (global.get $count)) (f64.const 0.5))))
    """

  @Test func aModuleCallsTheHostAndIsCalled() throws {
    let store = try Store()
    let linker = Linker(store)
    var seen: [[Value]] = []
    try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { _, arguments in
      seen.append(arguments)
      return [.i32(-7)]
    }
    let module = try Module(text: Self.counter)
    #expect(module.imports.map(\.name) == ["log"])
    #expect(module.imports.map(\.type) == [.function(FunctionType([.i64, .f64], [.i32]))])
    #expect(module.exports.map(\.name) == ["count", "memory", "table", "add", "next"])
    let instance = try linker.instantiate(module)
    #expect(instance.module === module)

    let next = try #require(instance.function("next"))
    #expect(try next() == [.i32(-7)])
    #expect(try next() == [.i32(-7)])
    #expect(seen == [[.i64(1), .f64(0.5)], [.i64(2), .f64(0.5)]])
    #expect(try instance.function("add")?(.i32(.max), .i32(1)) == [.i32(.min)])
    #expect(instance.function("missing") == nil)
  }

  @Test func globalsAreReadAndSet() throws {
    let store = try Store()
    let linker = Linker(store)
    try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { _, _ in [.i32(0)] }
    let instance = try linker.instantiate(try Module(text: Self.counter))
    let count = try #require(instance.global("count"))
    #expect(count.type == GlobalType(.i32, isMutable: true))
    try count.set(.i32(41))
    try instance.function("next")?()
    #expect(count.value == .i32(42))
    #expect(throws: AccessError.wrongValue) { try count.set(.i64(1)) }
    let fixed = try Global(GlobalType(.f32, isMutable: false), .f32(1.5), in: store)
    #expect(throws: AccessError.immutable) { try fixed.set(.f32(2)) }
    #expect(throws: ResourceError.self) {
      try Global(GlobalType(.f32, isMutable: false), .f64(1.5), in: store)
    }
  }

  @Test func memoryIsReadWrittenAndGrown() throws {
    let store = try Store()
    let linker = Linker(store)
    try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { store, _ in
      let memory = store.instances[0].memory("memory")
      return [.i32(try memory?.read(Int32.self, at: 8) ?? -1)]
    }
    let instance = try linker.instantiate(try Module(text: Self.counter))
    #expect(try instance.function("next")?() == [.i32(1)])
    let memory = try #require(instance.memory("memory"))
    try memory.write([1, 2, 3], at: 65_533)
    #expect(try memory.read(4, at: 65_532) == [0, 1, 2, 3])
    try memory.write(UInt32(0x0403_0201), at: 1)
    #expect(try memory.read(4, at: 1) == [1, 2, 3, 4])
    #expect(throws: AccessError.outOfBounds) { try memory.write([1, 2], at: 65_535) }
    #expect(throws: AccessError.outOfBounds) { try memory.read(UInt64.self, at: .max) }
    #expect(try memory.read(1, at: 65_535) == [3])
    #expect(memory.grow(by: 2) == 1)
    #expect(memory.grow(by: 1) == nil)
    #expect(memory.type == MemoryType(minimum: 3, maximum: 3))
    #expect(try memory.read(2, at: 131_072) == [0, 0])
  }

  @Test func tablesHoldReferences() throws {
    let store = try Store()
    let linker = Linker(store)
    try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { _, _ in [.i32(0)] }
    let instance = try linker.instantiate(try Module(text: Self.counter))
    let table = try #require(instance.table("table"))
    let add = try #require(instance.function("add"))
    #expect(table[0] == .function(add))
    #expect(table[1] == .function(nil))
    #expect(table[2] == nil)
    try table.set(1, .function(add))
    #expect(table[1] == .function(add))
    try table.set(0, .function(nil))
    #expect(table[0] == .function(nil))
    #expect(throws: AccessError.outOfBounds) { try table.set(2, .function(add)) }
    #expect(throws: AccessError.wrongValue) { try table.set(0, .external(1)) }
    #expect(table.grow(by: 2) == 2)
    #expect(table.grow(by: 1) == nil)
    #expect(throws: ResourceError.self) {
      try Table(TableType(element: .i32, minimum: 1), in: store)
    }
  }

  /// What the host makes is one thing for all instances that import it.
  @Test func instancesShareWhatTheHostMakes() throws {
    let store = try Store()
    let linker = Linker(store)
    let memory = try Memory(MemoryType(minimum: 1), in: store)
    let global = try Global(GlobalType(.i64, isMutable: true), .i64(5), in: store)
    let table = try Table(TableType(element: .externref, minimum: 1), in: store)
    try linker.define("env", "memory", .memory(memory))
    try linker.define("env", "global", .global(global))
    try linker.define("env", "table", .table(table))
    let module = try Module(
      text: """
        (module
          (import "env" "memory" (memory 1))
          (import "env" "global" (global $g (mut i64)))
          (import "env" "table" (table 1 externref))
          (func (export "put") (param externref)
            (i64.store (i32.const 0) (global.get $g))
            (global.set $g (i64.add (global.get $g) (i64.const 1)))
            (table.set (i32.const 0) (local.get 0)))
          (func (export "get") (result externref i64)
            (table.get (i32.const 0)) (i64.load (i32.const 0))))
        """)
    let one = try linker.instantiate(module)
    let other = try linker.instantiate(module)
    try one.function("put")?(.external(99))
    #expect(global.value == .i64(6))
    #expect(try memory.read(Int64.self, at: 0) == 5)
    #expect(table[0] == .external(99))
    #expect(try other.function("get")?() == [.external(99), .i64(5)])
    try table.set(0, .external(nil))
    #expect(try other.function("get")?() == [.external(nil), .i64(5)])
  }

  @Test func instancesOutliveWhatIsNotHeld() throws {
    var next: Function?
    var memory: Memory?
    do {
      let linker = Linker(try Store())
      try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { _, arguments in
        if case .i64(let count) = arguments[0] { [.i32(Int32(count))] } else { [] }
      }
      let instance = try linker.instantiate(try Module(text: Self.counter))
      next = instance.function("next")
      memory = instance.memory("memory")
    }
    #expect(try next?() == [.i32(1)])
    #expect(try next?() == [.i32(2)])
    next = nil
    #expect(try memory?.read(Int32.self, at: 8) == 2)
  }

  /// The exporter's handle goes first; its globals stay for who imports them.
  @Test func anImporterKeepsTheExporter() throws {
    var function: Function?
    do {
      let store = try Store()
      let linker = Linker(store)
      try linker.define(
        "exporter",
        try linker.instantiate(
          try Module(text: #"(module (global (export "g") (mut i32) (i32.const 7)))"#)))
      let importer = try linker.instantiate(
        try Module(
          text: """
            (module (import "exporter" "g" (global $g (mut i32)))
              (func (export "next") (result i32)
                (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))
            """))
      function = importer.function("next")
    }
    #expect(try function?() == [.i32(8)])
    #expect(try function?() == [.i32(9)])
  }

  @Test func allTypesOfValuesPass() throws {
    let store = try Store()
    let types: [ValueType] = [.i32, .i64, .f32, .f64, .v128, .externref, .funcref, .anyref]
    let linker = Linker(store)
    try linker.define("host", "echo", FunctionType(types, types)) { _, arguments in arguments }
    let list = "i32 i64 f32 f64 v128 externref funcref anyref"
    let instance = try linker.instantiate(
      try Module(
        text: """
          (module (import "host" "echo" (func $echo (param \(list)) (result \(list))))
            (type $s (struct (field i32)))
            (func (export "make") (result anyref) (struct.new $s (i32.const 3)))
            (func (export "read") (param anyref) (result i32)
              (struct.get $s 0 (ref.cast (ref $s) (local.get 0))))
            (func (export "echo") (param \(list)) (result \(list))
              \((0..<8).map { "(local.get \($0))" }.joined(separator: " ")) (call $echo)))
          """))
    let object = try #require(try instance.function("make")?().first)
    store.collectGarbage()
    let echo = try #require(instance.function("echo"))
    let nan = Float(bitPattern: 0x7FA0_0001)
    let values: [Value] = [
      .i32(-1), .i64(.min), .f32(nan), .f64(-0.0), .v128(low: 1, high: 2),
      .external(Value.maximumExternal), .function(echo), object,
    ]
    let results = try echo.call(values)
    guard case .f32(let float) = results[2] else {
      Issue.record("\(results)")
      return
    }
    #expect(float.bitPattern == nan.bitPattern)
    for index in [0, 1, 3, 4, 5, 6, 7] { #expect(results[index] == values[index]) }
    #expect(try instance.function("read")?(results[7]) == [.i32(3)])
    let nulls: [Value] = [
      .i32(0), .i64(0), .f32(0), .f64(0), .v128(low: 0, high: 0), .external(nil), .function(nil),
      .reference(nil),
    ]
    #expect(try echo.call(nulls) == nulls)
    #expect(throws: CallError.self) { try echo.call(Array(values.dropLast())) }
    #expect(throws: CallError.self) { try echo.call(values + [.i32(0)]) }
  }

  @Test func storesAreApart() throws {
    let module = try Module(text: Self.counter)
    let (one, other) = (Linker(try Store()), Linker(try Store()))
    for linker in [one, other] {
      try linker.define("host", "log", FunctionType([.i64, .f64], [.i32])) { _, arguments in
        if case .i64(let count) = arguments[0] { [.i32(Int32(count))] } else { [] }
      }
    }
    let (first, second) = (try one.instantiate(module), try other.instantiate(module))
    try first.function("next")?()
    try first.function("next")?()
    #expect(try second.function("next")?() == [.i32(1)])
    // Nothing of one can be given to the other.
    let foreign = try #require(first.function("add"))
    #expect(throws: AccessError.wrongValue) {
      try second.table("table")?.set(0, .function(foreign))
    }
    #expect(throws: LinkError.self) { try other.define("m", "f", .function(foreign)) }
    #expect(throws: LinkError.self) { try other.define("m", first) }
    #expect(throws: InstantiationError.self) {
      try Instance(module, imports: [.function(foreign)], in: second.store)
    }
  }

  @Test func importsThatAreNotMet() throws {
    let linker = Linker(try Store())
    let module = try Module(text: Self.counter)
    let unknown = #expect(throws: InstantiationError.self) { try linker.instantiate(module) }
    guard case .link(let error)? = unknown else {
      Issue.record("\(String(describing: unknown))")
      return
    }
    #expect("\(error)" == "unknown import: host.log")
    try linker.define("host", "log", FunctionType()) { _, _ in [] }
    let wrong = #expect(throws: InstantiationError.self) { try linker.instantiate(module) }
    guard case .link(let error)? = wrong else {
      Issue.record("\(String(describing: wrong))")
      return
    }
    #expect(
      "\(error)" == "incompatible import type: host.log is a function [] -> [], "
        + "wanted is a function [i64 f64] -> [i32]")
  }
}
