// Runs one test file in this process: converts it, then executes its commands.

package import CompilerInterface
import Foundation

/// How test files are run.
package struct FileRunner: Sendable {
  private let converter: ScriptConverter
  private let options: CodegenOptions
  private let compiler: CompilerChoice
  private let collectsAlways: Bool

  /// `collectsAlways`: guests collect garbage at every allocation.
  package init(
    converter: ScriptConverter, options: CodegenOptions, compiler: CompilerChoice = .llvm,
    collectsAlways: Bool = false
  ) {
    self.converter = converter
    self.options = options
    self.compiler = compiler
    self.collectsAlways = collectsAlways
  }

  /// Runs `file`; its report is not held against the known gaps yet.
  package func run(_ file: TestFile) -> FileReport {
    var report = FileReport(name: file.name)
    do {
      let folder = try TemporaryFolder()
      run(file, in: folder.path) { report.add($0) }
    } catch {
      report.fail("\(error)")
    }
    return report
  }

  /// Runs `file` as a child process does: converts it in `folder`, which the parent removes, writes
  /// each outcome at once to the descriptor that the parent gave, and ends the process after
  /// `timeLimit` seconds.
  package func runAsChild(_ file: TestFile, in folder: String, timeLimit: Double) {
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: timeLimit)
      // No clean-up: another thread is in the middle of something.
      _exit(ChildRunner.timeoutStatus)
    }
    let output = FileHandle(fileDescriptor: ChildRunner.outcomeDescriptor)
    run(file, in: folder) { output.write(Data("\($0.record)\n".utf8)) }
  }

  private func run(_ file: TestFile, in folder: String, _ report: (Outcome) -> Void) {
    do {
      let script = try converter.convert(file, into: folder)
      let runner = try ScriptRunner(
        folder: folder, options: options, compiler: compiler, collectsAlways: collectsAlways,
        features: file.features)
      runner.run(script.commands, report)
    } catch {
      report(Outcome(line: 1, result: .failed("the file cannot be run: \(error)")))
    }
  }
}
