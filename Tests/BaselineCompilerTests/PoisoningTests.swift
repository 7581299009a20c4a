// Code whose 32-bit parameters and results come with garbage in their upper halves.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

struct PoisoningTests {
  private static var options: CodegenOptions {
    var options = CodegenOptions.plain
    options.poisonsUpperHalves = true
    return options
  }

  /// All uses that need a clean upper half: extension, addresses, table indices, conversions.
  @Test func garbageIsNeverSeen() throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let identity = builder.function([.i32], [.i32], .local(0))
    let call = Code.local(0) + Code(.call, Int(identity))
    _ = builder.function([.i32], [.i64], export: "parameter", .local(0) + Code(.i64ExtendI32U))
    _ = builder.function([.i32], [.i64], export: "result", call + Code(.i64ExtendI32U))
    _ = builder.function([.i32], [.i32], export: "load", call + Code(.i32Load8U, 0, 0))
    _ = builder.function([.i32], [.f64], export: "convert", call + Code(.f64ConvertI32U))
    _ = builder.function(
      [.i32], [.i64], export: "block",
      .structured(.block, .i32, call) + Code(.i64ExtendI32U))
    let module = try builder.run(options: Self.options)
    let value: UInt32 = 0x9000_0001
    #expect(try module.call("parameter", .i32(value)) == [.i64(UInt64(value))])
    #expect(try module.call("result", .i32(value)) == [.i64(UInt64(value))])
    #expect(try module.call("block", .i32(value)) == [.i64(UInt64(value))])
    #expect(try module.call("load", .i32(5)) == [.i32(0)])
    #expect(try module.call("convert", .i32(value)) == [.f64(bits: Double(value).bitPattern)])
  }

  /// The mode does something: code differs from the ordinary, and its options have another key.
  @Test func optionsDiffer() {
    #expect(Self.options.fingerprint != CodegenOptions.plain.fingerprint)
    #expect(CodegenOptions(fingerprint: Self.options.fingerprint) == Self.options)
  }
}
