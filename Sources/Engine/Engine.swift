// The engine: from a module file to its end, in the order in which things can go wrong.

import PackageManifest
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
    var options = options
    try options.resolve(observer)
    let file = try ModuleFile(options.modulePath)
    let module = try decode(file)
    let entry = try EntryPoint(module, options)
    let libraries = try Library.load(options.libraries, for: module, file)
    let guest = try Guest(file, module, libraries, options, observer)
    let libraryCode = try libraries.map { library throws(EngineError) in
      try CodeProvider(
        file: library.file, module: library.module, options: options.compilation,
        observer: observer
      ).code()
    }
    let code = try CodeProvider(
      file: file, module: module, options: options.compilation, observer: observer
    ).code()
    observer.noteIfWanted("ready to instantiate after \(watch.description)")
    return try guest.run(entry, code, libraries: libraryCode, observer)
  }

  /// Compiles a module into the cache, unless its code is there already; all modules that its
  /// commands use where `path` is a package's.
  package static func compile(
    _ path: OSString, _ options: CompilationOptions, observer: any EngineObserver
  ) throws(EngineError) {
    var options = options
    try options.addEnvironment()
    for (path, suggestions) in try modules(of: path, observer) {
      var options = options
      options.add(suggestions)
      let file = try ModuleFile(path)
      let module = try decode(file)
      _ = try CodeProvider(
        file: file, module: module, options: options, observer: observer
      ).code()
    }
  }

  /// The module at `path`, or those of the package there that are for wasmrun, each once.
  private static func modules(
    of path: OSString, _ observer: any EngineObserver
  ) throws(EngineError) -> [(path: OSString, suggestions: OptionLayer)] {
    guard Package.isPackage(path) else { return [(path, OptionLayer())] }
    let package = try Package.load(path, observer)
    var modules: [(path: OSString, suggestions: OptionLayer)] = []
    for command in package.manifest.commands where command.isForWASI {
      let (owner, module) = try package.module(of: command)
      let path = owner.path(of: module.source.value)
      guard !modules.contains(where: { $0.path == path }) else { continue }
      modules.append((path, owner.suggestions(for: module)))
    }
    return modules
  }

  /// Checks all of a module, bodies included, without compiling it; those of a package's commands
  /// where `path` is a package's.
  package static func validate(
    _ path: OSString, observer: any EngineObserver
  ) throws(EngineError) {
    for (path, _) in try modules(of: path, observer) { try validate(module: path) }
  }

  private static func validate(module path: OSString) throws(EngineError) {
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
  static func decode(_ file: ModuleFile) throws(EngineError) -> Module {
    do throws(ModuleError) {
      let module = try Module.decode(file.bytes)
      try module.validateDeclarations(bytes: file.bytes)
      return module
    } catch {
      throw .notRunnable(file.path, "\(error)")
    }
  }
}
