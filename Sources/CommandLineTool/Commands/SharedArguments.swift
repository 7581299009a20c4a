// Options that several commands take.

import ArgumentParser
import ProgramRunner

/// How code is made.
struct CompilationArguments: ParsableArguments {
  @Option(
    name: .of(.compiler),
    transform: reading(CompilerStrategy.expectation) { CompilerStrategy(rawValue: $0) })
  var strategy: CompilerStrategy?

  @Option(name: .of(.optimizationLevel), transform: reading("1, 2 or 3") { OptimizationLevel($0) })
  var level: OptimizationLevel?

  @Flag(name: .of(.disablePassParameters)) var disablesPassParameters = false

  @Flag(name: .of(.enablePassParameters)) var enablesPassParameters = false

  @Flag(name: .of(.noCache)) var doesWithoutCache = false

  init() {}

  var options: CompilationOptions {
    var options = CompilationOptions()
    if let strategy { options.strategy = strategy }
    if let level { options.optimizationLevel = level.number }
    if disablesPassParameters { options.passParameters = false }
    if doesWithoutCache { options.usesCache = false }
    return options
  }
}

/// What is told.
struct MessageArguments: ParsableArguments {
  @Flag(name: .of(.verbose)) var isVerbose = false

  @Flag(name: .of(.quiet)) var isQuiet = false

  @Option(
    name: .of(.color), transform: reading("auto, always or never") { ColorMode(rawValue: $0) })
  var color = ColorMode.auto

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

/// Reads an option's value by `read`, or says what was expected.
func reading<Value>(
  _ expectation: String, _ read: @escaping @Sendable (String) -> Value?
) -> @Sendable (String) throws -> Value {
  { text in
    guard let value = read(text) else { throw ValidationError("\(expectation) is expected") }
    return value
  }
}

extension CompilerStrategy {
  /// All names, such as `a, b or c`.
  fileprivate static var expectation: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
