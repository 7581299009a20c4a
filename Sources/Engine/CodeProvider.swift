// Where a module's code comes from: the cache, or the compiler and then into the cache.

import CodeCache
import CompilerInterface
import Runtime
import SystemCalls

/// Finds or makes the code of one module.
struct CodeProvider {
  let module: ModuleFile
  let options: CompilationOptions
  let observer: any EngineObserver

  /// Mapped code, ready to run.
  func code() throws(EngineError) -> LoadedCode {
    guard options.strategy != .baseline else {
      throw EngineError(
        .failed, "cannot use the baseline compiler", "this version of wasmrun has none",
        hint: "leave --compiler out, or use --compiler=llvm")
    }
    let compiler = try CompilerProgram.find()
    let key = CacheKey(
      moduleHash: sha256(module.bytes), compilerBuild: compiler.build, options: options.codegen)
    if let code = cachedCode(key) { return code }
    let image = try Compilation(
      module: module, key: key, compiler: compiler, observer: observer
    ).run()
    let code: LoadedCode
    do throws(LoadedCode.LoadError) {
      code = try LoadedCode(image.descriptor)
    } catch {
      throw EngineError(.failed, "cannot load the code of '\(module.path)'", error.reason)
    }
    keep(code.image.file, key)
    return code
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
      return try CodeCache.open(location, creating: isCreating)
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
