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
    guard let invocation = CompilerInvocation(arguments) else {
      try? FileDescriptor.standardError.writeLine(
        "wasmrun-llvm: wrong arguments: this program is started by wasmrun")
      return 64
    }
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

  private static func decode(_ bytes: UnsafeRawBufferPointer) throws(CompilationError) -> Module {
    do throws(ModuleError) {
      let module = try Module.decode(bytes)
      try module.validate(bytes: bytes)
      return module
    } catch {
      throw .invalid(error)
    }
  }
}

/// The command line, read.
struct CompilerInvocation {
  let module: FileDescriptor
  let image: FileDescriptor
  let progress: FileDescriptor
  let moduleHash: Hash256
  let compilerBuild: Hash256
  let options: CodegenOptions

  /// `arguments` are the process's, the program's name first; nil where they are not as they must
  /// be.
  init?(_ arguments: [String]) {
    guard arguments.count >= 2, arguments[1] == "compile", arguments.count % 2 == 0 else {
      return nil
    }
    var values: [String: String] = [:]
    for index in stride(from: 2, to: arguments.count, by: 2) {
      values[arguments[index]] = arguments[index + 1]
    }
    let descriptor = { (name: String) in
      values.removeValue(forKey: name).flatMap { Int32($0) }.map { FileDescriptor(rawValue: $0) }
    }
    let hash = { (name: String) in
      values.removeValue(forKey: name).flatMap { Hash256(hexadecimal: $0) }
    }
    guard let module = descriptor("--module-fd"), let image = descriptor("--image-fd"),
      let progress = descriptor("--progress-fd"), let moduleHash = hash("--module-hash"),
      let compilerBuild = hash("--compiler-build"),
      let fingerprint = values.removeValue(forKey: "--options").flatMap({ UInt64($0) }),
      let options = CodegenOptions(fingerprint: fingerprint), values.isEmpty
    else { return nil }
    (self.module, self.image, self.progress) = (module, image, progress)
    (self.moduleHash, self.compilerBuild, self.options) = (moduleHash, compilerBuild, options)
  }

  func report(_ line: String) { try? progress.writeLine(line) }
}
