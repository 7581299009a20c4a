// What was measured, and the figures that come of it.

/// How the runs of a program in one way went.
package enum Outcome: Equatable, Sendable {
  case measured(Times)
  /// It failed, or did not print what the others print: why.
  case failed(String)

  package var times: Times? {
    if case .measured(let times) = self { times } else { nil }
  }
}

/// A program's runs by one compiler's code.
package struct ProgramResult: Equatable, Sendable {
  package let suite: String
  package let program: String
  package let compiler: Compiler
  /// The program outside of wasmrun; nil where it was not run so.
  package let native: Times?
  /// By the ways' names.
  package let outcomes: [String: Outcome]

  package init(
    suite: String, program: String, compiler: Compiler, native: Times?, outcomes: [String: Outcome]
  ) {
    self.suite = suite
    self.program = program
    self.compiler = compiler
    self.native = native
    self.outcomes = outcomes
  }

  package func times(_ way: Way) -> Times? { outcomes[way.name]?.times }

  /// The least time by `way` to that by wasmrun's own; above 1 is slower.
  package func ratio(_ way: Way) -> Double? {
    guard let own = times(.standard), let other = times(way) else { return nil }
    return other.least / own.least
  }

  package func ratioToNative(_ way: Way) -> Double? {
    guard let native, let times = times(way) else { return nil }
    return times.least / native.least
  }

  /// The largest spread of all ways.
  package var spread: Double? { outcomes.values.compactMap { $0.times?.spread }.max() }
}

/// All that was measured.
package struct Report: Sendable {
  /// What was compared, `Way.standard` among it.
  package let ways: [Way]
  /// How often each command ran.
  package let runs: Int
  package private(set) var results: [ProgramResult] = []

  package init(ways: [Way], runs: Int) {
    self.ways = ways
    self.runs = runs
  }

  package mutating func add(_ result: ProgramResult) { results.append(result) }

  /// The results of one compiler and one suite, in the order in which they were added.
  struct Group {
    let compiler: Compiler
    let suite: String
    var results: [ProgramResult]
  }

  /// By compiler, and by suite in it.
  var groups: [Group] {
    var groups: [Group] = []
    for compiler in Compiler.allCases {
      for result in results where result.compiler == compiler {
        if let index = groups.firstIndex(where: {
          $0.compiler == compiler && $0.suite == result.suite
        }) {
          groups[index].results.append(result)
        } else {
          groups.append(Group(compiler: compiler, suite: result.suite, results: [result]))
        }
      }
    }
    return groups
  }

  /// The ways but wasmrun's own, those of them that `compiler` knows.
  func otherWays(_ compiler: Compiler) -> [Way] {
    ways.filter { $0.name != Way.standard.name && $0.compilers.contains(compiler) }
  }
}

extension Report.Group {
  /// The geometric mean of what `figure` has of each program.
  func mean(_ figure: (ProgramResult) -> Double?) -> Double? {
    geometricMean(results.compactMap(figure))
  }
}
