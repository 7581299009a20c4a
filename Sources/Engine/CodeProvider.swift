// Where a module's code comes from: the cache, or the compiler and then into the cache.

import CodeCache
import CompilerInterface
import Runtime
import SystemCalls
import WasmModule

/// Finds or makes the code of one module.
struct CodeProvider {
  let file: ModuleFile
  let module: Module
  let options: CompilationOptions
  let observer: any EngineObserver

  /// Mapped code, ready to run.
  func code() throws(EngineError) -> LoadedCode {
    // There is no tier-up yet: `auto` waits for LLVM.
    let program = try compilerProgram()
    let build: Hash256
    if let program { build = program.build } else { build = try CompilerProgram.baselineBuild() }
    let key = CacheKey(
      moduleHash: sha256(file.bytes), compilerBuild: build, options: options.codegen)
    let compiler = program == nil ? "baseline" : "llvm"
    if let code = cachedCode(key) {
      observer.codeIsReady(CodeOrigin(compiler: compiler, isCached: true))
      return code
    }
    let image: OwnedDescriptor
    if let program {
      image = try Compilation(
        module: file, key: key, compiler: program, observer: observer
      ).run()
    } else {
      image = try BaselineCompilation(
        file: file, module: module, key: key, observer: observer
      ).run()
    }
    let code: LoadedCode
    do throws(LoadedCode.LoadError) {
      code = try LoadedCode(image.descriptor)
    } catch {
      throw EngineError(.failed, "cannot load the code of '\(file.path)'", error.reason)
    }
    keep(code.image.file, key)
    observer.codeIsReady(CodeOrigin(compiler: compiler, isCached: false))
    return code
  }

  /// wasmrun-llvm; nil where the baseline compiler is to do the work: because it was asked for, or
  /// because wasmrun-llvm, a package of its own, is not installed.
  private func compilerProgram() throws(EngineError) -> CompilerProgram? {
    guard options.strategy == .auto else {
      return options.strategy == .baseline ? nil : try CompilerProgram.find()
    }
    do throws(EngineError) {
      return try CompilerProgram.find()
    } catch {
      observer.noteIfWanted(
        "the baseline compiler makes the code; the package wasmrun-llvm would make faster one")
      return nil
    }
  }

  /// The cache's image; nil where it has none that can be used.
  private func cachedCode(_ key: CacheKey) -> LoadedCode? {
    guard let cache = openCache(creating: false) else { return nil }
    switch cache.lookup(key) {
    case .miss:
      observer.noteIfWanted("the cache has no code for this module")
    case .refused(let failure):
      observer.noteIfWanted("removed an entry of the cache: \(failure)")
    case .hit(let entry):
      do throws(LoadedCode.LoadError) {
        let code = try LoadedCode(entry.file.descriptor)
        observer.noteIfWanted("found code in the cache: \(cache.path)/\(key.entryName)")
        return code
      } catch {
        // A header that is sound does not mean that the rest is.
        cache.remove(key)
        observer.noteIfWanted("removed an entry of the cache: it is \(error.reason)")
      }
    }
    return nil
  }

  /// Puts a new image into the cache. Where that fails, the next run compiles again.
  private func keep(_ image: UnsafeRawBufferPointer, _ key: CacheKey) {
    guard let cache = openCache(creating: true) else { return }
    do throws(CacheFailure) {
      try cache.insert(image, for: key)
      observer.noteIfWanted("kept the code in the cache: \(cache.path)/\(key.entryName)")
    } catch {
      observer.noteIfWanted("the code is not kept: \(error)")
    }
  }

  private func openCache(creating isCreating: Bool) -> CodeCache? {
    guard options.usesCache else { return nil }
    guard let location = CacheLocation() else {
      if isCreating {
        observer.noteIfWanted("there is no cache: neither XDG_CACHE_HOME nor HOME names a folder")
      }
      return nil
    }
    do throws(CacheFailure) {
      return try CodeCache.open(
        location, creating: isCreating, byteLimit: options.cacheByteLimit)
    } catch {
      observer.noteIfWanted("the cache '\(location.path)' is not used: \(error)")
      return nil
    }
  }
}

extension LoadedCode.LoadError {
  /// The reason in words.
  fileprivate var reason: String {
    switch self {
    case .system(let error): "\(error)"
    case .image(let error): "\(error)"
    }
  }
}
