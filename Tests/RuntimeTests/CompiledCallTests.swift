// Calls in, out and between functions, as LLVM compiles them: every parameter and result arrives.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledCallTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  @Test(arguments: [true, false]) func factorial(passParameters: Bool) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.function(
      [.i64], [.i64], export: "factorial",
      .local(0) + Code(.i64Eqz)
        + .structured(
          .if, .i64, .i64(1), Code(.else),
          .local(0) + .local(0) + .i64(1) + Code(.i64Sub) + Code(.call, 0) + Code(.i64Mul)))
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    #expect(try instance.call("factorial", .i64(20)) == [.i64(2_432_902_008_176_640_000)])
  }

  /// More parameters and results of each class than there are registers, in a wild order.
  private static let manyTypes: [ValueType] = (0..<40).map { index in
    [.i32, .f64, .i64, .f32, .externref, .v128, .funcref][index * 5 % 7]
  }

  /// A value of `type` that is recognizably number `index`.
  private static func sample(_ type: ValueType, _ index: Int) -> Value {
    switch type {
    case .i32: .i32(0x8000_0000 + UInt32(index))
    case .i64: .i64(0x8000_0000_0000_0000 + UInt64(index))
    case .f32: .float(Float(index) + 0.5)
    case .f64: .double(Double(index) + 0.25)
    case .v128: .v128(low: UInt64(index), high: ~UInt64(index))
    case .externref: .external(UInt64(index))
    default: .function(nil)
    }
  }

  private static var manyValues: [Value] { manyTypes.enumerated().map { sample($1, $0) } }

  @Test(arguments: [true, false]) func manyParametersAndResults(passParameters: Bool) throws {
    let types = Self.manyTypes
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let pass = types.indices.reduce(Code()) { $0 + .local($1) }
    let callee = builder.function(types, types, pass)
    _ = builder.function(types, types, export: "pass", pass + Code(.call, Int(callee)))
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    #expect(try instance.call("pass", Self.manyValues) == Self.manyValues)
  }

  /// The same by way of a host function, which sees the slots.
  @Test(arguments: [true, false]) func manyOfAHostFunction(passParameters: Bool) throws {
    let types = Self.manyTypes
    // Reversed results: the host function copies the arguments before it writes over them.
    let results = Array(types.reversed())
    try linker.define([
      HostFunctionDefinition(
        module: "host", name: "reverse", type: FunctionType(parameters: types, results: results),
        function: { _, slots in
          let types = CompiledCallTests.manyTypes
          let old = SlotLayout(types)
          let copy = Array(UnsafeBufferPointer(start: slots, count: old.byteCount / 8))
          let new = SlotLayout(types.reversed())
          for index in types.indices {
            let from = old.offsets[index] / 8
            let to = new.offsets[types.count - 1 - index] / 8
            for word in 0..<(types[index] == .v128 ? 2 : 1) { slots[to + word] = copy[from + word] }
          }
          return GuestStatus.finished
        }, environment: nil)
    ])
    var builder = WasmBuilder()
    let imported = builder.importFunction("host", "reverse", types, results)
    _ = builder.memory(Limits(minimum: 1))
    let pass = types.indices.reduce(Code()) { $0 + .local($1) }
    _ = builder.function(types, results, export: "call", pass + Code(.call, Int(imported)))
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    #expect(try instance.call("call", Self.manyValues) == Self.manyValues.reversed())
  }

  /// A function's own reference comes back as the same function.
  @Test func functionReferences() throws {
    var builder = WasmBuilder()
    let echo = builder.function([.funcref], [.funcref], export: "echo", .local(0))
    _ = builder.function([], [.funcref], export: "own", Code(.refFunc, Int(echo)))
    let instance = try linker.instantiate(builder)
    let function = try #require(instance.function("echo"))
    #expect(try instance.call("own") == [.function(function)])
    #expect(try instance.call("echo", .function(function)) == [.function(function)])
    #expect(try instance.call("echo", .function(nil)) == [.function(nil)])
  }

  @Test func wrongArguments() throws {
    var builder = WasmBuilder()
    _ = builder.function([.i32], [], export: "f", Code(.nop))
    let instance = try linker.instantiate(builder)
    for arguments in [[], [.i64(1)], [.i32(1), .i32(2)]] as [[Value]] {
      #expect {
        try store.invoke(try #require(instance.function("f")), arguments)
      } throws: { error in
        if case .refused = error as? InvocationError { true } else { false }
      }
    }
  }

  /// The start function runs once, after the segments are there, and need not be exported.
  @Test func startFunction() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1), export: "memory")
    _ = builder.data([41], at: .i32(0))
    builder.start = builder.function(
      [], [],
      .i32(0) + .i32(0) + Code(.i32Load8U, 0, 0) + .i32(1) + Code(.i32Add)
        + Code(.i32Store8, 0, 0))
    let instance = try linker.instantiate(builder)
    let byte = instance.memory("memory")?.guestMemory.bytes(at: 0, count: 1)
    #expect(byte.map(Array.init) == [42])
  }

  @Test func startFunctionThatTraps() throws {
    var builder = WasmBuilder()
    builder.start = builder.function([], [], Code(.unreachable))
    #expect {
      try linker.instantiate(builder)
    } throws: { error in
      guard case .stopped(.trap(let trap)) = error as? InstantiationError else { return false }
      return trap.code == .unreachable && trap.functionIndices == [0]
    }
  }

  @Test func startFunctionOfTheHost() throws {
    final class Counter { var count = 0 }
    let counter = Counter()
    store.keepAlive(counter)
    try linker.define([
      HostFunctionDefinition(
        module: "host", name: "start", type: FunctionType(),
        function: { environment, _ in
          Unmanaged<Counter>.fromOpaque(environment!).takeUnretainedValue().count += 1
          return GuestStatus.finished
        }, environment: Unmanaged.passUnretained(counter).toOpaque())
    ])
    var builder = WasmBuilder()
    builder.start = builder.importFunction("host", "start", [], [])
    _ = try linker.instantiate(builder)
    #expect(counter.count == 1)
  }
}
