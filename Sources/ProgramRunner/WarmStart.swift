// Starting without reading the module: what an earlier run left in the cache is enough.
//
// Three entries belong to it: which module the file held (the index, by device, inode, size and
// times), that module's declarations and first memory (by its hash), and its code (by hash, compiler
// and options). Where one is missing the module is read, and what was missing is made.

import CodeCache
import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// A module that is ready to run.
struct WarmStart {
  let module: RunnableModule
  let code: CompiledCode

  /// Modules of fewer bytes are read and hashed sooner than the entries are opened.
  static let leastByteCount: Int64 = 128 << 10

  /// What the cache has of the module in `file`; nil where that is not all that a run needs.
  static func find(
    _ file: borrowing OpenedModule, _ cachedCode: CachedCode
  ) throws(RunnerError) -> WarmStart? {
    guard let status = file.status, status.kind == .regular, status.byteCount >= leastByteCount,
      let cache = cachedCode.open(creating: false),
      let hash = cache.moduleHash(ofFileWith: status)
    else { return nil }
    guard
      let module = image(of: hash, cache, cachedCode.observer).flatMap({ image in
        // It is checked, so it decodes; but nothing depends on that.
        try? RunnableModule(image, path: file.path)
      })
    else { return nil }
    let (key, compiler) = try cachedCode.key(hash)
    guard let code = cachedCode.code(key, madeBy: compiler) else { return nil }
    cachedCode.observer.noteIfWanted("the file has not changed, and is not read")
    return WarmStart(module: module, code: code)
  }

  private static func image(
    of hash: Hash256, _ cache: borrowing CodeCache, _ observer: any RunnerObserver
  ) -> ModuleImage? {
    do throws(CacheFailure) {
      guard let stored = try cache.openModule(hash) else { return nil }
      do throws(CodeLoadError) {
        let image = try ModuleImage(stored.file.descriptor, byteCount: stored.byteCount)
        guard image.view.header.moduleHash == hash else {
          throw .image(.doesNotFit("another module"))
        }
        return image
      } catch {
        cache.removeModule(hash)
        observer.noteIfWanted("removed an entry of the cache: it is \(error.reason)")
      }
    } catch {
      cache.removeModule(hash)
      observer.noteIfWanted("removed an entry of the cache: \(error)")
    }
    return nil
  }

  /// Leaves what the next run of `file` needs besides code. The index entry comes last: it promises
  /// the other.
  static func prepare(
    _ file: ModuleFile, _ module: WasmModule.Module, _ hash: Hash256, _ cachedCode: CachedCode
  ) {
    guard let status = file.status, status.byteCount >= leastByteCount,
      CodeCache.isSettled(status), !module.isDynamic(file.bytes),
      let cache = cachedCode.open(creating: true)
    else { return }
    do throws(CacheFailure) {
      if try cache.openModule(hash) == nil {
        guard
          let contents = try? ModuleImageContents(module, bytes: file.bytes, moduleHash: hash)
        else { return }
        try cache.insertModule(contents.encoded(), hash)
      }
      try cache.noteModule(hash, ofFileWith: status)
    } catch {
      cachedCode.observer.noteIfWanted("the module is not kept: \(error)")
    }
  }
}

extension WasmModule.Module {
  /// Whether the module is placed, and finds its libraries, by a section that is not kept beside its
  /// code.
  func isDynamic(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(ModuleError) {
      return try dynamicLinking(bytes: bytes) != nil
    } catch {
      return true
    }
  }
}
