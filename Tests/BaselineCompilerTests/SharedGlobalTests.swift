// Mutable globals that several instances share: one cell, in the VMContext of the instance that
// defines it, whoever compiled the others.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct SharedGlobalTests {
  /// Which compiler makes the code of each of four modules.
  enum Compilers: CaseIterable {
    case baseline, llvm, baselineFirst, llvmFirst

    func compiler(of depth: Int) -> TestedCompiler {
      switch self {
      case .baseline: .baseline
      case .llvm: .llvm
      case .baselineFirst: depth % 2 == 0 ? .baseline : .llvm
      case .llvmFirst: depth % 2 == 0 ? .llvm : .baseline
      }
    }
  }

  private static let types: [ValueType] = [.i32, .i64, .f32, .f64, .v128]

  /// Code that adds one to global `index`.
  private static func increment(_ index: Int, _ type: ValueType) -> Code {
    let one: Code =
      switch type {
      case .i32: .i32(1) + Code(.i32Add)
      case .i64: .i64(1) + Code(.i64Add)
      case .f32: .f32(1) + Code(.f32Add)
      case .f64: .f64(1) + Code(.f64Add)
      default: .v128(low: 1, high: 1) + Code(.i64x2Add)
      }
    return Code(.globalGet, index) + one + Code(.globalSet, index)
  }

  private static func value(_ count: Int, _ type: ValueType) -> Value {
    switch type {
    case .i32: .i32(UInt32(count))
    case .i64: .i64(UInt64(count))
    case .f32: .f32(bits: Float(count).bitPattern)
    case .f64: .f64(bits: Double(count).bitPattern)
    default: .v128(low: UInt64(count), high: UInt64(count))
    }
  }

  private static func zero(_ type: ValueType) -> Code {
    switch type {
    case .i32: .i32(0)
    case .i64: .i64(0)
    case .f32: .f32(0)
    case .f64: .f64(0)
    default: .v128(low: 0, high: 0)
    }
  }

  /// The first module defines a global of each type behind one of its own; each further one imports
  /// them from the one before, and exports them on. `add` adds one, lets the module before add, and
  /// adds one again: nothing may stay in a register across the call.
  private static func module(_ depth: Int) -> WasmBuilder {
    var builder = WasmBuilder()
    let before = "\(depth - 1)"
    var first = 0
    let inner =
      depth == 0 ? Code() : Code(.call, Int(builder.importFunction(before, "add", [], [])))
    if depth == 0 {
      _ = builder.global(.i32, isMutable: true, .i32(1_000))
      first = 1
      for (index, type) in types.enumerated() {
        _ = builder.global(type, isMutable: true, zero(type), export: "\(index)")
      }
    } else {
      for (index, type) in types.enumerated() {
        let global = builder.importGlobal(
          before, "\(index)", GlobalType(value: type, isMutable: true))
        builder.export("\(index)", .global, global)
      }
    }
    let step = types.indices.reduce(Code()) { $0 + increment(first + $1, types[$1]) }
    _ = builder.function([], [], export: "add", step + inner + step)
    for (index, type) in types.enumerated() {
      _ = builder.function([], [type], export: "get \(index)", Code(.globalGet, first + index))
    }
    return builder
  }

  @Test(arguments: Compilers.allCases, [true, false])
  func threeInstancesDeep(compilers: Compilers, passes: Bool) throws {
    var options = CodegenOptions.plain
    options.passParameters = passes
    let store = try Store()
    let linker = Linker(store)
    var instances: [RunningModule] = []
    for depth in 0..<4 {
      let instance = try linker.instantiate(
        Self.module(depth), by: compilers.compiler(of: depth), options: options)
      linker.define("\(depth)", instance)
      instances.append(RunningModule(store: store, instance: instance))
    }
    _ = try instances[3].call("add")
    _ = try instances[1].call("add")
    for instance in instances {
      for (index, type) in Self.types.enumerated() {
        #expect(try instance.call("get \(index)") == [Self.value(12, type)])
        #expect(instance.instance.global("\(index)")?.value == Self.value(12, type))
      }
    }
    // What the host writes at the end of the chain, the beginning reads.
    for (index, type) in Self.types.enumerated() {
      instances[3].instance.global("\(index)")?.value = Self.value(7, type)
      #expect(try instances[0].call("get \(index)") == [Self.value(7, type)])
    }
  }

  /// Whoever exported a global is let go, and what names led to it: those who import it, and the cell
  /// that the host holds, go on with it.
  @Test(arguments: TestedCompiler.allCases)
  func exporterGoesFirst(compiler: TestedCompiler) throws {
    var cell: GlobalCell?
    do {
      let store = try Store()
      var importer: Instance?
      do {
        let linker = Linker(store)
        for depth in 0..<3 {
          let instance = try linker.instantiate(Self.module(depth), by: compiler)
          linker.define("\(depth)", instance)
          importer = instance
        }
      }
      // Memory that something else has been given would show.
      for _ in 0..<8 { _ = try Linker(store).instantiate(Self.module(0), by: compiler) }
      let last = RunningModule(store: store, instance: try #require(importer))
      _ = try last.call("add")
      #expect(try last.call("get 1") == [.i64(6)])
      cell = last.instance.global("1")
    }
    // Not even the store is there.
    for _ in 0..<8 { _ = try Store() }
    #expect(cell?.value == .i64(6))
    cell?.value = .i64(9)
    #expect(cell?.value == .i64(9))
  }
}
