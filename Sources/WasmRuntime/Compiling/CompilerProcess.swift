// Compiling a module in another process: LLVM in the program wasmrun-llvm, the baseline compiler in a
// copy of this one.

import BaselineCompiler
import CompileService
package import CompilerInterface
import Sandbox
package import SystemCalls
package import WasmModule

/// One run of a compiler: module in, sealed image out, reports (`CompilerMessage` lines) in between.
///
/// The protocol of the program: `wasmrun-llvm compile --module-fd N --image-fd N --progress-fd N
/// --module-hash HEX --compiler-build HEX --options FINGERPRINT`. It writes the encoded image to
/// its image descriptor and its lines to the progress pipe; it succeeded if it exits with 0 and
/// reported no error.
package enum CompilerProcess {
  /// What the image is to say of itself.
  package struct Identity: Sendable {
    package var moduleHash = Hash256()
    package var compilerBuild = Hash256()
    package var options: CodegenOptions

    package init(options: CodegenOptions) { self.options = options }
  }

  /// What a compiler has left.
  package struct Outcome: ~Copyable {
    /// A memory file that nobody can change any more; an image where the report has no failure.
    private let image: OwnedDescriptor
    package let report: CompilerReport

    init(_ image: consuming OwnedDescriptor, _ report: CompilerReport) {
      self.image = image
      self.report = report
    }

    package consuming func takeImage() -> OwnedDescriptor { image }
  }

  private static let reportInterval: Int32 = 100

  /// Where a child finds its descriptors.
  private static let first = ChildProcess.firstDescriptor

  static func attempt(
    _ body: () throws(Errno) -> Outcome
  ) throws(CompileError) -> Outcome {
    do { return try body() } catch { throw .failed("the compiler cannot be run: \(error)") }
  }

  // MARK: LLVM.

  /// Runs the program at `path`. `progress` is called every tenth of a second and whenever there is
  /// something new, with how many functions of how many are compiled. Throws what the kernel says.
  package static func llvm(
    _ path: OSString, _ bytes: UnsafeRawBufferPointer, _ identity: Identity,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Errno) -> Outcome {
    let image = try FileDescriptor.memoryFile(named: "wasmrun-image")
    let source = try FileDescriptor.memoryFile(named: "wasmrun-module")
    try source.descriptor.writeAll(bytes)
    try source.descriptor.seal()
    let pipe = try FileDescriptor.pipe()
    let reading = try pipe.reading.descriptor.duplicate()
    let child = try ChildProcess(
      path: path.cString,
      arguments: [
        "compile", "--module-fd", "\(first)", "--image-fd", "\(first + 1)", "--progress-fd",
        "\(first + 2)", "--module-hash", identity.moduleHash.hexadecimal, "--compiler-build",
        identity.compilerBuild.hexadecimal, "--options", "\(identity.options.fingerprint)",
      ], descriptors: [source.descriptor, image.descriptor, pipe.writing.descriptor])
    // From here on the compiler alone keeps the pipe open.
    _ = consume pipe
    var report = try collect(reading.descriptor, progress)
    report.end = try child.wait()
    try image.descriptor.seal()
    return Outcome(image, report)
  }

  /// Reads the pipe to its end.
  private static func collect(
    _ pipe: FileDescriptor, _ progress: (Int, Int) -> Void
  ) throws(Errno) -> CompilerReport {
    var report = CompilerReport()
    var (done, total) = (0, 0)
    try pipe.readLines(waiting: { () throws(Errno) in
      progress(done, total)
      return try pipe.isReadable(within: reportInterval)
    }) { line in
      switch CompilerMessage(line) {
      case .progress(let newDone, let newTotal): (done, total) = (newDone, newTotal)
      case .some(let error): report.error = report.error ?? error
      case nil: break
      }
    }
    return report
  }

  // MARK: The baseline compiler.

  /// Forks a child, which reads the module where it is, locked down. This process must have one thread
  /// only. Throws what the kernel says.
  package static func baseline(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer, _ identity: Identity
  ) throws(Errno) -> Outcome {
    let image = try FileDescriptor.memoryFile(named: "wasmrun-image")
    let pipe = try FileDescriptor.pipe()
    let reading = try pipe.reading.descriptor.duplicate()
    let child = try ChildProcess(forkingWith: [image.descriptor, pipe.writing.descriptor]) {
      compileInChild(module, bytes, identity)
    }
    // From here on the child alone keeps the pipe open.
    _ = consume pipe
    var report = CompilerReport()
    try reading.descriptor.readLines { line in
      report.error = report.error ?? CompilerMessage(line)
    }
    report.end = try child.wait()
    try image.descriptor.seal()
    return Outcome(image, report)
  }

  /// Returns the child's exit status.
  private static func compileInChild(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer, _ identity: Identity
  ) -> Int32 {
    do throws(BaselineError) {
      try leaveImage(module, bytes, identity)
      return 0
    } catch {
      let report = FileDescriptor(rawValue: first + 1)
      try? report.writeLine(CompileFailure(error).reportLine)
      return 1
    }
  }

  private static func leaveImage(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer, _ identity: Identity
  ) throws(BaselineError) {
    let threadCount = availableProcessorCount()
    do throws(LockDownError) {
      _ = try SandboxPolicy.compiler.apply(
        reportingTo: FileDescriptor(rawValue: first + 1),
        before: "error failed its sandbox forbids the system call ", after: "\n")
    } catch {
      throw .failed("cannot lock the compiler down: \(error)")
    }
    var contents = try BaselineCompiler.compile(
      module, bytes: bytes, options: identity.options, threadCount: threadCount)
    contents.moduleHash = identity.moduleHash
    contents.compilerBuild = identity.compilerBuild
    do throws(Errno) {
      try FileDescriptor(rawValue: first).writeAll(contents.encoded())
    } catch {
      throw .failed("cannot write the image: \(error)")
    }
  }
}
