// The reports of all files added up: a tally for each folder, and one for the run.

/// The sums over a run.
package struct SuiteReport: Sendable {
  /// Sums over some files.
  package struct Tally: Sendable, Equatable {
    package var filesPassed = 0
    package var filesFailed = 0
    package var filesSkipped = 0
    package var commandsPassed = 0
    package var commandsFailed = 0
    package var commandsUnsupported = 0
  }

  package private(set) var total = Tally()
  /// By folder, in order of first appearance.
  package private(set) var folders: [(name: String, tally: Tally)] = []

  package init() {}

  package mutating func add(_ report: FileReport) {
    total.add(report)
    let folder = report.name.lastIndex(of: "/").map { String(report.name[..<$0]) } ?? "."
    if let index = folders.firstIndex(where: { $0.name == folder }) {
      folders[index].tally.add(report)
    } else {
      var tally = Tally()
      tally.add(report)
      folders.append((folder, tally))
    }
  }

  package var succeeded: Bool { total.filesFailed == 0 && total.filesPassed > 0 }

  /// The tallies; the last line counts files.
  package var text: String {
    let lines = folders.map { "\($0.name)/: \($0.tally.commands); files: \($0.tally.files)" }
    return (lines + ["all: \(total.commands)", total.files]).joined(separator: "\n")
  }
}

extension SuiteReport.Tally {
  fileprivate mutating func add(_ report: FileReport) {
    switch report.verdict {
    case .passed: filesPassed += 1
    case .failed: filesFailed += 1
    case .skipped: filesSkipped += 1
    }
    commandsPassed += report.passed
    commandsFailed += report.failures.count
    commandsUnsupported += report.unsupported
  }

  fileprivate var commands: String {
    "commands: \(commandsPassed) passed, \(commandsFailed) failed, "
      + "\(commandsUnsupported) unsupported"
  }

  fileprivate var files: String {
    "\(filesPassed) passed, \(filesFailed) failed"
      + (filesSkipped > 0 ? ", \(filesSkipped) skipped for a known gap" : "")
  }
}
