// What came of one command of a script, and its form as a line of text.

/// A command's outcome.
package struct Outcome: Sendable, Equatable {
  /// Where the command begins in the .wast file.
  package var line: Int
  package var result: Result

  package enum Result: Sendable, Equatable {
    case passed
    /// What the engine did instead.
    case failed(String)
    /// The command needs a feature that the engine says it lacks.
    case unsupported(String)
  }

  package init(line: Int, result: Result) {
    self.line = line
    self.result = result
  }
}

// A child process reports each outcome at once as a line `letter line message`, so that a crash
// loses only the command that caused it.
extension Outcome {
  package var record: String {
    switch result {
    case .passed: "p \(line) "
    case .failed(let message): "f \(line) \(message.onOneLine)"
    case .unsupported(let reason): "u \(line) \(reason.onOneLine)"
    }
  }

  /// Reads `record`; nil for anything else, such as the torn last line of a crashed child.
  package init?(record: some StringProtocol) {
    let fields = record.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, let line = Int(fields[1]) else { return nil }
    switch fields[0] {
    case "p": self.init(line: line, result: .passed)
    case "f": self.init(line: line, result: .failed(String(fields[2])))
    case "u": self.init(line: line, result: .unsupported(String(fields[2])))
    default: return nil
    }
  }
}

extension String {
  fileprivate var onOneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " / ")
  }
}
