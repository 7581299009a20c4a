// wasmrun-spectest: runs the specification's test suite against the engine.

import ArgumentParser
import Foundation
import SpecificationSuite
import Synchronization

@main
struct SpectestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wasmrun-spectest",
    abstract: "Run the WebAssembly specification's test scripts against wasmrun's engine.",
    discussion: """
      A name is a path, or a path inside the suite; a folder means all files below it. The suite is \
      ../shared/spec-testsuite unless WASMRUN_SPEC_TESTSUITE names another folder; wasm-tools is \
      taken from WASM_TOOLS, .build-venv/bin or PATH.

      Exit status: 0 when every file passes or waits for a known gap, 1 when any fails, 2 when \
      nothing could be run.
      """)

  @Argument(help: ArgumentHelp("Test files and folders of them.", valueName: "file-or-folder"))
  var names: [String]

  @OptionGroup(title: "Code generation")
  var codegen: CodegenArguments

  @Option(help: "Files run at the same time.")
  var jobs = 2

  @Option(help: "Seconds that one file may take.")
  var timeLimit = 240.0

  @Flag(help: "Collect garbage at every allocation: slow, and finds what is lost too early.")
  var collectAlways = false

  @Flag(help: "Print only files that do not pass whole, and the tallies.")
  var quiet = false

  @Flag(help: "Run the files in this process, one after the other, for debugging.")
  var inProcess = false

  /// See `ChildRunner.folderOption`.
  @Option(help: .private)
  var childFolder: String?

  func validate() throws {
    guard jobs > 0, timeLimit > 0 else {
      throw ValidationError("--jobs and --time-limit are above 0")
    }
    guard !names.isEmpty else { throw ValidationError("name files or folders, such as core") }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let location = SuiteLocation(environment: environment)
    let files: [TestFile]
    let runner: FileRunner
    do {
      files = try location.files(named: names)
      runner = FileRunner(
        converter: try ScriptConverter(environment: environment), options: codegen.options,
        compiler: codegen.compiler, collectsAlways: collectAlways)
    } catch {
      Self.complain(location.exists ? "\(error)" : "\(error); no test suite at \(location.root)")
      throw ExitCode(2)
    }
    if let childFolder, let file = files.first {
      return runner.runAsChild(file, in: childFolder, timeLimit: timeLimit)
    }
    guard runAll(files, runner) else { throw ExitCode.failure }
  }

  /// Runs and reports all files; whether none failed.
  private func runAll(_ files: [TestFile], _ runner: FileRunner) -> Bool {
    let sums = Mutex(SuiteReport())
    let quiet = quiet
    let add: @Sendable (FileReport) -> Void = { finished in
      var report = finished
      report.check(knownGap: KnownGaps.reason(for: report.name))
      if !quiet || report.verdict != .passed { print(report.text) }
      sums.withLock { $0.add(report) }
    }
    if inProcess {
      for file in files { add(runner.run(file)) }
    } else {
      let arguments =
        ["--time-limit", "\(timeLimit)"] + codegen.arguments
        + (collectAlways ? ["--collect-always"] : [])
      ChildRunner(arguments: arguments).run(files, jobs: jobs, report: add)
    }
    let report = sums.withLock { $0 }
    print(report.text)
    return report.succeeded
  }

  /// Says loudly what kept the tests from running.
  private static func complain(_ message: String) {
    let text = "wasmrun-spectest: SPECIFICATION TESTS NOT RUN: \(message)\n"
    FileHandle.standardError.write(Data(text.utf8))
  }
}
