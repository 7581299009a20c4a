// Compiling a module by the baseline compiler, in a copy of this process.

import BaselineCompiler
import CodeCache
import CompileService
import CompilerInterface
import Sandbox
import SystemCalls
import WasmModule

/// One run of the baseline compiler: a forked child reads the module where it is, locked down, and
/// leaves an image in a memory file. What it reports are `CompilerMessage` lines, as wasmrun-llvm's.
struct BaselineCompilation {
  let file: ModuleFile
  let module: Module
  let key: CacheKey
  let observer: any EngineObserver

  /// Where the child finds its descriptors.
  private static let image = FileDescriptor(rawValue: ChildProcess.firstDescriptor)
  private static let report = FileDescriptor(rawValue: ChildProcess.firstDescriptor + 1)

  /// A memory file that holds the image and that nobody can change any more.
  func run() throws(EngineError) -> OwnedDescriptor {
    let watch = Stopwatch()
    let image = try attempt { () throws(Errno) in
      try FileDescriptor.memoryFile(named: "wasmrun-image")
    }
    let report = try attempt { () throws(Errno) in try compile(into: image.descriptor) }
    try report.check(file.path, hint: "--compiler=llvm has all that wasmrun knows")
    do throws(CacheFailure) {
      try key.check(image.descriptor)
    } catch {
      throw EngineError(
        .failed, "cannot compile '\(file.path)'", "the compiler left no image: \(error)")
    }
    observer.noteIfWanted(
      "compiled \(module.definedFunctionCount) functions by the baseline compiler in "
        + watch.description)
    return image
  }

  private func attempt<Result: ~Copyable>(
    _ body: () throws(Errno) -> Result
  ) throws(EngineError) -> Result {
    do { return try body() } catch {
      throw EngineError(.failed, "cannot compile '\(file.path)'", "\(error)")
    }
  }

  private func compile(into image: FileDescriptor) throws(Errno) -> CompilerReport {
    let pipe = try FileDescriptor.pipe()
    let reading = try pipe.reading.descriptor.duplicate()
    let child = try ChildProcess(forkingWith: [image, pipe.writing.descriptor]) {
      compileInChild()
    }
    // From here on the child alone keeps the pipe open.
    _ = consume pipe
    var report = CompilerReport()
    try reading.descriptor.readLines { line in
      report.error = report.error ?? CompilerMessage(line)
    }
    report.end = try child.wait()
    try image.seal()
    return report
  }

  // MARK: In the child.

  /// Returns the child's exit status.
  private func compileInChild() -> Int32 {
    do throws(BaselineError) {
      try leaveImage()
      return 0
    } catch {
      try? Self.report.writeLine(CompileFailure(error).reportLine)
      return 1
    }
  }

  private func leaveImage() throws(BaselineError) {
    let threadCount = availableProcessorCount()
    do throws(LockDownError) {
      _ = try SandboxPolicy.compiler.apply(
        reportingTo: Self.report, before: "error failed its sandbox forbids the system call ",
        after: "\n")
    } catch {
      throw .failed("cannot lock the compiler down: \(error)")
    }
    var contents = try BaselineCompiler.compile(
      module, bytes: file.bytes, options: key.options, threadCount: threadCount)
    contents.moduleHash = key.moduleHash
    contents.compilerBuild = key.compilerBuild
    do throws(Errno) {
      try Self.image.writeAll(contents.encoded())
    } catch {
      throw .failed("cannot write the image: \(error)")
    }
  }
}
