// Which of LLVM's passes run on a unit, and in which order.

internal import CLLVM

/// A textual pass pipeline (`opt -passes=`).
struct PassPipeline {
  let text: String

  /// Only what brings locals into SSA form: what the analyses of `TrapPreservation` need.
  static let locals = PassPipeline(text: "function(mem2reg)")

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
