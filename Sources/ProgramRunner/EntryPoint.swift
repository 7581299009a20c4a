// Which function of a module is called, and with what.

import SystemCalls
import WasmModule
import WasmRuntime

/// What is called once a module is instantiated.
struct EntryPoint {
  /// The export's name.
  let name: String
  let arguments: [Value]
  /// Whether `_initialize` has to be called first: the module is a library, not a program.
  let needsInitialization: Bool

  static let program = "_start"
  static let library = "_initialize"

  /// Checks, before anything is compiled, that `module` has what `options` ask for.
  init(_ module: WasmModule.Module, _ options: RunOptions) throws(RunnerError) {
    guard let name = options.invokedFunction else {
      guard module.function(exportedAs: Self.program) == WasmModule.FunctionType() else {
        throw Self.missingProgram(module, options.modulePath)
      }
      self.init(name: Self.program, arguments: [], needsInitialization: false)
      return
    }
    guard let type = module.function(exportedAs: name) else {
      throw .notRunnable(
        options.modulePath, "it exports no function '\(name)'",
        hint: Self.suggestion(module))
    }
    self.init(
      name: name,
      arguments: try Self.arguments(options.guestArguments, type, calling: name),
      needsInitialization: module.function(exportedAs: Self.library) == WasmModule.FunctionType())
  }

  private init(name: String, arguments: [Value], needsInitialization: Bool) {
    self.name = name
    self.arguments = arguments
    self.needsInitialization = needsInitialization
  }

  private static func missingProgram(_ module: WasmModule.Module, _ path: OSString) -> RunnerError {
    if let type = module.function(exportedAs: program) {
      return .notRunnable(path, "its _start has the type \(type), not \(WasmModule.FunctionType())")
    }
    return .notRunnable(
      path, "it exports no function '_start', as programs do", hint: suggestion(module))
  }

  /// A hint that names the functions which could be called.
  private static func suggestion(_ module: WasmModule.Module) -> String? {
    let names = module.exports.filter { $0.kind == .function }.map(\.name)
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(8).joined(separator: ", ")
    let rest = names.count > 8 ? ", and \(names.count - 8) more" : ""
    return "--invoke can call one of its functions: \(shown)\(rest)"
  }

  private static func arguments(
    _ words: [OSString], _ type: WasmModule.FunctionType, calling name: String
  ) throws(RunnerError) -> [Value] {
    let what = "cannot call '\(name)'"
    guard words.count == type.parameters.count else {
      throw RunnerError(
        .usage, what,
        "it takes \(type.parameters.count) arguments, of the type \(type), and got \(words.count)")
    }
    var values: [Value] = []
    for (word, parameter) in zip(words, type.parameters) {
      guard let value = word.text.flatMap({ Value($0, as: parameter) }) else {
        let isNumber = parameter.isNumeric
        throw RunnerError(
          .usage, what,
          isNumber
            ? "'\(word)' is no \(parameter)"
            : "a command line cannot give a value of the type \(parameter)")
      }
      values.append(value)
    }
    return values
  }
}

extension WasmModule.Module {
  /// The type of the function exported as `name`.
  fileprivate func function(exportedAs name: String) -> WasmModule.FunctionType? {
    guard let export = export(named: name), export.kind == .function else { return nil }
    return functionType(export.index)
  }
}
