// The outcomes of one test file added up, and the verdict on the file.

/// What a test file's commands came to.
package struct FileReport: Sendable, Equatable {
  /// The file's name, relative to the suite where it lies inside.
  package let name: String
  package private(set) var passed = 0
  /// Failed commands in order.
  package private(set) var failures: [Failure] = []
  package private(set) var unsupported = 0
  /// Why commands were unsupported, with repeats removed, in order.
  package private(set) var unsupportedReasons: [String] = []
  /// The last command that had an outcome.
  package private(set) var lastLine: Int?

  package struct Failure: Sendable, Equatable {
    /// Nil when the failure is the whole file's.
    package var line: Int?
    package var message: String
  }

  package enum Verdict: Sendable, Equatable {
    case passed
    case failed
    /// All that can run passes; the rest waits for a feature.
    case skipped(reason: String)
  }

  package init(name: String) { self.name = name }

  package mutating func add(_ outcome: Outcome) {
    lastLine = outcome.line
    switch outcome.result {
    case .passed: passed += 1
    case .failed(let message): failures.append(Failure(line: outcome.line, message: message))
    case .unsupported(let reason):
      unsupported += 1
      if !unsupportedReasons.contains(reason) { unsupportedReasons.append(reason) }
    }
  }

  /// Adds a failure of the file as a whole.
  package mutating func fail(_ message: String) {
    failures.append(Failure(line: nil, message: message))
  }

  /// Holds the outcomes against what is known to be missing: an unsupported command in any other
  /// file is a failure, and so is a gap that has closed, so that the list stays true.
  package mutating func check(knownGap: String?) {
    guard failures.isEmpty else { return }
    if unsupported > 0, knownGap == nil {
      fail("unsupported, but no known gap: \(unsupportedReasons.joined(separator: "; "))")
    } else if unsupported == 0, let knownGap {
      fail("nothing is unsupported: take the known gap off the list (\(knownGap))")
    } else {
      self.knownGap = knownGap
    }
  }

  private var knownGap: String?

  package var verdict: Verdict {
    if !failures.isEmpty { return .failed }
    return knownGap.map { .skipped(reason: $0) } ?? .passed
  }

  /// The file's lines of output: the sums, then each failure.
  package var text: String {
    var sums = "\(passed) passed, \(failures.count) failed"
    if unsupported > 0 { sums += ", \(unsupported) unsupported" }
    if case .skipped(let reason) = verdict { sums += " [skipped: \(reason)]" }
    let details = failures.map { failure in
      "  " + (failure.line.map { "line \($0): " } ?? "") + failure.message
    }
    return (["\(name): \(sums)"] + details).joined(separator: "\n")
  }
}
