// What the cache has of a module's code, and keeping what was made.

import CodeCache
import CompilerInterface
import SystemCalls
import WasmRuntime

/// The cache as runs with certain options use it. Whatever is wrong with it, the run goes on without.
struct CachedCode {
  let options: CompilationOptions
  let observer: any RunnerObserver

  /// The key of the code that these options ask for, and the compiler that would make it; nil for
  /// the baseline compiler.
  func key(
    _ moduleHash: Hash256
  ) throws(RunnerError) -> (key: CacheKey, compiler: CompilerProgram?) {
    let compiler = try optimizer()
    let build: Hash256
    if let compiler { build = compiler.build } else { build = try CompilerProgram.baselineBuild() }
    let key = CacheKey(moduleHash: moduleHash, compilerBuild: build, options: options.codegen)
    return (key, compiler)
  }

  /// wasmrun-llvm; nil where the baseline compiler is to do the work: because it was asked for, or
  /// because wasmrun-llvm, a package of its own, is not installed.
  private func optimizer() throws(RunnerError) -> CompilerProgram? {
    guard options.strategy == .auto else {
      return options.strategy == .baseline ? nil : try CompilerProgram.find()
    }
    do throws(RunnerError) {
      return try CompilerProgram.find()
    } catch {
      observer.noteIfWanted(
        "the baseline compiler makes the code; the package wasmrun-llvm would make faster one")
      return nil
    }
  }

  /// The image of `key`; nil where there is none that can be used.
  func code(_ key: CacheKey, madeBy compiler: CompilerProgram?) -> CompiledCode? {
    guard let cache = open(creating: false) else { return nil }
    switch cache.lookup(key) {
    case .miss:
      observer.noteIfWanted("the cache has no code for this module")
    case .refused(let failure):
      observer.noteIfWanted("removed an entry of the cache: \(failure)")
    case .hit(let entry):
      do throws(CodeLoadError) {
        let code = try CompiledCode(entry.file.descriptor)
        observer.noteIfWanted("found code in the cache: \(cache.path)/\(key.entryName)")
        observer.codeIsReady(CodeOrigin(compiler, isCached: true))
        return code
      } catch {
        // A header that is sound does not mean that the rest is.
        cache.remove(key)
        observer.noteIfWanted("removed an entry of the cache: it is \(error.reason)")
      }
    }
    return nil
  }

  /// Puts a new image into the cache. Throws where that fails: the next run compiles again.
  func keep(_ image: UnsafeRawBufferPointer, _ key: CacheKey) throws(RunnerError) {
    guard let cache = try find(creating: true) else { return }
    do throws(CacheFailure) {
      try cache.insert(image, for: key)
    } catch {
      throw RunnerError(.failed, "the code is not kept", "\(error)")
    }
    observer.noteIfWanted("kept the code in the cache: \(cache.path)/\(key.entryName)")
  }

  /// What LLVM has made so far of the code of `key`; `busy` where it is not to be kept.
  func work(_ key: CacheKey) -> CodeCache.Work {
    guard let cache = open(creating: true) else { return .busy }
    do throws(CacheFailure) {
      return try cache.work(key)
    } catch {
      observer.noteIfWanted("LLVM's code will not be kept: \(error)")
      return .busy
    }
  }

  /// nil where there is none; why, those are told who want to know.
  func open(creating isCreating: Bool) -> CodeCache? {
    do throws(RunnerError) {
      return try find(creating: isCreating)
    } catch {
      observer.noteIfWanted("\(error.what): \(error.why)")
      return nil
    }
  }

  /// nil where no cache is wanted, or there is none yet.
  func find(creating isCreating: Bool) throws(RunnerError) -> CodeCache? {
    guard options.usesCache else { return nil }
    guard let location = CacheLocation() else {
      guard isCreating else { return nil }
      throw RunnerError(
        .failed, "there is no cache", "neither XDG_CACHE_HOME nor HOME names a folder")
    }
    do throws(CacheFailure) {
      return try CodeCache.open(
        location, creating: isCreating, byteLimit: options.cacheByteLimit)
    } catch {
      throw RunnerError(.failed, "the cache '\(location.path)' is not used", "\(error)")
    }
  }
}
