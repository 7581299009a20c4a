// A module as a run needs it, wherever it came from.

import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// A module that is decoded and, but for its bodies, known to be valid.
struct RunnableModule {
  let path: OSString
  let module: WasmModule.Module
  /// What `module` was decoded from: the whole module, or its skeleton. Valid as long as this.
  let bytes: UnsafeRawBufferPointer
  /// What memories hold at first beyond the module's own data; for one instance.
  let image: ModuleImage?
  private let owner: AnyObject

  /// Decodes and checks everything but bodies: an image proves that these were valid, and the
  /// compiler checks them before it makes one.
  init(_ file: ModuleFile) throws(RunnerError) {
    do throws(ModuleError) {
      module = try WasmModule.Module.decode(file.bytes)
      try module.validateDeclarations(bytes: file.bytes)
    } catch {
      throw .notRunnable(file, error)
    }
    path = file.path
    bytes = file.bytes
    image = nil
    owner = file
  }

  /// Decodes what the cache, or a precompiled file, has of a module.
  init(_ image: ModuleImage, path: OSString) throws(ModuleError) {
    module = try WasmModule.Module.decode(skeleton: image.view.skeleton)
    self.path = path
    bytes = image.view.skeleton
    self.image = image
    owner = image
  }

  /// The module with its code.
  func compiled(_ code: CompiledCode) -> WasmRuntime.Module {
    WasmRuntime.Module(module, bytes: bytes, code: code, owner: owner)
  }
}
