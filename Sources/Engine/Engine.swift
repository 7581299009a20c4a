// The engine: from a module file to its end, in the order in which things can go wrong.

package import SystemCalls
import WasmModule

/// The only place where compilers, runtime, cache and WASI meet.
package enum Engine {
  /// Runs a module as `options` say. Whatever can be refused is refused before the guest begins,
  /// and what takes no time before what does.
  package static func run(
    _ options: RunOptions, observer: any EngineObserver
  ) throws(EngineError) -> RunOutcome {
    let watch = Stopwatch()
    let file = try ModuleFile(options.modulePath)
    let module = try decode(file)
    let entry = try EntryPoint(module, options)
    let guest = try Guest(file, module, options, observer)
    let code = try CodeProvider(
      file: file, module: module, options: options.compilation, observer: observer
    ).code()
    observer.noteIfWanted("ready to instantiate after \(watch.description)")
    return try guest.run(entry, code, observer)
  }

  /// Compiles a module into the cache, unless its code is there already.
  package static func compile(
    _ path: OSString, _ options: CompilationOptions, observer: any EngineObserver
  ) throws(EngineError) {
    let file = try ModuleFile(path)
    let module = try decode(file)
    _ = try CodeProvider(file: file, module: module, options: options, observer: observer).code()
  }

  /// Checks all of a module, bodies included, without compiling it.
  package static func validate(_ path: OSString) throws(EngineError) {
    let file = try ModuleFile(path)
    var names: FunctionNames?
    do throws(ModuleError) {
      let module = try Module.decode(file.bytes)
      names = module.functionNames(bytes: file.bytes)
      try module.validate(bytes: file.bytes)
    } catch {
      throw .notRunnable(path, error.description(names: names))
    }
  }

  /// Decodes and checks everything but bodies: an image proves that these were valid, and the
  /// compiler checks them before it makes one.
  private static func decode(_ file: ModuleFile) throws(EngineError) -> Module {
    do throws(ModuleError) {
      let module = try Module.decode(file.bytes)
      try module.validateDeclarations(bytes: file.bytes)
      return module
    } catch {
      throw .notRunnable(file.path, "\(error)")
    }
  }
}
