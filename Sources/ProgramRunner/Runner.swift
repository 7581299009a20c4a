// The runner: from a module file to its end, in the order in which things can go wrong.

import PackageManifest
package import SystemCalls
import WasmModule
import WasmRuntime

/// The only place where compilers, runtime, cache and WASI meet.
package enum Runner {
  /// Runs a module as `options` say. Whatever can be refused is refused before the guest begins,
  /// and what takes no time before what does.
  package static func run(
    _ options: RunOptions, observer: any RunnerObserver
  ) throws(RunnerError) -> RunOutcome {
    let watch = Stopwatch()
    var options = options
    try options.resolve(observer)
    options.compilation.notesPositions = options.hasDebugInformation
    let opened = try OpenedModule(options.modulePath)
    let cache = CachedCode(options: options.compilation, observer: observer)
    let onlookers = try Onlookers(options)
    var warm = try PrecompiledFile(opened)?.load(isAllowed: options.allowsPrecompiled)
    if warm != nil {
      observer.codeIsReady(CodeOrigin(compiler: "precompiled", isCached: false))
    } else if !options.hasDebugInformation {
      // Lines are in the module alone.
      warm = try WarmStart.find(opened, cache)
    }
    if let warm {
      return try run(warm.module, options, onlookers, observer, watch) { () throws(RunnerError) in
        ProgramCode(warm.code)
      }
    }
    let file = try ModuleFile(opened)
    let module = try RunnableModule(file)
    return try run(module, options, onlookers, observer, watch) { () throws(RunnerError) in
      try CodeProvider(
        file: file, module: module.module, options: options.compilation, observer: observer,
        onlookers: onlookers
      ).programCode()
    }
  }

  private static func run(
    _ module: RunnableModule, _ options: RunOptions, _ onlookers: Onlookers,
    _ observer: any RunnerObserver, _ watch: Stopwatch, code: () throws(RunnerError) -> ProgramCode
  ) throws(RunnerError) -> RunOutcome {
    let entry = try EntryPoint(module.module, options)
    let libraries = try Library.load(options.libraries, for: module)
    let guest = try Guest(module, libraries, options, observer)
    let libraryCode = try libraries.map { library throws(RunnerError) in
      try CodeProvider(
        file: library.file, module: library.module, options: options.compilation,
        observer: observer
      ).code()
    }
    let code = try code()
    let program = LinkedModules(
      libraries: zip(libraries, libraryCode).map { ($0.name, $0.runnable.compiled($1)) },
      main: module.compiled(code.code))
    onlookers.add(program.main)
    for library in program.libraries { onlookers.add(library.module, library: library.name) }
    onlookers.close()
    if options.hasDebugInformation { program.tellOfLinesElsewhere(observer) }
    observer.noteIfWanted("ready to instantiate after \(watch.description)")
    let outcome = try guest.run(entry, program, code.compilers, observer)
    code.compilers?.finishRecording()
    if let compilers = code.compilers { observer.noteIfWanted(compilers.summary) }
    return outcome
  }

  /// Lets `observer` know, in a signal handler, before the process dies of a signal that is no trap.
  package static func observeCrashes(_ observer: @convention(c) (Int32) -> Void) {
    Store.observeCrashes(observer)
  }

  /// Compiles a module into the cache, unless its code is there already; all modules that its
  /// commands use where `path` is a package's. Writes module and code to the precompiled file
  /// `output` besides, if there is to be one; only then may the cache be of no use.
  package static func compile(
    _ path: OSString, _ options: CompilationOptions, to output: OSString? = nil,
    observer: any RunnerObserver
  ) throws(RunnerError) {
    var options = options
    try options.addEnvironment()
    let modules = try modules(of: path, observer)
    if let output, modules.count != 1 {
      throw RunnerError(
        .usage, "cannot compile '\(path)' to '\(output)'",
        "it has \(modules.count) modules, and the file has room for one")
    }
    for (path, suggestions) in modules {
      var options = options
      options.add(suggestions)
      let file = try ModuleFile(path)
      let module = try RunnableModule(file)
      let code = try CodeProvider(
        file: file, module: module.module, options: options, observer: observer,
        isForCache: output == nil
      ).code()
      if let output { try PrecompiledFile.write(module.module, file, code, to: output) }
    }
  }

  /// The module at `path`, or those of the package there that are for wasmrun, each once.
  private static func modules(
    of path: OSString, _ observer: any RunnerObserver
  ) throws(RunnerError) -> [(path: OSString, suggestions: OptionLayer)] {
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
    _ path: OSString, observer: any RunnerObserver
  ) throws(RunnerError) {
    for (path, _) in try modules(of: path, observer) { try validate(module: path) }
  }

  private static func validate(module path: OSString) throws(RunnerError) {
    let file = try ModuleFile(path)
    var names: FunctionNames?
    do throws(ModuleError) {
      let module = try Module.decode(file.bytes)
      names = module.functionNames(bytes: file.bytes)
      try module.validate(bytes: file.bytes)
    } catch {
      guard let names else { throw .notRunnable(file, error) }
      throw .notRunnable(path, error.description(names: names))
    }
  }
}
