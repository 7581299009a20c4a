// The names of the options that a run takes.

/// An option before the module, by its long name.
package enum RunOption: String, CaseIterable, Sendable {
  case directory = "--dir"
  case readOnlyDirectory = "--ro-dir"
  case environment = "--env"
  case environmentFile = "--env-file"
  case inheritEnvironment = "--inherit-env"
  case listen = "--listen"
  case programName = "--argv0"
  case invoke = "--invoke"
  case memoryLimit = "--max-memory"
  case tableLimit = "--max-table-elements"
  case stackSize = "--max-wasm-stack"
  case fileLimit = "--max-open-files"
  case timeLimit = "--timeout"
  case sandbox = "--sandbox"
  case compiler = "--compiler"
  case optimizationLevel = "--opt-level"
  case disablePassParameters = "--disable-pass-params-opt"
  case enablePassParameters = "--enable-pass-params-opt"
  case noCache = "--no-cache"
  case trace = "--trace"
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
    case .inheritEnvironment, .disablePassParameters, .enablePassParameters, .noCache, .trace,
      .verbose, .quiet, .help:
      false
    default: true
    }
  }

  /// The option that `word` was probably meant to be; nil where none is near.
  package static func nearest(to word: String) -> RunOption? {
    let name = word.prefix { $0 != "=" }
    let distances = allCases.map { (option: $0, distance: editDistance($0.rawValue, name)) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }),
      nearest.distance <= max(2, name.count / 4)
    else { return nil }
    return nearest.option
  }
}

/// The fewest insertions, deletions and replacements of a character that turn one text into the
/// other.
private func editDistance(_ left: some StringProtocol, _ right: some StringProtocol) -> Int {
  let right = Array(right)
  var distances = Array(0...right.count)
  for (row, character) in left.enumerated() {
    var diagonal = distances[0]
    distances[0] = row + 1
    for column in right.indices {
      let replaced = diagonal + (right[column] == character ? 0 : 1)
      diagonal = distances[column + 1]
      distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
    }
  }
  return distances[right.count]
}
