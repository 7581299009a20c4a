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
    return try target.emitObject(ir.module)
  }

  /// The functions of `unit` as IR that code can be generated from.
  func optimize(
    _ unit: Unit, _ target: borrowing TargetMachine
  ) throws(CompilationError) -> UnitModule {
    let ir = try prepare(unit, target)
    let pipeline = PassPipeline.optimization(
      level: program.options.optimizationLevel,
      largestByteCount: unit.functions.map { program.byteCount($0) }.max() ?? 0)
    try pipeline.run(ir.module, target)
    var widths = WidthPreservation(ir)
    ir.forEachDefinition { widths.run(on: $0) }
    return ir
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
    #if DEBUG
      try ir.verify()
    #endif
    try PassPipeline.preparation.run(ir.module, target)
    var traps = TrapPreservation(ir, keepsAll: program.options.makesEveryLoad)
    var widths = WidthPreservation(ir)
    var floats = QuietNaNs(ir)
    ir.forEachDefinition {
      traps.run(on: $0)
      widths.runOnVectors(of: $0)
      floats.run(on: $0)
    }
    return ir
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
    let ir = UnitModule(program, name: "thunks", target: target)
    for (typeIndex, type) in program.module.types.enumerated() where type.function != nil {
      ir.defineEntryThunk(typeIndex: UInt32(typeIndex))
    }
    for typeIndex in program.importedFunctionTypes { ir.defineHostThunk(typeIndex: typeIndex) }
    if !program.module.tags.isEmpty || program.scan.catchesExceptions { ir.defineThrowHelpers() }
    ir.defineHelpers()
    return try target.emitObject(ir.module)
  }
}
