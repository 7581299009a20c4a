// Which of LLVM's passes run on a unit, and in which order.

internal import CLLVM

/// A textual pass pipeline (`opt -passes=`).
struct PassPipeline {
  let text: String

  /// Brings locals into SSA form and inlines what is to be inlined: what the analyses of
  /// `Exactness` need to see.
  static let locals = PassPipeline(text: "function(mem2reg),always-inline,elim-avail-extern")

  /// Runs the pipeline on `module`.
  func run(_ module: LLVMModuleRef, _ machine: LLVMTargetMachineRef) throws(CompilationError) {
    let options = LLVMCreatePassBuilderOptions()
    defer { LLVMDisposePassBuilderOptions(options) }
    guard let error = LLVMRunPasses(module, text, machine, options) else { return }
    let message = LLVMGetErrorMessage(error)
    defer { LLVMDisposeErrorMessage(message) }
    throw .failed("LLVM pass pipeline: \(message.map { String(cString: $0) } ?? "unknown error")")
  }
}
