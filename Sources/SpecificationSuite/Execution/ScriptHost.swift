// The engine as scripts see it: modules are loaded, linked by registered names, and instantiated.

import CompilerInterface
import Runtime
import WasmModule

/// The store and the linker of a script, and the modules it has loaded.
final class ScriptHost {
  let store: Store
  private let linker: Linker
  private let loader: ModuleLoader
  private let features: Features
  /// Why registered names offer nothing: their modules need features that are missing.
  private var missing: [String: CommandError] = [:]

  /// `folder` holds the script's modules; `collectsAlways` is for `Store.Limits`.
  init(
    folder: String, options: CodegenOptions, compiler: CompilerChoice, collectsAlways: Bool,
    features: Features
  ) throws {
    self.features = features
    var limits = Store.Limits()
    limits.collectsAlways = collectsAlways
    store = try Store(limits)
    linker = Linker(store)
    loader = ModuleLoader(folder: folder, options: options, compiler: compiler)
    try defineSpectest()
  }

  private func defineSpectest() throws(ResourceError) {
    try linker.define(SpectestModule.functions)
    for global in SpectestModule.globals {
      let type = GlobalType(value: global.type, isMutable: false)
      linker.define(
        SpectestModule.name, global.name, .global(try store.makeGlobal(type, global.value)))
    }
    for table in SpectestModule.tables {
      linker.define(SpectestModule.name, table.name, .table(try store.makeTable(table.type)))
    }
    for memory in SpectestModule.memories {
      linker.define(SpectestModule.name, memory.name, .memory(try store.makeMemory(memory.type)))
    }
  }

  /// Offers the exports of `instance` to imports from `moduleName`; where there is no instance,
  /// says so of whatever imports from there.
  func register(
    _ moduleName: String, _ instance: Result<Instance, CommandError>
  ) throws(CommandError) {
    do throws(CommandError) {
      linker.define(moduleName, try instance.get())
      missing[moduleName] = nil
    } catch {
      missing[moduleName] = error
      throw error
    }
  }

  /// Decodes, validates and compiles a module.
  func load(_ file: ModuleFile) throws(CommandError) -> LoadedModule {
    let bytes = try loader.read(file)
    let module: Module
    do throws(ModuleError) {
      module = try bytes.decode(features)
    } catch {
      throw error.kind == .unsupported
        ? .unsupported(error.message) : .failed("the module is refused as \(error.summary)")
    }
    return try loader.compile(module, bytes)
  }

  /// Makes an instance of a module that must have one.
  func instantiate(_ module: LoadedModule) throws(CommandError) -> Instance {
    switch try attempt(module) {
    case .success(let instance): return instance
    case .failure(.invalid(let error)) where error.kind == .unsupported:
      throw .unsupported(error.message)
    case .failure(let error): throw .failed(error.summary)
    }
  }

  /// Tries to make an instance; throws where the attempt would say nothing.
  private func attempt(
    _ loaded: LoadedModule
  ) throws(CommandError) -> Result<Instance, InstantiationError> {
    for wanted in loaded.module.imports {
      if let reason = missing[wanted.module] { throw reason }
    }
    store.keepAlive(loaded.bytes)
    return Result { () throws(InstantiationError) in
      try linker.instantiate(loaded.module, bytes: loaded.bytes.buffer, code: loaded.code)
    }
  }
}

// MARK: Modules that must be refused.

// The messages of malformed, invalid and unlinkable modules are not compared: the specification
// does not say which of several errors is found first, and ours say more.
extension ScriptHost {
  /// The module must not pass decoding and validation, for an error of this kind.
  func assertRefused(_ file: ModuleFile, as kind: ModuleError.Kind) throws(CommandError) {
    let bytes: ModuleBytes
    do throws(CommandError) {
      bytes = try loader.read(file)
    } catch {
      if case .malformedText = error, kind == .malformed { return }
      throw error
    }
    do throws(ModuleError) {
      _ = try bytes.decode(features)
    } catch {
      switch error.kind {
      case kind: return
      // Suites before 3.0 call text malformed whose numbers are too large, such as a memory's size.
      case .invalid where file.isText: return
      case .unsupported: throw .unsupported(error.message)
      default: throw .failed("expected \(kind), got \(error.summary)")
      }
    }
    throw .failed("expected \(kind), but the module is accepted")
  }

  /// The module's imports must not be met.
  func assertUnlinkable(_ file: ModuleFile) throws(CommandError) {
    let module = try load(file)
    switch try attempt(module) {
    case .failure(.link): return
    case .failure(let error): throw .failed("expected a link error, got \(error.summary)")
    case .success: throw .failed("expected a link error, got an instance")
    }
  }

  /// A segment or the start function must trap.
  func assertUninstantiable(_ file: ModuleFile, _ message: String) throws(CommandError) {
    let module = try load(file)
    switch try attempt(module) {
    case .failure(.stopped(.trap(let trap))) where trap.code.isMeant(by: message): return
    case .failure(let error): throw .failed("expected \(message), got \(error.summary)")
    case .success: throw .failed("expected \(message), got an instance")
    }
  }
}
