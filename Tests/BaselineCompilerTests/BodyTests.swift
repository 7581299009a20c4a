// Bodies that meet the compiler's own ideas: lazy operands, homes, spills, joins.

import BaselineCompiler
import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

struct BodyTests {
  /// An operand keeps the value that its local had when it was read.
  @Test func operandsOutliveAssignments() throws {
    var builder = WasmBuilder()
    // x - (x = 5; x) for a parameter, and the same through tee.
    _ = builder.function(
      [.i32], [.i32], export: "set",
      .local(0) + .i32(5) + Code(.localSet, 0) + .local(0) + Code(.i32Sub))
    _ = builder.function(
      [.i64], [.i64], export: "tee",
      .local(0) + .local(0) + .i64(3) + Code(.i64Mul) + Code(.localTee, 0) + Code(.i64Sub)
        + .local(0) + Code(.i64Add))
    // x = y - x, in x's own register.
    _ = builder.function(
      [.i32, .i32], [.i32], export: "reversed",
      .local(1) + .local(0) + Code(.i32Sub) + Code(.localSet, 0) + .local(0))
    let instance = try builder.run()
    #expect(try instance.call("set", .i32(12)) == [.i32(7)])
    #expect(try instance.call("tee", .i64(10)) == [.i64(10)])
    #expect(try instance.call("reversed", .i32(4), .i32(10)) == [.i32(6)])
  }

  /// More values at once than there are registers, of both files.
  @Test(arguments: [ValueType.i32, .i64, .f32, .f64])
  func deepExpressionsSpill(_ type: ValueType) throws {
    let add: Opcode =
      switch type {
      case .i32: .i32Add
      case .i64: .i64Add
      case .f32: .f32Add
      default: .f64Add
      }
    var builder = WasmBuilder()
    // Thirty doubled parameters, then their sum.
    var body = Code()
    for _ in 0..<30 { body = body + .local(0) + .local(0) + Code(add) }
    for _ in 0..<29 { body = body + Code(add) }
    _ = builder.function([type], [type], export: "sum", body)
    let instance = try builder.run()
    let (one, sixty): (Value, Value) =
      switch type {
      case .i32: (.i32(1), .i32(60))
      case .i64: (.i64(1), .i64(60))
      case .f32: (.f32(bits: Float(1).bitPattern), .f32(bits: Float(60).bitPattern))
      default: (.f64(bits: 1.0.bitPattern), .f64(bits: 60.0.bitPattern))
      }
    #expect(try instance.call("sum", one) == [sixty])
  }

  /// Locals that are changed on one way only, with calls on the other, inside a loop.
  @Test func joinsAgreeOnHomes() throws {
    var builder = WasmBuilder()
    let identity = builder.function([.i32], [.i32], .local(0))
    // for (; n != 0; n--) { if (n & 1) a += n; else b = identity(b + n); } return a * 1000 + b
    let loop = Code.structured(
      .loop, nil,
      .local(0) + .i32(1) + Code(.i32And),
      Code(.if) + Code.bytes([0x40]),
      .local(1) + .local(0) + Code(.i32Add) + Code(.localSet, 1),
      Code(.else),
      .local(2) + .local(0) + Code(.i32Add) + Code(.call, Int(identity)) + Code(.localSet, 2),
      Code(.end),
      .local(0) + .i32(1) + Code(.i32Sub) + Code(.localTee, 0) + Code(.brIf, 0))
    _ = builder.function(
      [.i32], [.i32], locals: [.i32, .i32], export: "run",
      loop + .local(1) + .i32(1_000) + Code(.i32Mul) + .local(2) + Code(.i32Add))
    let instance = try builder.run()
    #expect(try instance.call("run", .i32(10)) == [.i32(25_030)])
  }

  /// Every case of a `br_table` takes its value along, into a loop's end too.
  @Test func branchTablesCarryValues() throws {
    var builder = WasmBuilder()
    let inner = Code.structured(
      .block, .i32,
      .i32(7) + .local(0) + Code(.brTable, 2, 0, 1, 0))
    let outer = Code.structured(.block, .i32, inner + .i32(100) + Code(.i32Add))
    _ = builder.function([.i32], [.i32], export: "pick", outer + .i32(1) + Code(.i32Add))
    let instance = try builder.run()
    #expect(try instance.call("pick", .i32(0)) == [.i32(108)])
    #expect(try instance.call("pick", .i32(1)) == [.i32(8)])
    #expect(try instance.call("pick", .i32(2)) == [.i32(108)])
    #expect(try instance.call("pick", .i32(.max)) == [.i32(108)])
  }

  /// The upper half of an i32 that came out of an i64 must not get into an address.
  @Test func addressesAreClean() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([1, 2, 3, 4, 5], at: .i32(0))
    _ = builder.function(
      [.i64], [.i32], export: "load",
      .local(0) + .i64(0) + Code(.i64Or) + Code(.i32WrapI64) + Code(.i32Load8U, 0, 1))
    _ = builder.function(
      [.i64], [.i64], export: "widen",
      .local(0) + .i64(0) + Code(.i64Add) + Code(.i32WrapI64) + Code(.i64ExtendI32U))
    let instance = try builder.run()
    #expect(try instance.call("load", .i64(0xFFFF_FFFF_0000_0002)) == [.i32(4)])
    #expect(try instance.call("widen", .i64(0xFFFF_FFFF_0000_0002)) == [.i64(2)])
  }

  @Test func trapsHaveTheirReason() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let type = builder.type([], [])
    _ = builder.table(.funcref, Limits(minimum: 2))
    let other = builder.function([], [.i32], .i32(1))
    _ = builder.elements([other], at: .i32(0))
    _ = builder.function([], [], export: "unreachable", Code(.unreachable))
    _ = builder.function(
      [.i32, .i32], [.i32], export: "divide", .local(0) + .local(1) + Code(.i32DivS))
    _ = builder.function(
      [.i32, .i32], [.i32], export: "remainder", .local(0) + .local(1) + Code(.i32RemS))
    _ = builder.function(
      [.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 0x9000_0000))
    _ = builder.function(
      [.i32], [], export: "indirect", .local(0) + Code(.callIndirect, Int(type), 0))
    _ = builder.function([.f64], [.i32], export: "truncate", .local(0) + Code(.i32TruncF64S))
    let instance = try builder.run()
    #expect(try instance.trap("unreachable") == .unreachable)
    #expect(try instance.trap("divide", .i32(1), .i32(0)) == .integerDivideByZero)
    #expect(try instance.trap("divide", .i32(1 << 31), .i32(.max)) == .integerOverflow)
    #expect(try instance.call("remainder", .i32(1 << 31), .i32(.max)) == [.i32(0)])
    #expect(try instance.trap("load", .i32(0)) == .memoryOutOfBounds)
    #expect(try instance.trap("indirect", .i32(0)) == .indirectCallTypeMismatch)
    #expect(try instance.trap("indirect", .i32(1)) == .uninitializedElement)
    #expect(try instance.trap("indirect", .i32(2)) == .tableOutOfBounds)
    #expect(
      try instance.trap("truncate", .f64(bits: 2_147_483_648.0.bitPattern)) == .integerOverflow)
    #expect(
      try instance.trap("truncate", .f64(bits: Double.nan.bitPattern))
        == .invalidConversionToInteger)
  }

  /// A frame of many pages touches each of them, so that none jumps the stack's guard.
  @Test func largeFramesMeetTheGuard() throws {
    var builder = WasmBuilder()
    let locals = Array(repeating: ValueType.i64, count: 20_000)
    let endless = builder.function(
      [.i64], [.i64], locals: locals, export: "endless",
      .local(0) + Code(.localSet, 9_000) + .local(0) + Code(.call, 0) + .local(9_000)
        + Code(.i64Add))
    #expect(endless == 0)
    _ = builder.function(
      [.i64], [.i64], locals: locals, export: "once",
      .local(19_000) + .local(0) + Code(.localSet, 19_000) + .local(19_000) + Code(.i64Add))
    let instance = try builder.run()
    #expect(try instance.trap("endless", .i64(1)) == .stackExhausted)
    #expect(try instance.call("once", .i64(41)) == [.i64(41)])
  }

  /// Instructions that depend on what the processor can do, with and without it.
  @Test(arguments: [CPUFeatures([.ssse3, .sse41]), CPUFeatures(CPUFeatures.names.map(\.0))])
  func bitCountsAreRight(_ features: CPUFeatures) throws {
    var options = CodegenOptions.plain
    options.cpuFeatures = features
    var builder = WasmBuilder()
    for (name, opcode) in [("clz", Opcode.i64Clz), ("ctz", .i64Ctz), ("ones", .i64Popcnt)] {
      _ = builder.function([.i64], [.i64], export: name, .local(0) + Code(opcode))
    }
    for (name, opcode) in [("clz32", Opcode.i32Clz), ("ctz32", .i32Ctz), ("ones32", .i32Popcnt)] {
      _ = builder.function([.i32], [.i32], export: name, .local(0) + Code(opcode))
    }
    let instance = try builder.run(options: options)
    for value: UInt64 in [0, 1, .max, 0xF0F0_0000_1234_5678, 1 << 63] {
      #expect(
        try instance.call("clz", .i64(value)) == [.i64(UInt64(value.leadingZeroBitCount))])
      #expect(
        try instance.call("ctz", .i64(value)) == [.i64(UInt64(value.trailingZeroBitCount))])
      #expect(try instance.call("ones", .i64(value)) == [.i64(UInt64(value.nonzeroBitCount))])
      let short = UInt32(truncatingIfNeeded: value)
      #expect(
        try instance.call("clz32", .i32(short)) == [.i32(UInt32(short.leadingZeroBitCount))])
      #expect(
        try instance.call("ctz32", .i32(short)) == [.i32(UInt32(short.trailingZeroBitCount))])
      #expect(try instance.call("ones32", .i32(short)) == [.i32(UInt32(short.nonzeroBitCount))])
    }
  }
}
