// Compiling a module by LLVM, in a process of its own.

import CodeCache
import CompilerInterface
import SystemCalls

/// One run of wasmrun-llvm: sealed module in, sealed image out, reports in between.
///
/// The protocol: `wasmrun-llvm compile --module-fd N --image-fd N --progress-fd N
/// --module-hash HEX --compiler-build HEX --options FINGERPRINT`. It writes the encoded image to
/// its image descriptor and `CompilerMessage` lines to the progress pipe; it succeeded if it exits
/// with 0 and reported no error.
struct Compilation {
  let module: ModuleFile
  let key: CacheKey
  let compiler: CompilerProgram
  let observer: any EngineObserver

  private static let reportInterval: Int32 = 100

  /// A memory file that holds the image and that nobody can change any more.
  func run() throws(EngineError) -> OwnedDescriptor {
    let image = try attempt { () throws(Errno) in
      try FileDescriptor.memoryFile(named: "wasmrun-image")
    }
    let report = try attempt { () throws(Errno) in try compile(into: image.descriptor) }
    try report.check(module.path)
    do throws(CacheFailure) {
      // An image of something else must never be run, nor be kept under this key.
      try key.check(image.descriptor)
    } catch {
      throw failure("the compiler left no image: \(error)")
    }
    return image
  }

  private func compile(into image: FileDescriptor) throws(Errno) -> CompilerReport {
    defer { observer.compilationEnded() }
    let source = try FileDescriptor.memoryFile(named: "wasmrun-module")
    try source.descriptor.writeAll(module.bytes)
    try source.descriptor.seal()
    let pipe = try FileDescriptor.pipe()
    let reading = try pipe.reading.descriptor.duplicate()
    let child = try start(source.descriptor, image, pipe.writing.descriptor)
    // From here on the compiler alone keeps the pipe open.
    _ = consume pipe
    var report = try collect(reading.descriptor)
    report.end = try child.wait()
    try image.seal()
    return report
  }

  private func start(
    _ source: FileDescriptor, _ image: FileDescriptor, _ progress: FileDescriptor
  ) throws(Errno) -> ChildProcess {
    let first = ChildProcess.firstDescriptor
    return try ChildProcess(
      path: compiler.path.cString,
      arguments: [
        "compile", "--module-fd", "\(first)", "--image-fd", "\(first + 1)", "--progress-fd",
        "\(first + 2)", "--module-hash", key.moduleHash.hexadecimal, "--compiler-build",
        key.compilerBuild.hexadecimal, "--options", "\(key.options.fingerprint)",
      ], descriptors: [source, image, progress])
  }

  // MARK: The report.

  /// Reads the pipe to its end, and lets the observer know every now and then.
  private func collect(_ pipe: FileDescriptor) throws(Errno) -> CompilerReport {
    let watch = Stopwatch()
    var report = CompilerReport()
    var progress = CompilationProgress()
    var lines = LineSplitter()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
    defer { buffer.deallocate() }
    let take: (String) -> Void = { line in
      switch CompilerMessage(line) {
      case .progress(let done, let total):
        progress.doneFunctionCount = done
        progress.functionCount = total
      case .some(let error): report.error = report.error ?? error
      case nil: break
      }
    }
    while true {
      progress.elapsedNanoseconds = watch.elapsedNanoseconds
      observer.compilation(progress)
      guard try pipe.isReadable(within: Self.reportInterval) else { continue }
      let count = try pipe.read(into: buffer)
      if count == 0 { break }
      lines.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]), take)
    }
    lines.finish(take)
    observer.noteIfWanted(
      "compiled \(progress.functionCount) functions by LLVM in \(watch.description)")
    return report
  }

  private func failure(_ why: String, hint: String? = nil) -> EngineError {
    EngineError(.failed, "cannot compile '\(module.path)'", why, hint: hint)
  }

  private func attempt<Result: ~Copyable>(
    _ body: () throws(Errno) -> Result
  ) throws(EngineError) -> Result {
    do { return try body() } catch { throw failure("\(error)") }
  }
}
