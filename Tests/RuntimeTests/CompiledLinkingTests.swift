// Instances that use each other's functions and globals, in compiled code.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledLinkingTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  private static func counterType(_ value: ValueType) -> GlobalType {
    GlobalType(value: value, isMutable: true)
  }

  /// A mutable global handed on three times; each instance sees what the others write at once.
  @Test(arguments: [ValueType.i32, .i64, .f32, .f64])
  func sharedGlobalThreeDeep(type: ValueType) throws {
    let value: Code =
      switch type {
      case .i32: .i32(1)
      case .i64: .i64(1)
      case .f32: .i32(1) + Code(.f32ConvertI32S)
      default: .i32(1) + Code(.f64ConvertI32S)
      }
    let add: Opcode =
      switch type {
      case .i32: .i32Add
      case .i64: .i64Add
      case .f32: .f32Add
      default: .f64Add
      }
    var instances: [Instance] = []
    for depth in 0..<4 {
      var builder = WasmBuilder()
      let global: UInt32
      if depth == 0 {
        global = builder.importGlobal("host", "counter", Self.counterType(type))
      } else {
        global = builder.importGlobal("\(depth - 1)", "counter", Self.counterType(type))
      }
      builder.export("counter", .global, global)
      // Adds one, calls the instance before, reads again: nothing may be kept in a register.
      let inner =
        depth == 0
        ? Code(.nop)
        : Code(.call, Int(builder.importFunction("\(depth - 1)", "add", [], [])))
      _ = builder.function(
        [], [], export: "add",
        Code(.globalGet, 0) + value + Code(add) + Code(.globalSet, 0) + inner
          + Code(.globalGet, 0) + value + Code(add) + Code(.globalSet, 0))
      _ = builder.function([], [type], export: "get", Code(.globalGet, 0))
      if depth == 0 {
        let zero: Value =
          switch type {
          case .i32: .i32(0)
          case .i64: .i64(0)
          case .f32: .f32(bits: 0)
          default: .f64(bits: 0)
          }
        linker.define(
          "host", "counter", .global(try store.makeGlobal(Self.counterType(type), zero)))
      }
      let instance = try linker.instantiate(builder)
      linker.define("\(depth)", instance)
      instances.append(instance)
    }
    _ = try instances[3].call("add")
    let expected: Value =
      switch type {
      case .i32: .i32(8)
      case .i64: .i64(8)
      case .f32: .float(8)
      default: .double(8)
      }
    for instance in instances { #expect(try instance.call("get") == [expected]) }
    guard case .global(let cell) = linker.resolve("host", "counter") else { return }
    #expect(cell.value == expected)
  }

  /// Local globals of every size next to each other keep their values.
  @Test func localGlobals() throws {
    var builder = WasmBuilder()
    let types: [ValueType] = [.i32, .v128, .i64, .f32, .f64, .externref, .i32, .v128, .i32, .i64]
    for (index, type) in types.enumerated() {
      let value: Code =
        switch type {
        case .i32: .i32(Int32(index))
        case .i64: .i64(Int64(index))
        case .f32: Code.f32(Float(index))
        case .f64: Code.f64(Double(index))
        case .v128: .v128(low: UInt64(index), high: ~UInt64(index))
        default: .refNull(.external)
        }
      _ = builder.global(type, isMutable: true, value, export: "\(index)")
      _ = builder.function([], [type], export: "get \(index)", Code(.globalGet, index))
      _ = builder.function(
        [type], [], export: "set \(index)", .local(0) + Code(.globalSet, index))
    }
    let instance = try linker.instantiate(builder)
    func sample(_ type: ValueType, _ index: Int, _ round: Int) -> Value {
      let number = UInt64(index) + UInt64(round) << 20
      return switch type {
      case .i32: .i32(UInt32(number))
      case .i64: .i64(number << 30)
      case .f32: .float(Float(number))
      case .f64: .double(Double(number))
      case .v128: .v128(low: number, high: ~number)
      default: .external(number)
      }
    }
    for (index, type) in types.enumerated() where type != .externref && type != .i64 {
      #expect(try instance.call("get \(index)") == [sample(type, index, 0)])
    }
    for (index, type) in types.enumerated() {
      _ = try instance.call("set \(index)", sample(type, index, 1))
    }
    for (index, type) in types.enumerated() {
      #expect(try instance.call("get \(index)") == [sample(type, index, 1)])
      #expect(instance.global("\(index)")?.value == sample(type, index, 1))
    }
  }

  /// A trap in one instance, called from another: the caller's memory base is not the callee's, and
  /// the backtrace tells both.
  @Test(arguments: [true, false], [true, false])
  func trapAcrossInstances(callerPasses: Bool, calleePasses: Bool) throws {
    var library = WasmBuilder()
    _ = library.memory(Limits(minimum: 1))
    _ = library.function(
      [.i32], [.i32], export: "load", .local(0) + Code(.i32Load8U, 0, 0))
    let callee = try linker.instantiate(library, passParameters: calleePasses)
    linker.define("library", callee)
    var builder = WasmBuilder()
    let load = builder.importFunction("library", "load", [.i32], [.i32])
    _ = builder.memory(Limits(minimum: 2))
    _ = builder.function(
      [.i32], [.i32], export: "call", .local(0) + Code(.call, Int(load)) + .i32(1) + Code(.i32Add))
    let caller = try linker.instantiate(builder, passParameters: callerPasses)
    #expect(try caller.call("call", .i32(65_535)) == [.i32(1)])
    let trap = try #require(try caller.trap("call", .i32(65_536)))
    #expect(trap.code == .memoryOutOfBounds)
    #expect(trap.memoryOffset == 65_536)
    #expect(trap.functionIndices == [0, 1])
    guard case .frame(let inner) = trap.backtrace[0], case .frame(let outer) = trap.backtrace[1]
    else { return }
    #expect(inner.code === callee.code)
    #expect(outer.code === caller.code)
  }

  /// Many parameters and results to another instance go through the same argument area.
  @Test func manyValuesAcrossInstances() throws {
    let types = Array(repeating: ValueType.i64, count: 30)
    var library = WasmBuilder()
    _ = library.function(
      types, types, export: "reverse", types.indices.reversed().reduce(Code()) { $0 + .local($1) })
    linker.define("library", try linker.instantiate(library))
    var builder = WasmBuilder()
    let reverse = builder.importFunction("library", "reverse", types, types)
    let pass = types.indices.reduce(Code()) { $0 + .local($1) }
    _ = builder.function(
      types, types, export: "twice", pass + Code(.call, Int(reverse)) + Code(.call, Int(reverse)))
    let instance = try linker.instantiate(builder)
    let values = types.indices.map { Value.i64(UInt64($0) << 32) }
    #expect(try instance.call("twice", values) == values)
  }
}
