// Which of LLVM's passes run on a unit, and in which order.

internal import CLLVM

/// A textual pass pipeline (`opt -passes=`).
///
/// LLVM's own pipelines will not do. They infer that calls which only compute and load can be
/// dropped, but such a load may trap; they make loops of calls, but a runaway recursion must end in
/// "call stack exhausted"; and half of their time goes into what gains nothing here. So no
/// `function-attrs`, no `tailcallelim`, no interprocedural propagation, no inliner.
struct PassPipeline {
  let text: String

  /// Brings locals into SSA form, as the analyses of `Exactness` need them.
  static let preparation = PassPipeline(text: "function(mem2reg)")

  /// Simplifies what does not depend on memory. While every load is kept, it shows which of them
  /// nobody needs. It runs before the pipelines below.
  static let simplification = PassPipeline(
    text: "function<eager-inv>(simplifycfg,\(combine),simplifycfg)")

  /// The pipeline for a unit, by the user's level (1-3) and the bytes of its largest body.
  ///
  /// Measured on CPython (4 units, seconds in passes; code generation takes 2.1 with any) and on
  /// fifteen C programs (geometric mean of times relative to native): LLVM's O2 2.5 and 1.06, O1
  /// 1.75; level 3 1.9 and 1.06; level 2 1.4 and 1.06; level 1 1.2 and 1.16, for it has no
  /// vectoriser.
  static func optimization(level: Int, largestByteCount: Int) -> PassPipeline {
    let passes =
      switch largestByteCount > hugeByteCount ? 1 : level {
      case 1: scalar
      case 2: scalarAndLoops
      default: thorough
      }
    return PassPipeline(text: "function<eager-inv>(\(passes.joined(separator: ",")))")
  }

  /// Bytes of a body from which on passes that take more than linear time are left out.
  private static let hugeByteCount = 128 << 10

  /// LLVM asserts that one round of it is enough, which is for LLVM's developers to know.
  private static let combine = "instcombine<no-verify-fixpoint>"

  private static let scalar = [
    "early-cse<memssa>", combine, "simplifycfg", "loop-mssa(loop-rotate,licm)",
    "gvn", "jump-threading", "correlated-propagation", "dse", "adce", "simplifycfg", combine,
  ]

  private static let scalarAndLoops = [
    "early-cse<memssa>", combine, "simplifycfg",
    "loop-mssa(loop-simplifycfg,loop-rotate,licm)", "loop(indvars,loop-unroll-full)", "gvn",
    "jump-threading", "correlated-propagation", "dse", "adce", "loop-mssa(licm)", "simplifycfg",
    combine, "loop-vectorize", "vector-combine", "loop-unroll<O2>", "simplifycfg", combine,
    "loop-mssa(licm)",
  ]

  private static let thorough = [
    "early-cse<memssa>", combine, "simplifycfg", "reassociate",
    "loop-mssa(loop-simplifycfg,loop-rotate,licm,simple-loop-unswitch<nontrivial>)",
    "simplifycfg", combine, "loop(indvars,loop-deletion,loop-unroll-full)", "gvn", "sccp", "bdce",
    combine, "jump-threading", "correlated-propagation", "dse", "loop-mssa(licm)",
    "simplifycfg<hoist-common-insts;sink-common-insts>", combine, "loop-vectorize", combine,
    "simplifycfg", "slp-vectorizer", "vector-combine", combine, "loop-unroll<O3>", combine,
    "loop-mssa(licm)", "div-rem-pairs", "simplifycfg",
  ]

  /// Runs the pipeline on `module`.
  func run(
    _ module: LLVMModuleRef, _ target: borrowing TargetMachine
  ) throws(CompilationError) {
    let options = LLVMCreatePassBuilderOptions()
    defer { LLVMDisposePassBuilderOptions(options) }
    guard let error = LLVMRunPasses(module, text, target.reference, options) else { return }
    let message = LLVMGetErrorMessage(error)
    defer { LLVMDisposeErrorMessage(message) }
    throw .failed("LLVM pass pipeline: \(message.map { String(cString: $0) } ?? "unknown error")")
  }
}
