// The program wasmrun-llvm: takes a module from one descriptor, leaves an image in another.

internal import CompilerInterface
package import Sandbox
internal import SystemCalls
internal import WasmModule

/// `wasmrun-llvm compile --module-fd N --image-fd N --progress-fd N --module-hash HEX
/// --compiler-build HEX --options FINGERPRINT`.
///
/// Lines on the progress descriptor: `progress DONE TOTAL` as functions are finished, and on
/// failure `error invalid MESSAGE` (the module is wrong) or `error failed MESSAGE`.
package enum CompilerCommand {
  /// Runs the command; the result is the process's exit status. The process is held to `policy` from
  /// then on, unless it is nil, as in tests that have more to do.
  package static func run(
    _ arguments: [String], heldTo policy: SandboxPolicy? = .compiler
  ) -> Int32 {
    guard let invocation = CompilerInvocation(arguments) else { return wrongArguments() }
    LLVMFailure.report(to: invocation.progress)
    do throws(CompilationError) {
      try compile(invocation, policy)
      return 0
    } catch {
      switch error {
      case .invalid(let error): invocation.report("error invalid \(error)")
      case .failed(let message): invocation.report("error failed \(message)")
      }
      return 1
    }
  }

  static func wrongArguments() -> Int32 {
    try? FileDescriptor.standardError.writeLine(
      "wasmrun-llvm: wrong arguments: this program is started by wasmrun")
    return 64
  }

  private static func compile(
    _ invocation: CompilerInvocation, _ policy: SandboxPolicy?
  ) throws(CompilationError) {
    let file = try openModule(invocation.module)
    let threadCount = availableProcessorCount()
    if let policy { try lockDown(policy, invocation.progress) }
    // From here on untrusted bytes are read.
    let module = try decode(file.bytes)
    let progress = invocation.progress
    var contents = try LLVMCompiler.compile(
      module, bytes: file.bytes, options: invocation.options,
      threadCount: threadCount
    ) {
      // Nobody may be reading any more; the image is what counts.
      try? progress.writeLine("progress \($0.done) \($0.total)")
    }
    contents.moduleHash = invocation.moduleHash
    contents.compilerBuild = invocation.compilerBuild
    do throws(Errno) {
      try invocation.image.writeAll(contents.encoded())
    } catch {
      throw .failed("cannot write the image: \(error)")
    }
  }

  /// Gives up everything but memory, threads, and the descriptors that are open.
  private static func lockDown(
    _ policy: SandboxPolicy, _ progress: FileDescriptor
  ) throws(CompilationError) {
    do throws(LockDownError) {
      _ = try policy.apply(
        reportingTo: progress, before: "error failed its sandbox forbids the system call ",
        after: "\n")
    } catch {
      throw .failed("cannot lock the compiler down: \(error)")
    }
  }

  private static func openModule(
    _ descriptor: FileDescriptor
  ) throws(CompilationError) -> MappedModule {
    do throws(Errno) {
      return try MappedModule(descriptor)
    } catch {
      throw .failed("cannot read the module: \(error)")
    }
  }

  static func decode(_ bytes: UnsafeRawBufferPointer) throws(CompilationError) -> Module {
    do throws(ModuleError) {
      let module = try Module.decode(bytes)
      try module.validate(bytes: bytes)
      return module
    } catch {
      throw .invalid(error)
    }
  }
}
