// Compiling all of a module in another process, with what the user is told of it.

import CodeCache
import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// One compilation of a module into an image for the cache.
struct Compilation {
  let file: ModuleFile
  let module: WasmModule.Module
  let key: CacheKey
  /// wasmrun-llvm; nil for the baseline compiler, in a copy of this process.
  let compiler: CompilerProgram?
  let observer: any RunnerObserver

  /// A memory file that holds the image and that nobody can change any more.
  func run() throws(RunnerError) -> OwnedDescriptor {
    let watch = Stopwatch()
    let outcome: CompilerProcess.Outcome
    do throws(Errno) {
      outcome = try compile(watch)
    } catch {
      throw .failed("cannot compile '\(file.path)'", error)
    }
    try outcome.report.check(file.path, ofBaseline: compiler == nil)
    let image = outcome.takeImage()
    do throws(CacheFailure) {
      // An image of something else must never be run, nor be kept under this key.
      try key.check(image.descriptor)
    } catch {
      throw failure("the compiler left no image: \(error)")
    }
    observer.noteIfWanted(
      "compiled \(module.definedFunctionCount) functions by "
        + (compiler == nil ? "the baseline compiler" : "LLVM") + " in \(watch.description)")
    return image
  }

  private func compile(_ watch: Stopwatch) throws(Errno) -> CompilerProcess.Outcome {
    guard let compiler else {
      return try CompilerProcess.baseline(module, file.bytes, key.identity)
    }
    defer { observer.compilationEnded() }
    var progress = CompilationProgress()
    return try CompilerProcess.llvm(compiler.path, file.bytes, key.identity) { done, total in
      progress.doneFunctionCount = done
      progress.functionCount = total
      progress.elapsedNanoseconds = watch.elapsedNanoseconds
      observer.compilation(progress)
    }
  }

  private func failure(_ why: String) -> RunnerError {
    RunnerError(.failed, "cannot compile '\(file.path)'", why)
  }
}

extension CacheKey {
  /// What an image of this key says of itself.
  var identity: CompilerProcess.Identity {
    var identity = CompilerProcess.Identity(options: options)
    identity.moduleHash = moduleHash
    identity.compilerBuild = compilerBuild
    return identity
  }
}
