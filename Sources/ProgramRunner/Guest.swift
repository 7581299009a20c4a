// A guest: its store, its imports and what it was granted, until it ends.

import Sandbox
import SystemCalls
import WASI
import WasmModule
import WasmRuntime

/// A module that has everything but its code.
struct Guest {
  private let module: RunnableModule
  private let context: WASIContext
  private let store: Store
  private let libraries: [Library]
  private let imports: [ImportSource]
  private let dynamic: DynamicLinking?
  /// One list a library.
  private let libraryImports: [[ImportSource]]
  /// What the process may do while the guest runs; nil for anything.
  private let policy: SandboxPolicy?
  private let timeLimit: TimeLimit?
  private let coreDump: CoreDumpFile?
  /// nil for a guest that starts no threads.
  private let threads: GuestThreads?

  /// Opens what is granted, and finds what the module imports.
  init(
    _ module: RunnableModule, _ libraries: [Library], _ options: RunOptions,
    _ observer: any RunnerObserver
  ) throws(RunnerError) {
    self.libraries = libraries
    self.module = module
    let grants = try OpenedGrants(options, observer)
    context = try grants.makeContext(options, observer)
    if observer.wantsNotes { GrantNotes.tell(options, module.module, observer) }
    policy = options.sandbox == .strict ? grants.policy(options, context) : nil
    timeLimit = options.timeLimit
    coreDump = try options.coreDumpPath.map { path throws(RunnerError) in
      try CoreDumpFile(path)
    }
    let limits = Self.limits(options)
    threads = try GuestThreads(module, libraries, options, limits, observer)
    do throws(ResourceError) {
      store = try Store(limits: limits)
    } catch {
      throw Self.cannotStart(module.path, error)
    }
    threads?.begin(store, context)
    let modules = libraries.map(\.runnable) + [module]
    dynamic = try DynamicLinking(modules, store)
    let resolver = ImportResolver(
      store: store, context: context, libraries: libraries, dynamic: dynamic, threads: threads,
      allowsThreads: options.allowsThreads)
    libraryImports = try libraries.indices.map { index throws(RunnerError) in
      try resolver.resolve(libraries[index].runnable, libraryCount: index)
    }
    imports = try resolver.resolve(module, libraryCount: libraries.count)
    if policy != nil {
      try Self.makeReady(context, for: modules.map(\.module))
    }
  }

  private static func limits(_ options: RunOptions) -> Store.Limits {
    var limits = Store.Limits()
    limits.memoryByteCount = options.memoryByteLimit
    limits.heapByteCount = options.memoryByteLimit
    limits.tableElementCount = options.tableElementLimit
    if let stackByteCount = options.stackByteCount { limits.stackByteCount = stackByteCount }
    return limits
  }

  // MARK: The sandbox.

  /// Opens what could not be opened any more when it is needed.
  private static func makeReady(
    _ context: WASIContext, for modules: [WasmModule.Module]
  ) throws(RunnerError) {
    let polls = modules.contains { $0.imports.contains { $0.name == "poll_oneoff" } }
    do throws(Errno) {
      try context.prepareForLockDown(polls: polls)
    } catch {
      throw RunnerError(.failed, "cannot get ready for the program", "\(error)")
    }
  }

  // MARK: Running.

  /// Locks the process down, instantiates the libraries and the module, and calls its entry point.
  /// `compilers` still make code of it.
  func run(
    _ entry: EntryPoint, _ program: LinkedModules, _ compilers: RunningCompilers?,
    _ observer: any RunnerObserver
  ) throws(RunnerError) -> RunOutcome {
    try timeLimit?.start(module.path)
    // Instantiating may call the module's start function, which is the guest's code already.
    try policy?.lockDown(observer)
    try compilers?.waitUntilReady(module.path)
    // Host functions know the context by its address alone.
    defer {
      withExtendedLifetime(context) {}
      context.trace?.finish()
      coreDump?.discard()
    }
    let reader = GuestResultReader(
      path: module.path, program: program, compilers: compilers, coreDump: coreDump,
      observer: observer)
    guard let threads else {
      return try reader.outcome(of: run(entry, program), store, context)
    }
    return try threads.run {
      run(entry, program)
    } meaning: { result, store, context throws(RunnerError) in
      try reader.outcome(of: result, store, context)
    }
  }

  /// Instantiates the libraries and the module, and calls the entry point.
  private func run(
    _ entry: EntryPoint, _ program: LinkedModules
  ) -> GuestResult {
    var instances: [Instance] = []
    for (index, library) in program.libraries.enumerated() {
      do throws(InstantiationError) {
        instances.append(try link(index, library.module, instances))
      } catch {
        return .instantiation(error, of: libraries[index].runnable)
      }
    }
    let instance: Instance
    do throws(InstantiationError) {
      instance = try Instance(
        program.main, values: imports.map { $0.value(instances) }, in: store, image: module.image,
        beforeStart: { instance in
          context.memory =
            (instance.memory("memory") ?? instance.importedMemories.first)?.guestMemory
          threads?.main?.instance = instance
          dynamic?.publish(instance, moduleIndex: libraries.count)
        })
      try relocate(instances + [instance])
    } catch {
      return .instantiation(error, of: module)
    }
    do throws(CallError) {
      if entry.needsInitialization { _ = try call(EntryPoint.library, [], instance) }
      let results = try call(entry.name, entry.arguments, instance)
      return .outcome(
        entry.name == EntryPoint.program ? .exited(status: 0) : .returned(results))
    } catch {
      return .call(error)
    }
  }

  /// Instantiates a library, and initializes it if it wants that.
  private func link(
    _ index: Int, _ module: WasmRuntime.Module, _ earlier: [Instance]
  ) throws(InstantiationError) -> Instance {
    let instance = try Instance(
      module, values: libraryImports[index].map { $0.value(earlier) }, in: store,
      beforeStart: { instance in
        context.memory = instance.firstMemory?.guestMemory
        dynamic?.publish(instance, moduleIndex: index)
      })
    guard let function = instance.function(EntryPoint.library), function.type == FunctionType()
    else { return instance }
    do throws(CallError) {
      try function.call()
    } catch {
      throw .stopped(error)
    }
    return instance
  }

  /// Lets modules that were placed here put the addresses into their data, then libraries construct
  /// what they have.
  private func relocate(_ instances: [Instance]) throws(InstantiationError) {
    guard dynamic != nil else { return }
    let calls =
      instances.map { ($0, DynamicLinking.relocations) }
      + instances.dropLast().map { ($0, DynamicLinking.constructors) }
    for (instance, name) in calls {
      guard let function = instance.function(name), function.type == FunctionType() else {
        continue
      }
      do throws(CallError) {
        try function.call()
      } catch {
        throw .stopped(error)
      }
    }
  }

  private func call(
    _ name: String, _ arguments: [Value], _ instance: Instance
  ) throws(CallError) -> [Value] {
    guard let function = instance.function(name) else {
      throw .refused("the function '\(name)' has gone")
    }
    return try function.call(arguments)
  }

  static func cannotStart(_ path: OSString, _ error: ResourceError) -> RunnerError {
    var hint: String?
    if error.kind == .addressSpace {
      hint = "a limit of address space (ulimit -v) must leave 8 GiB for each memory"
    }
    return RunnerError(.failed, "cannot start '\(path)'", "\(error)", hint: hint)
  }
}
