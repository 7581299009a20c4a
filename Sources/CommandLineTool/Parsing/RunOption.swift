// The names of the options that a run takes.

import StructuredText

/// An option before the module, by its long name.
package enum RunOption: String, CaseIterable, Sendable {
  case directory = "--dir"
  case readOnlyDirectory = "--ro-dir"
  case environment = "--env"
  case environmentFile = "--env-file"
  case inheritEnvironment = "--inherit-env"
  case listen = "--listen"
  case standardInput = "--stdin"
  case standardOutput = "--stdout"
  case standardError = "--stderr"
  case programName = "--argv0"
  case invoke = "--invoke"
  case command = "--command"
  case preload = "--preload"
  case memoryLimit = "--max-memory"
  case tableLimit = "--max-table-elements"
  case stackSize = "--max-wasm-stack"
  case fileLimit = "--max-open-files"
  case threads = "--threads"
  case threadLimit = "--max-threads"
  case timeLimit = "--timeout"
  case sandbox = "--sandbox"
  case compiler = "--compiler"
  case optimizationLevel = "--opt-level"
  case tierUp = "--tier-up"
  case disablePassParameters = "--disable-pass-params-opt"
  case enablePassParameters = "--enable-pass-params-opt"
  case noCache = "--no-cache"
  case allowPrecompiled = "--allow-precompiled"
  case trace = "--trace"
  case report = "--report"
  case coreDump = "--coredump"
  case profile = "--profile"
  case debugInformation = "--debug-info"
  case color = "--color"
  case verbose = "--verbose"
  case quiet = "--quiet"
  case help = "--help"

  /// The letter that stands for it, where there is one.
  package var letter: Character? {
    switch self {
    case .verbose: "v"
    case .quiet: "q"
    case .help: "h"
    default: nil
    }
  }

  /// Whether a value belongs to it. `--trace` may have one, behind a `=`.
  package var takesValue: Bool {
    switch self {
    case .inheritEnvironment, .threads, .disablePassParameters, .enablePassParameters, .noCache,
      .allowPrecompiled, .debugInformation, .trace,
      .verbose, .quiet, .help:
      false
    default: true
    }
  }

  /// The option that `word` was probably meant to be; nil where none is near.
  package static func nearest(to word: String) -> RunOption? {
    nearestWord(to: String(word.prefix { $0 != "=" }), among: allCases.lazy.map(\.rawValue))
      .flatMap(RunOption.init)
  }
}
