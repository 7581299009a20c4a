// Global 0 as a parameter, which is for measurements: right for a global that is balanced, and only
// for such a one.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct GlobalZeroTests {
  private let linker: Linker

  init() throws { linker = Linker(try Store()) }

  private static let take = Code(.globalGet, 0) + .i32(16) + Code(.i32Sub) + Code(.globalSet, 0)
  private static let give = Code(.globalGet, 0) + .i32(16) + Code(.i32Add) + Code(.globalSet, 0)

  private func builder() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.global(.i32, isMutable: true, .i32(1_000), export: "global")
    return builder
  }

  /// By index and through a table, in depth, with the host looking on.
  @Test func balancedCallsAreRight() throws {
    var builder = builder()
    // The depth that is left; the sum of the global's values on the way.
    _ = builder.function(
      [.i32], [.i32], export: "descend",
      Self.take + .local(0)
        + .structured(
          .if, .i32, .local(0) + .i32(1) + Code(.i32Sub) + .i32(0),
          Code(.callIndirect, 0, 0), Code(.else), .i32(0))
        + Code(.globalGet, 0) + Code(.i32Add) + Self.give)
    _ = builder.table(.funcref, Limits(minimum: 1))
    _ = builder.elements([0], at: .i32(0))
    let instance = try linker.instantiate(builder, passesGlobalZero: true)
    let sum = (1...11).reduce(Int32(0)) { $0 + 1_000 - 16 * Int32($1) }
    #expect(try instance.call("descend", .i32(10)) == [.int(sum)])
    #expect(instance.global("global")?.value == .i32(1_000))
  }

  /// More parameters of each class than there are registers leave it in its own.
  @Test func manyParametersArrive() throws {
    let types = (0..<24).map { [ValueType.i32, .f64, .i64, .f32][$0 % 4] }
    let values = types.enumerated().map { index, type -> Value in
      switch type {
      case .i32: .i32(UInt32(index))
      case .i64: .i64(UInt64(index) << 40)
      case .f32: .float(Float(index))
      default: .double(Double(index))
      }
    }
    var builder = builder()
    let pass = types.indices.reduce(Code()) { $0 + .local($1) }
    let callee = builder.function(types, types + [.i32], pass + Code(.globalGet, 0))
    _ = builder.function(
      types, types + [.i32], export: "pass", Self.take + pass + Code(.call, Int(callee)) + Self.give
    )
    let instance = try linker.instantiate(builder, passesGlobalZero: true)
    #expect(try instance.call("pass", values) == values + [.i32(984)])
  }

  /// What makes it unsafe: the caller does not see what a callee leaves.
  @Test func unbalancedCallsAreNotSeen() throws {
    var builder = builder()
    // LLVM inlines no function that calls itself.
    let taking = builder.function(
      [.i32], [], Self.take + .local(0) + .structured(.if, nil, .i32(0) + Code(.call, 0)))
    _ = builder.function(
      [], [.i32], export: "run", .i32(0) + Code(.call, Int(taking)) + Code(.globalGet, 0))
    let unsafe = try linker.instantiate(builder, passesGlobalZero: true)
    #expect(try unsafe.call("run") == [.i32(1_000)])
    #expect(unsafe.global("global")?.value == .i32(984))
    #expect(try linker.instantiate(builder).call("run") == [.i32(984)])
  }
}
