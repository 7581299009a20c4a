// Options of code generation from several places, and which of them counts.
//
// What a flag says goes before the environment, that before a package's manifest, that before the
// user's configuration, and that before the defaults. Whoever knows such a place makes an
// `OptionLayer` of it and adds it to `CompilationOptions`; nobody else decides.

import CodeCache
package import CompilerInterface
package import SystemCalls
import WasmRuntime

/// Where the value of an option was said, in the order in which places count.
package enum OptionOrigin: Hashable, Sendable {
  case flag
  /// A variable of wasmrun's environment.
  case environment(variable: String)
  /// A package's manifest, such as `app/wasmer.toml:12:3`.
  case manifest(place: String)
  /// A file of configuration, such as `/home/me/.config/wasmrun/config.toml:3:1`.
  case configuration(place: String)
  case builtIn

  /// Places of lower rank go first.
  fileprivate var rank: Int {
    switch self {
    case .flag: 0
    case .environment: 1
    case .manifest: 2
    case .configuration: 3
    case .builtIn: 4
    }
  }
}

extension OptionOrigin: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag: "the command line"
    case .environment(let variable): variable
    case .manifest(let place), .configuration(let place): place
    case .builtIn: "default"
    }
  }
}

/// A value that somebody chose.
package struct ChosenValue<Value: Equatable & Sendable>: Equatable, Sendable {
  package var value: Value
  package var origin: OptionOrigin

  package init(_ value: Value, from origin: OptionOrigin) {
    self.value = value
    self.origin = origin
  }
}

/// What one place says about code generation; nil where it says nothing.
package struct OptionLayer: Equatable, Sendable {
  package var strategy: ChosenValue<CompilerStrategy>?
  package var passParameters: ChosenValue<Bool>?
  package var optimizationLevel: ChosenValue<Int>?
  /// Look for finished code, and keep it.
  package var usesCache: ChosenValue<Bool>?

  package init() {}

  /// Takes over what `other` says, unless a place that goes before it has spoken.
  package mutating func add(_ other: OptionLayer) {
    Self.add(&strategy, other.strategy)
    Self.add(&passParameters, other.passParameters)
    Self.add(&optimizationLevel, other.optimizationLevel)
    Self.add(&usesCache, other.usesCache)
  }

  private static func add<Value>(
    _ chosen: inout ChosenValue<Value>?, _ other: ChosenValue<Value>?
  ) {
    guard let other else { return }
    guard let own = chosen else {
      chosen = other
      return
    }
    if other.origin.rank < own.origin.rank { chosen = other }
  }
}

/// How a module becomes machine code.
package struct CompilationOptions: Equatable, Sendable {
  /// What was chosen so far, each option from the place that counts most.
  package private(set) var choices = OptionLayer()
  /// Bytes that the cache may have.
  package var cacheByteLimit = CodeCache.standardByteLimit
  /// When code of the baseline compiler begins to be replaced.
  package var tierUp = TierUpDelay.milliseconds(50)
  /// Code says of which instruction it is: for debuggers.
  package var notesPositions = false
  /// What a measurement compares, in place of all choices about the code; users have no word for it.
  package var measuredCodegen: CodegenOptions?

  package init() {}

  /// Takes over the choices of one more place; see `OptionLayer.add`.
  package mutating func add(_ layer: OptionLayer) { choices.add(layer) }

  /// Which compilers make the code. Setting it is the command line's part, as with the others.
  package var strategy: CompilerStrategy {
    get { choices.strategy?.value ?? .auto }
    set { choices.strategy = ChosenValue(newValue, from: .flag) }
  }

  /// Pass memory 0's base between functions as a parameter.
  package var passParameters: Bool {
    get { choices.passParameters?.value ?? CodegenOptions().passParameters }
    set { choices.passParameters = ChosenValue(newValue, from: .flag) }
  }

  /// Work that LLVM puts into optimising: 1-3.
  package var optimizationLevel: Int {
    get { choices.optimizationLevel?.value ?? CodegenOptions().optimizationLevel }
    set { choices.optimizationLevel = ChosenValue(newValue, from: .flag) }
  }

  /// Look for finished code, and keep it.
  package var usesCache: Bool {
    get { choices.usesCache?.value ?? true }
    set { choices.usesCache = ChosenValue(newValue, from: .flag) }
  }

  /// The same for the compilers, with the features of this machine's processor.
  package var codegen: CodegenOptions {
    var options = measuredCodegen ?? chosenCodegen
    options.cpuFeatures = .host
    options.notesPositions = notesPositions
    return options
  }

  private var chosenCodegen: CodegenOptions {
    var options = CodegenOptions()
    options.passParameters = passParameters
    options.optimizationLevel = optimizationLevel
    return options
  }

  /// Each option's name, value and origin, for people and programs.
  package var summary: [(name: String, value: OptionValue, origin: OptionOrigin)] {
    [
      ("compiler", .text(strategy.rawValue), choices.strategy?.origin ?? .builtIn),
      ("pass_params", .boolean(passParameters), choices.passParameters?.origin ?? .builtIn),
      ("opt_level", .number(optimizationLevel), choices.optimizationLevel?.origin ?? .builtIn),
      ("cache", .boolean(usesCache), choices.usesCache?.origin ?? .builtIn),
    ]
  }
}

/// The value of an option, as configuration files write it.
package enum OptionValue: Hashable, Sendable, CustomStringConvertible {
  case text(String)
  case boolean(Bool)
  case number(Int)

  package var description: String {
    switch self {
    case .text(let text): text
    case .boolean(let value): "\(value)"
    case .number(let number): "\(number)"
    }
  }
}

// MARK: The environment.

extension OptionLayer {
  /// What wasmrun's own environment says: `WASMRUN_COMPILER`, `WASMRUN_PASS_PARAMS` (true or false)
  /// and `WASMRUN_OPT_LEVEL`. Empty ones say nothing.
  package init(environment value: (OSString) -> OSString?) throws(RunnerError) {
    strategy = try Self.read("WASMRUN_COMPILER", "auto, llvm or baseline", value) {
      CompilerStrategy(rawValue: $0)
    }
    passParameters = try Self.read("WASMRUN_PASS_PARAMS", "true or false", value) { Bool($0) }
    optimizationLevel = try Self.read("WASMRUN_OPT_LEVEL", "1, 2 or 3", value) { text in
      Int(text).flatMap { (1...3).contains($0) && text.utf8.count == 1 ? $0 : nil }
    }
  }

  private static func read<Value>(
    _ variable: String, _ expectation: String, _ value: (OSString) -> OSString?,
    _ convert: (String) -> Value?
  ) throws(RunnerError) -> ChosenValue<Value>? {
    guard let word = value(OSString(variable)), !word.isEmpty else { return nil }
    guard let converted = word.text.flatMap(convert) else {
      throw RunnerError(
        .usage, "wrong value of the variable \(variable)",
        "\(expectation) is expected, not '\(word)'")
    }
    return ChosenValue(converted, from: .environment(variable: variable))
  }
}

extension CompilationOptions {
  /// Adds what wasmrun's own environment says, and then what the configuration's files say.
  package mutating func addEnvironment() throws(RunnerError) {
    add(try OptionLayer(environment: { ProcessEnvironment.value(of: $0) }))
    for path in ConfigurationFile.paths() {
      if let layer = try ConfigurationFile.read(path) { add(layer) }
    }
  }
}
