// Executes a script's commands against the engine, one after the other.

package import CompilerInterface
import Runtime
package import WasmModule

/// The state of a running script. Spec: the interpreter's README, "Scripts".
package final class ScriptRunner {
  private let host: ScriptHost
  /// Modules kept by `module_definition`, by name; under nil the last one.
  private var definitions: [String?: Result<LoadedModule, CommandError>] = [:]
  /// Instances by name; under nil the current one. Where there is none, why.
  private var instances: [String?: Result<Instance, CommandError>] = [:]

  /// Threads that were started, by name.
  private var threads: [String: ScriptThread] = [:]
  /// Makes a runner like this one, with a store of its own.
  private let makeRunner: () throws -> ScriptRunner

  /// `folder` holds the script's modules, which may use `features`; `collectsAlways` is for
  /// `Store.Limits`.
  package init(
    folder: String, options: CodegenOptions, compiler: CompilerChoice = .llvm,
    collectsAlways: Bool = false, features: Features = .all
  ) throws {
    host = try ScriptHost(
      folder: folder, options: options, compiler: compiler, collectsAlways: collectsAlways,
      features: features)
    makeRunner = {
      try ScriptRunner(
        folder: folder, options: options, compiler: compiler, collectsAlways: collectsAlways,
        features: features)
    }
  }

  /// Executes `commands`, all of them whatever comes of each, and hands on each outcome at once.
  package func run(_ commands: [Command], _ report: (Outcome) -> Void) {
    for command in commands {
      var result = Outcome.Result.passed
      do throws(CommandError) {
        try perform(command.body)
      } catch {
        result = error.outcome
      }
      if case .wait(let name) = command.body { threads[name]?.join().forEach(report) }
      report(Outcome(line: command.line, result: result))
    }
    // A thread uses what belongs to this runner.
    for thread in threads.values { _ = thread.join() }
  }

  private func perform(_ command: Command.Body) throws(CommandError) {
    switch command {
    case .module(let file, let name):
      try keep(instance: name) { () throws(CommandError) in
        try host.instantiate(try host.load(file))
      }
    case .moduleDefinition(let file, let name):
      let loaded = Result { () throws(CommandError) in try host.load(file) }
      definitions[nil] = loaded
      if let name { definitions[name] = loaded }
      _ = try loaded.get()
    case .moduleInstance(let name, let definition):
      try keep(instance: name) { () throws(CommandError) in
        guard let definition = definitions[definition] else {
          throw .failed("no module definition of that name")
        }
        return try host.instantiate(try definition.get())
      }
    case .register(let moduleName, let name):
      try host.register(moduleName, instance(name))
    case .action(let action):
      _ = try results(of: action)
    case .assertReturn(let action, let expected):
      try assertReturn(action, expected)
    case .assertTrap(let action, let message):
      try assertTrap(action) { $0.isMeant(by: message) }
    case .assertException(let action):
      try assertTrap(action) { $0 == .uncaughtException }
    case .thread(let name, let sharedModule, let commands):
      threads[name] = ScriptThread(try runner(sharing: sharedModule), commands)
    case .wait(let name):
      if threads[name] == nil { throw .failed("no thread called \(name) before") }
    case .assertExhaustion(let action):
      try assertTrap(action) { $0 == .stackExhausted }
    case .assertMalformed(let file):
      try host.assertRefused(file, as: .malformed)
    case .assertInvalid(let file):
      try host.assertRefused(file, as: .invalid)
    case .assertInvalidCustom(let file):
      _ = try host.load(file)
    case .assertUnlinkable(let file):
      try host.assertUnlinkable(file)
    case .assertUninstantiable(let file, let message):
      try host.assertUninstantiable(file, message)
    case .unsupported(let kind):
      throw .unsupported("command \(kind)")
    }
  }

  /// Makes the outcome of `body` the current instance, and the one called `name`.
  private func keep(
    instance name: String?, _ body: () throws(CommandError) -> Instance
  ) throws(CommandError) {
    let result = Result { () throws(CommandError) in try body() }
    instances[nil] = result
    if let name { instances[name] = result }
    _ = try result.get()
  }

  /// A runner for a thread that knows the instance called `name`, if any.
  private func runner(sharing name: String?) throws(CommandError) -> ScriptRunner {
    let runner: ScriptRunner
    do { runner = try makeRunner() } catch { throw .failed("no store for a thread: \(error)") }
    if let name { runner.instances[name] = instance(name) }
    return runner
  }

  private func instance(_ name: String?) -> Result<Instance, CommandError> {
    instances[name] ?? .failure(.failed("no instance called \(name ?? "anything") before"))
  }

  // MARK: Actions.

  private func assertReturn(
    _ action: Action, _ expected: [ResultPattern]
  ) throws(CommandError) {
    let values = try results(of: action)
    if let type = expected.lazy.compactMap(\.unsupportedType).first {
      throw .unsupported("results of type \(type)")
    }
    guard values.count == expected.count, zip(expected, values).allSatisfy({ $0.matches($1) })
    else {
      let got = values.map(\.text).joined(separator: ", ")
      let wanted = expected.map(\.text).joined(separator: ", ")
      throw .failed("\(action.field): got (\(got)), expected (\(wanted))")
    }
  }

  private func assertTrap(
    _ action: Action, _ isExpected: (TrapCode) -> Bool
  ) throws(CommandError) {
    let outcome = try outcome(of: action)
    switch outcome {
    case .failure(.trap(let trap)) where isExpected(trap.code): return
    case .failure(let error):
      throw .failed("\(action.field): \(error.summary), expected another trap")
    case .success(let values):
      let got = values.map(\.text).joined(separator: ", ")
      throw .failed("\(action.field): got (\(got)), expected a trap")
    }
  }

  /// The results of an action that must not trap.
  private func results(of action: Action) throws(CommandError) -> [Value] {
    switch try outcome(of: action) {
    case .success(let values): return values
    case .failure(let error): throw .failed("\(action.field): \(error.summary)")
    }
  }

  /// Does what a script asks of an instance; throws where the instance or the export is missing.
  private func outcome(of action: Action) throws(CommandError) -> Result<[Value], InvocationError> {
    let instance = try instance(action.instance).get()
    switch action.kind {
    case .get:
      guard let global = instance.global(action.field) else {
        throw .failed("no global exported as \(action.field)")
      }
      return .success([global.value])
    case .invoke(let arguments):
      guard let function = instance.function(action.field) else {
        throw .failed("no function exported as \(action.field)")
      }
      var values: [Value] = []
      for argument in arguments {
        switch argument {
        case .value(let value): values.append(value)
        case .unsupported(let type): throw .unsupported("arguments of type \(type)")
        }
      }
      return Result { () throws(InvocationError) in try host.store.invoke(function, values) }
    }
  }
}
