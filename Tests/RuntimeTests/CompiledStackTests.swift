// Stack overflow in compiled code, and backtraces through several functions.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized, .timeLimit(.minutes(1))) struct CompiledStackTests {
  private let linker: Linker

  init() throws { linker = Linker(try Store()) }

  /// Also where the call is the last thing a function does: that is no tail call in wasm.
  @Test(arguments: [true, false]) func endlessRecursion(passParameters: Bool) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let runaway = builder.function([], [], export: "runaway", Code(.call, 0))
    // Each calls the other.
    _ = builder.function([.i32], [.i32], export: "even", .local(0) + Code(.call, 2))
    _ = builder.function([.i32], [.i32], export: "odd", .local(0) + Code(.call, 1))
    // Much on each frame: 64 values live across the call.
    let frames = (0..<64).reduce(Code()) { code, index in
      code + .local(0) + .i64(Int64(index)) + Code(.i64Xor)
    }
    let sum = (0..<64).reduce(Code()) { code, _ in code + Code(.i64Add) }
    _ = builder.function(
      [.i64], [.i64], export: "wide",
      frames + .local(0) + .i64(1) + Code(.i64Add) + Code(.call, 3) + sum)
    let instance = try linker.instantiate(builder, passParameters: passParameters)
    #expect(runaway == 0)
    for _ in 0..<2 {
      for (name, arguments) in [
        ("runaway", []), ("even", [.i32(0)]), ("wide", [.i64(1)]),
      ] as [(String, [Value])] {
        let trap = try #require(try instance.trap(name, arguments), "\(name)")
        #expect(trap.code == .stackExhausted)
        #expect("\(trap)" == "call stack exhausted")
        #expect(trap.backtrace.count > 64)
      }
    }
  }

  /// Frames in order, innermost first, with nothing missing that calls something else afterwards.
  @Test func backtraceOfSeveralFunctions() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 3))
    let type = Int(builder.type([.i32], [.i32]))
    // Each calls the next by way of the table and adds something, so it is on the stack.
    func step(_ next: Int) -> Code {
      .local(0) + .i32(Int32(next)) + Code(.callIndirect, type, 0) + .i32(1) + Code(.i32Add)
    }
    let last = builder.function([.i32], [.i32], .local(0) + Code(.i32Load, 0, 0))
    let middle = builder.function([.i32], [.i32], step(0))
    let first = builder.function([.i32], [.i32], export: "first", step(1))
    _ = builder.elements([last, middle, first], at: .i32(0))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("first", .i32(0)) == [.i32(2)])
    let trap = try #require(try instance.trap("first", .i32(0x7000_0000)))
    #expect(trap.functionIndices == [last, middle, first])
    #expect(trap.memoryOffset == 0x7000_0000)
    guard case .frame(let frame) = trap.backtrace[0] else { return }
    #expect(frame.code === instance.code)
  }

  /// A trap at a function's very beginning, on a path that needs no stack: the frame must be there
  /// all the same, else its caller is missing.
  @Test func trapBeforeAnyCall() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 3))
    let type = Int(builder.type([.i32], [.i32]))
    let dispatch = { (place: Int32) in .i32(place) + Code(.callIndirect, type, 0) }
    let last = builder.function([.i32], [.i32], .local(0))
    let middle = builder.function(
      [.i32], [.i32],
      .local(0) + Code(.i32Eqz) + .structured(.if, nil, Code(.unreachable))
        + .local(0) + dispatch(0) + .local(0) + dispatch(0) + Code(.i32Mul))
    let first = builder.function(
      [.i32], [.i32], export: "first", .local(0) + dispatch(1) + .local(0) + Code(.i32Add))
    _ = builder.elements([last, middle, first], at: .i32(0))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("first", .i32(3)) == [.i32(12)])
    #expect(try #require(try instance.trap("first", .i32(0))).functionIndices == [middle, first])
  }
}
