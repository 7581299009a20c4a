// A guest: its store, its imports and what it was granted, until it ends.

import CompilerInterface
import Runtime
import Sandbox
import SystemCalls
import WASI
import WasmModule

/// A module that has everything but its code.
struct Guest {
  private let file: ModuleFile
  private let module: Module
  private let context: WASIContext
  private let store: Store
  private let imports: [Extern]
  /// What the process may do while the guest runs; nil for anything.
  private let policy: SandboxPolicy?
  private let timeLimit: TimeLimit?

  /// Opens what is granted, and finds what the module imports.
  init(
    _ file: ModuleFile, _ module: Module, _ options: RunOptions, _ observer: any EngineObserver
  ) throws(EngineError) {
    self.file = file
    self.module = module
    let grants = try OpenedGrants(options, observer)
    context = try grants.makeContext(options, observer)
    if observer.wantsNotes { GrantNotes.tell(options, module, observer) }
    policy = options.sandbox == .strict ? grants.policy(options, context) : nil
    timeLimit = options.timeLimit
    do throws(ResourceError) {
      store = try Store(Self.limits(options))
    } catch {
      throw Self.cannotStart(file, error)
    }
    imports = try Self.resolve(module, file, store, context)
    if policy != nil { try Self.makeReady(context, for: module) }
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
    _ context: WASIContext, for module: Module
  ) throws(EngineError) {
    do throws(Errno) {
      try context.prepareForLockDown(polls: module.imports.contains { $0.name == "poll_oneoff" })
    } catch {
      throw EngineError(.failed, "cannot get ready for the program", "\(error)")
    }
  }

  // MARK: Imports.

  /// One value an import. WASI is all that there is to import, so no table of names is made, which
  /// would cost a start more than looking the few names up.
  private static func resolve(
    _ module: Module, _ file: ModuleFile, _ store: Store, _ context: WASIContext
  ) throws(EngineError) -> [Extern] {
    var found: [Extern] = []
    found.reserveCapacity(module.imports.count)
    for wanted in module.imports {
      guard let function = context.function(named: wanted.name, module: wanted.module) else {
        throw .notRunnable(
          file.path, "it imports \(wanted.module).\(wanted.name), which wasmrun does not provide")
      }
      do throws(ResourceError) {
        found.append(.function(try store.makeFunction(function)))
      } catch {
        throw cannotStart(file, error)
      }
    }
    return found
  }

  // MARK: Running.

  /// Locks the process down, instantiates the module, and calls its entry point.
  func run(
    _ entry: EntryPoint, _ code: LoadedCode, _ observer: any EngineObserver
  ) throws(EngineError) -> RunOutcome {
    try timeLimit?.start(file)
    // Instantiating may call the module's start function, which is the guest's code already.
    try policy?.lockDown(observer)
    // Host functions know the context by its address alone.
    defer {
      withExtendedLifetime(context) {}
      context.trace?.finish()
    }
    let instance: Instance
    do throws(InstantiationError) {
      instance = try store.instantiate(
        module, bytes: file.bytes, code: code, imports: imports,
        beforeStart: { context.memory = $0.memory("memory")?.guestMemory })
    } catch {
      return try outcome(of: error)
    }
    do throws(InvocationError) {
      if entry.needsInitialization { _ = try call(EntryPoint.library, [], instance) }
      let results = try call(entry.name, entry.arguments, instance)
      return entry.name == EntryPoint.program ? .exited(status: 0) : .returned(results)
    } catch {
      return try outcome(of: error)
    }
  }

  private func call(
    _ name: String, _ arguments: [Value], _ instance: Instance
  ) throws(InvocationError) -> [Value] {
    guard let function = instance.function(name) else {
      throw .refused("the function '\(name)' has gone")
    }
    return try store.invoke(function, arguments)
  }

  private func outcome(of error: InvocationError) throws(EngineError) -> RunOutcome {
    switch error {
    case .trap(let trap):
      let memory = module.memories.count == 1 ? store.instances.last?.memory("memory") : nil
      return .trapped(
        TrapReport(
          trap, module, file.bytes, memoryByteCount: memory?.definition.pointee.byteCount))
    case .exit(let status): return .exited(status: status)
    case .stopped:
      if let status = context.exitStatus { return .exited(status: status) }
      throw EngineError(.failed, "'\(file.path)' was stopped", "a host function gave no reason")
    case .host(let error): throw EngineError(.failed, "'\(file.path)' was stopped", "\(error)")
    case .refused(let why): throw EngineError(.failed, "cannot call into '\(file.path)'", why)
    }
  }

  private func outcome(of error: InstantiationError) throws(EngineError) -> RunOutcome {
    switch error {
    case .stopped(let error): return try outcome(of: error)
    case .link(let error): throw .notRunnable(file.path, "\(error)")
    case .resource(let error): throw Self.cannotStart(file, error)
    case .invalid(let error): throw .notRunnable(file.path, "\(error)")
    case .image(let why): throw EngineError(.failed, "cannot use the code of '\(file.path)'", why)
    }
  }

  private static func cannotStart(_ file: ModuleFile, _ error: ResourceError) -> EngineError {
    var hint: String?
    if case .reservation = error {
      hint = "a limit of address space (ulimit -v) must leave 8 GiB for each memory"
    }
    return EngineError(.failed, "cannot start '\(file.path)'", "\(error)", hint: hint)
  }
}
