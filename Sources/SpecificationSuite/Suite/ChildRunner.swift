// Runs test files in child processes, so that a crash or a hang costs only the file it belongs to.

import Foundation
import Synchronization
import SystemCalls

/// Starts this program again for one file at a time.
package struct ChildRunner: Sendable {
  /// The descriptor that a child writes its outcomes to.
  package static let outcomeDescriptor = ChildProcess.firstDescriptor
  /// A child's exit status when its time is up.
  package static let timeoutStatus: Int32 = 124

  /// The option that makes this program such a child; its value is a folder for its files.
  package static let folderOption = "--child-folder"

  /// More options for children.
  private let arguments: [String]

  package init(arguments: [String]) { self.arguments = arguments }

  /// Runs `files` in `jobs` children at a time and hands on each report in the files' order.
  package func run(_ files: [TestFile], jobs: Int, report: @Sendable (FileReport) -> Void) {
    let queue = Mutex(ReportQueue(count: files.count))
    DispatchQueue.concurrentPerform(iterations: min(jobs, files.count)) { _ in
      while let index = queue.withLock({ $0.takeNext() }) {
        let finished = run(files[index])
        queue.withLock { $0.finish(index, finished, report) }
      }
    }
  }

  /// Runs one file in a child process.
  private func run(_ file: TestFile) -> FileReport {
    var report = FileReport(name: file.name)
    do {
      let folder = try TemporaryFolder()
      let path = "\(folder.path)/outcomes.txt"
      let arguments = [Self.folderOption, folder.path] + arguments + [file.path]
      let end = try runChild(arguments, outcomePath: path)
      for record in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        if let outcome = Outcome(record: record) { report.add(outcome) }
      }
      if let end {
        report.fail(end + (report.lastLine.map { " after line \($0)" } ?? " before any command"))
      }
    } catch {
      report.fail("cannot be run in a child process: \(error)")
    }
    return report
  }

  /// Runs this program; nil when it ended with status 0, else what became of it.
  private func runChild(_ arguments: [String], outcomePath: String) throws -> String? {
    guard FileManager.default.createFile(atPath: outcomePath, contents: nil),
      let output = FileHandle(forWritingAtPath: outcomePath)
    else { throw ScriptError("cannot write \(outcomePath)") }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let child = try ChildProcess(
      path: program, arguments: arguments,
      descriptors: [FileDescriptor(rawValue: output.fileDescriptor)])
    return switch try child.wait() {
    case .exited(0): nil
    case .exited(Self.timeoutStatus): "not finished in time"
    case .exited(let status): "exit status \(status)"
    case .killed(let signal): "crashed with signal \(signal)"
    }
  }
}

/// Which files are under way, and the reports that wait for an earlier file's.
private struct ReportQueue {
  private var next = 0
  private var firstUnreported = 0
  private var reports: [FileReport?]

  init(count: Int) { reports = Array(repeating: nil, count: count) }

  mutating func takeNext() -> Int? {
    guard next < reports.count else { return nil }
    defer { next += 1 }
    return next
  }

  mutating func finish(_ index: Int, _ report: FileReport, _ handOn: (FileReport) -> Void) {
    reports[index] = report
    while firstUnreported < reports.count, let ready = reports[firstUnreported] {
      handOn(ready)
      firstUnreported += 1
    }
  }
}
