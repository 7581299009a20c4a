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
    let hash = sha256(file.bytes)
    let (key, program) = try cache.key(hash)
    if let code = cache.code(key) {
      observer.codeIsReady(CodeOrigin(by: program, isCached: true))
      WarmStart.prepare(file, module, hash, cache)
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
    cache.keep(code.image.file, key)
    WarmStart.prepare(file, module, hash, cache)
    observer.codeIsReady(CodeOrigin(by: program, isCached: false))
    return code
  }

  private var cache: CachedCode { CachedCode(options: options, observer: observer) }
}
