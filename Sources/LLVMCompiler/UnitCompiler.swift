// One unit's way from bodies to an object.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// What is compiled at once.
struct Unit: Sendable {
  /// Defined functions, by their index in the function index space, ascending.
  var functions: [UInt32]
}

struct UnitCompiler {
  let program: Program
  let inlining: InliningPlan

  /// Compiles the functions of `unit`. All IR is gone when this returns.
  func compile(
    _ unit: Unit, _ target: borrowing TargetMachine
  ) throws(CompilationError) -> LinkableObject {
    let ir = try optimize(unit, target)
    defer { withExtendedLifetime(ir) {} }
    return try target.emitObject(ir)
  }

  /// The functions of `unit` as IR that code can be generated from.
  func optimize(
    _ unit: Unit, _ target: borrowing TargetMachine
  ) throws(CompilationError) -> UnitModule {
    let ir = try prepare(unit, target)
    try optimize(ir, largestByteCount: unit.functions.map { program.byteCount($0) }.max(), target)
    return ir
  }

  private func optimize(
    _ ir: UnitModule, largestByteCount: Int?, _ target: borrowing TargetMachine
  ) throws(CompilationError) {
    let pipeline = PassPipeline.optimization(
      level: program.options.optimizationLevel, largestByteCount: largestByteCount ?? 0)
    try pipeline.run(ir.module, target)
    var traps = TrapPreservation(ir)
    var widths = WidthPreservation(ir)
    ir.forEachDefinition {
      traps.keepForCodeGeneration(in: $0)
      widths.run(on: $0)
    }
  }

  /// The functions of `unit` as IR that may be optimised in any way that LLVM thinks right.
  func prepare(
    _ unit: Unit, _ target: borrowing TargetMachine
  ) throws(CompilationError) -> UnitModule {
    let ir = UnitModule(program, name: "unit", target: target)
    for index in unit.functions {
      let function = try translate(index, ir)
      ir.placeInOwnSection(function, .function(index))
    }
    try prepare(ir, target)
    return ir
  }

  private func prepare(
    _ ir: UnitModule, _ target: borrowing TargetMachine
  ) throws(CompilationError) {
    ir.positions?.finish()
    #if DEBUG
      try ir.verify()
    #endif
    try PassPipeline.preparation.run(ir.module, target)
    var floats = QuietNaNs(ir)
    var traps = TrapPreservation(ir)
    ir.forEachDefinition {
      floats.run(on: $0)
      traps.keepAll(of: $0)
    }
    try PassPipeline.simplification.run(ir.module, target)
    var widths = WidthPreservation(ir)
    ir.forEachDefinition {
      traps.release(in: $0)
      widths.runOnVectors(of: $0)
    }
  }

  /// Compiles function `index` as it goes on from the head of loop `loop`, counted among the `loop`
  /// instructions of its body: code that is called `symbol` and finds the locals in the argument
  /// area (`CodeRegionLayout` says how). nil where more than locals flows into the loop.
  func compileLoop(
    _ loop: Int, of index: UInt32, as symbol: ImageSymbol, _ target: borrowing TargetMachine
  ) throws(CompilationError) -> LinkableObject? {
    let ir = UnitModule(program, name: "loop", target: target)
    defer { withExtendedLifetime(ir) {} }
    let function = ir.addFunction(
      symbol, ir.signature(ofLoopIn: index).prototype, convention: UnitModule.wasmConvention)
    var translator = FunctionTranslator(
      ir, inlining, index: index, function: function, enteredAt: loop)
    guard try translator.translateFromLoop() else { return nil }
    ir.placeInOwnSection(function, symbol)
    try prepare(ir, target)
    try optimize(ir, largestByteCount: program.byteCount(index), target)
    return try target.emitObject(ir)
  }

  /// Defines function `index` in `ir`.
  private func translate(
    _ index: UInt32, _ ir: UnitModule
  ) throws(CompilationError) -> LLVMValueRef {
    let function = ir.function(index)
    var translator = FunctionTranslator(ir, inlining, index: index, function: function)
    try translator.translate()
    return function
  }

  /// Compiles the thunks of all types, and the helpers.
  func compileThunks(_ target: borrowing TargetMachine) throws(CompilationError) -> LinkableObject {
    let ir = UnitModule(program, name: "thunks", hasBodies: false, target: target)
    for (typeIndex, type) in program.module.types.enumerated() where type.function != nil {
      ir.defineEntryThunk(typeIndex: UInt32(typeIndex))
    }
    for typeIndex in program.importedFunctionTypes { ir.defineHostThunk(typeIndex: typeIndex) }
    defineHelpers(ir)
    return try target.emitObject(ir)
  }

  /// Compiles the helpers alone, for units that are linked by themselves.
  func compileHelpers(_ target: borrowing TargetMachine) throws(CompilationError) -> LinkableObject
  {
    let ir = UnitModule(program, name: "helpers", hasBodies: false, target: target)
    defineHelpers(ir)
    return try target.emitObject(ir)
  }

  private func defineHelpers(_ ir: UnitModule) {
    if !program.module.tags.isEmpty || program.scan.catchesExceptions { ir.defineThrowHelpers() }
    ir.defineHelpers()
  }
}
