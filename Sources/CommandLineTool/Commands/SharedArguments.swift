// Options that several commands take.

import ArgumentParser
import Engine

/// How code is made.
struct CompilationArguments: ParsableArguments {
  @Option(name: .of(.compiler), transform: { try value($0) { CompilerStrategy(rawValue: $0) } })
  var strategy = CompilerStrategy.auto

  @Option(name: .of(.optimizationLevel), transform: { try value($0) { OptimizationLevel($0) } })
  var level: OptimizationLevel?

  @Flag(name: .of(.disablePassParameters)) var disablesPassParameters = false

  @Flag(name: .of(.enablePassParameters)) var enablesPassParameters = false

  @Flag(name: .of(.noCache)) var doesWithoutCache = false

  init() {}

  var options: CompilationOptions {
    var options = CompilationOptions()
    options.strategy = strategy
    if let level { options.optimizationLevel = level.number }
    if disablesPassParameters { options.passParameters = false }
    options.usesCache = !doesWithoutCache
    return options
  }
}

/// What is told.
struct MessageArguments: ParsableArguments {
  @Flag(name: .of(.verbose)) var isVerbose = false

  @Flag(name: .of(.quiet)) var isQuiet = false

  init() {}

  func validate() throws {
    if isVerbose, isQuiet { throw ValidationError("--verbose and --quiet exclude each other") }
  }

  var verbosity: Verbosity { isVerbose ? .verbose : isQuiet ? .quiet : .normal }
}

extension NameSpecification {
  /// An option's long name, and its letter.
  static func of(_ option: RunOption) -> NameSpecification {
    let long = Element.customLong(String(option.rawValue.dropFirst(2)))
    return NameSpecification([long] + (option.letter.map { [.customShort($0)] } ?? []))
  }
}

/// Reads an option's value.
func value<Value>(_ text: String, _ read: (String) -> Value?) throws -> Value {
  guard let value = read(text) else { throw ValidationError("'\(text)' cannot be read") }
  return value
}
