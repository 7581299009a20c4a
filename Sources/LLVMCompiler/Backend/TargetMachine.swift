// The machine that code is generated for.

internal import CLLVM
internal import CompilerInterface

/// Owns an LLVM target machine: x86-64, position-independent, small code model. One a thread.
struct TargetMachine: ~Copyable {
  static let triple = "x86_64-unknown-linux-gnu"
  let reference: LLVMTargetMachineRef

  /// Registers LLVM's x86 backend; does nothing from the second call on.
  static func initializeBackend() { backend }

  private static let backend: Void = {
    LLVMInitializeX86TargetInfo()
    LLVMInitializeX86Target()
    LLVMInitializeX86TargetMC()
    LLVMInitializeX86AsmPrinter()
    LLVMInitializeX86AsmParser()
    // Every frame must be whole wherever it can trap, or the caller is missing from the backtrace:
    // LLVM would move a check before the prologue. There is no attribute for it. And a `cmov` that
    // loads must load whatever the condition is: LLVM would branch around it, volatile or not.
    var arguments: [UnsafePointer<CChar>?] = []
    for argument: StaticString in [
      "wasmrun-llvm", "-enable-shrink-wrap=false", "-x86-cmov-converter-force-mem-operand=false",
    ] {
      arguments.append(
        UnsafeRawPointer(argument.utf8Start).assumingMemoryBound(to: CChar.self))
    }
    LLVMParseCommandLineOptions(Int32(arguments.count), &arguments, nil)
  }()

  init(_ options: CodegenOptions) throws(CompilationError) {
    var target: LLVMTargetRef?
    var message: UnsafeMutablePointer<CChar>?
    guard LLVMGetTargetFromTriple(Self.triple, &target, &message) == 0 else {
      throw .failed("no LLVM target for \(Self.triple): \(takeMessage(message))")
    }
    let level = options.optimizationLevel > 2 ? LLVMCodeGenLevelAggressive : LLVMCodeGenLevelDefault
    guard
      let machine = LLVMCreateTargetMachine(
        target, Self.triple, "x86-64", Self.features(options.cpuFeatures), level, LLVMRelocPIC,
        LLVMCodeModelSmall)
    else { throw .failed("LLVM makes no target machine for \(Self.triple)") }
    reference = machine
  }

  deinit { LLVMDisposeTargetMachine(reference) }

  /// LLVM's feature string. SSE4.1 is required of every machine: rounding would call libc without.
  private static func features(_ features: CPUFeatures) -> String {
    let used = features.union([.sse41, .ssse3])
    return CPUFeatures.names.filter { used.contains($0.0) }.map { "+\($0.1)" }
      .joined(separator: ",")
  }

  /// Tells `module` the target and its data layout.
  func configure(_ module: LLVMModuleRef) {
    LLVMSetTarget(module, Self.triple)
    let layout = LLVMCreateTargetDataLayout(reference)
    LLVMSetModuleDataLayout(module, layout)
    LLVMDisposeTargetData(layout)
  }
}

/// The text of a message that LLVM allocated, which is freed.
func takeMessage(_ message: UnsafeMutablePointer<CChar>?) -> String {
  guard let message else { return "" }
  defer { LLVMDisposeMessage(message) }
  return String(cString: message)
}
