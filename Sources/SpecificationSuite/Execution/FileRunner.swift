// Runs one test file in this process: converts it, then executes its commands.

package import CompilerInterface
import Foundation

/// How test files are run.
package struct FileRunner: Sendable {
  private let converter: ScriptConverter
  private let options: CodegenOptions

  package init(converter: ScriptConverter, options: CodegenOptions) {
    self.converter = converter
    self.options = options
  }

  /// Runs `file`; its report is not held against the known gaps yet.
  package func run(_ file: TestFile) -> FileReport {
    var report = FileReport(name: file.name)
    run(file) { report.add($0) }
    return report
  }

  /// Runs `file` as a child process does: writes each outcome at once, to the descriptor that
  /// `ChildRunner` gave it, and ends the process after `timeLimit` seconds.
  package func runAsChild(_ file: TestFile, timeLimit: Double) {
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: timeLimit)
      // No clean-up: another thread is in the middle of something.
      _exit(ChildRunner.timeoutStatus)
    }
    let output = FileHandle(fileDescriptor: ChildRunner.outcomeDescriptor)
    run(file) { output.write(Data("\($0.record)\n".utf8)) }
  }

  private func run(_ file: TestFile, _ report: (Outcome) -> Void) {
    do {
      let folder = try TemporaryFolder()
      let script = try converter.convert(file, into: folder.path)
      let runner = try ScriptRunner(folder: folder.path, options: options)
      runner.run(script.commands, report)
    } catch {
      report(Outcome(line: 1, result: .failed("the file cannot be run: \(error)")))
    }
  }
}
