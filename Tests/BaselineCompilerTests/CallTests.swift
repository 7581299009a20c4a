// Calls between code of both compilers: they obey the same ABI page.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

struct CallTests {
  /// Enough of each kind for registers and argument area.
  private static let parameters: [ValueType] = (0..<36).map { [.i32, .i64, .f32, .f64][$0 % 4] }

  /// The values of the parameters: their place and a bit.
  private static var values: [Value] {
    parameters.enumerated().map { place, type in
      switch type {
      case .i32: .i32(UInt32(place) + 0x8000_0000)
      case .i64: .i64(UInt64(place) << 40)
      case .f32: .f32(bits: Float(place).bitPattern)
      default: .f64(bits: (Double(place) + 0.5).bitPattern)
      }
    }
  }

  /// A module that exports `mirror`, which returns its parameters in reverse.
  private func mirror() -> WasmBuilder {
    var builder = WasmBuilder()
    var body = Code()
    for place in Self.parameters.indices.reversed() { body = body + .local(place) }
    _ = builder.function(Self.parameters, Self.parameters.reversed(), export: "mirror", body)
    return builder
  }

  /// A module that hands its parameters on to the imported `mirror`, by a call or a tail call.
  private func caller() -> WasmBuilder {
    var builder = WasmBuilder()
    let imported = builder.importFunction(
      "other", "mirror", Self.parameters, Self.parameters.reversed())
    var arguments = Code()
    for place in Self.parameters.indices { arguments = arguments + .local(place) }
    _ = builder.function(
      Self.parameters, Self.parameters.reversed(), export: "call",
      arguments + Code(.call, Int(imported)))
    _ = builder.function(
      Self.parameters, Self.parameters.reversed(), export: "tail",
      arguments + Code(.returnCall, Int(imported)))
    return builder
  }

  @Test(arguments: TestedCompiler.allCases, TestedCompiler.allCases)
  func argumentsAndResultsArrive(_ callee: TestedCompiler, _ calling: TestedCompiler) throws {
    let store = try Store()
    let linker = Linker(store)
    linker.define("other", try linker.instantiate(mirror(), by: callee))
    let instance = try linker.instantiate(caller(), by: calling)
    for name in ["call", "tail"] {
      let results = try store.invoke(try #require(instance.function(name)), Self.values)
      #expect(results == Self.values.reversed(), "\(name)")
    }
  }

  /// Arguments that are in each other's registers change places.
  @Test func argumentsChangePlaces() throws {
    var builder = WasmBuilder()
    let types: [ValueType] = [.i32, .i32, .i32, .f64, .f64]
    let digits = builder.function(
      types, [.f64],
      .local(0) + .i32(100) + Code(.i32Mul) + .local(1) + .i32(10) + Code(.i32Mul)
        + Code(.i32Add) + .local(2) + Code(.i32Add) + Code(.f64ConvertI32S) + .local(3)
        + .f64(0.1) + Code(.f64Mul) + Code(.f64Add) + .local(4) + .f64(0.01) + Code(.f64Mul)
        + Code(.f64Add))
    _ = builder.function(
      types, [.f64], export: "rotated",
      .local(1) + .local(2) + .local(0) + .local(4) + .local(3) + Code(.call, Int(digits)))
    let instance = try builder.run()
    let double = { (value: Double) in Value.f64(bits: value.bitPattern) }
    let results = try instance.call(
      "rotated", .i32(1), .i32(2), .i32(3), double(4), double(5))
    guard case .f64(let bits) = try #require(results.first) else { return }
    #expect(abs(Double(bitPattern: bits) - 231.54) < 1e-9)
  }

  /// Tail calls take no stack, whatever the types.
  @Test func tailCallsTakeNoStack() throws {
    var builder = WasmBuilder()
    let even = builder.function(
      [.i32], [.i32], export: "even",
      .local(0) + Code(.i32Eqz) + Code(.if) + Code.bytes([0x40]) + .i32(1) + Code(.return)
        + Code(.end) + .local(0) + .i32(1) + Code(.i32Sub) + .i64(0) + Code(.returnCall, 1))
    _ = builder.function(
      [.i32, .i64], [.i32],
      .local(0) + Code(.i32Eqz) + Code(.if) + Code.bytes([0x40]) + .i32(0) + Code(.return)
        + Code(.end) + .local(0) + .i32(1) + Code(.i32Sub) + Code(.returnCall, Int(even)))
    #expect(try builder.run().call("even", .i32(3_000_000)) == [.i32(1)])
  }

  /// Without pass-params a body finds its memory by itself.
  @Test func memoryIsFoundWithoutPassParams() throws {
    var options = CodegenOptions.plain
    options.passParameters = false
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let store = builder.function(
      [.i32, .i32], [], .local(0) + .local(1) + Code(.i32Store, 2, 0))
    _ = builder.function(
      [.i32], [.i32], export: "run",
      .i32(8) + .local(0) + Code(.call, Int(store)) + .i32(8) + Code(.i32Load, 2, 0))
    #expect(try builder.run(options: options).call("run", .i32(77)) == [.i32(77)])
  }
}
