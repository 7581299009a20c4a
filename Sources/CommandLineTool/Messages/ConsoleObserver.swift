// Notes and progress on standard error.

import EventLoop
package import ProgramRunner
package import SystemCalls

/// Prints what the runner tells: notes where they were asked for, and on a terminal how far a
/// compilation is, once it has lasted long enough to be noticed.
package final class ConsoleObserver: RunnerObserver {
  package let wantsNotes: Bool
  private let output: FileDescriptor
  private let showsProgress: Bool
  private let modulePath: String
  private let isColored: Bool
  private let watch = Stopwatch()
  /// What code the run has, and how long it took until it had it.
  package private(set) var code: CodeOrigin?
  package private(set) var readyNanoseconds: UInt64?
  /// Called when the code is there.
  var whenCodeIsReady: (() -> Void)?
  /// The line that stands on the terminal.
  private var shownLine: String?

  /// Nanoseconds of silence before the first line.
  static let patience: UInt64 = 300_000_000

  package init(
    _ verbosity: Verbosity, modulePath: String, isColored: Bool = false,
    output: FileDescriptor = .standardError
  ) {
    wantsNotes = verbosity == .verbose
    self.output = output
    self.modulePath = modulePath
    self.isColored = isColored
    showsProgress = verbosity != .quiet && output.isTerminal
  }

  package func note(_ text: String) {
    output.tell("wasmrun: \(escaped(text))\n", inColor: isColored)
  }

  package func warn(_ text: String, hint: String?) {
    output.tell(Diagnostic(text, hint: hint).text, inColor: isColored)
  }

  package func codeIsReady(_ origin: CodeOrigin) {
    code = origin
    readyNanoseconds = watch.elapsedNanoseconds
    whenCodeIsReady?()
  }

  package func compilation(_ progress: CompilationProgress) {
    guard showsProgress, progress.elapsedNanoseconds >= Self.patience else { return }
    let line = progress.line(modulePath: modulePath)
    guard line != shownLine else { return }
    shownLine = line
    // Back to the column 0, and the line's rest erased: an older line may be longer.
    output.print("\r\(line)\u{1B}[K")
  }

  package func compilationEnded() {
    if shownLine != nil { output.print("\r\u{1B}[K") }
    shownLine = nil
  }
}

extension CompilationProgress {
  /// Such as `wasmrun: compiling 'app.wasm': 512/11448 functions, 3 s`. Fits into 80 columns: a line
  /// that a terminal has wrapped cannot be taken back.
  package func line(modulePath: String) -> String {
    let name = escaped(fileName(ofPath: modulePath))
    let shown = name.count <= 24 ? name : name.prefix(23) + "…"
    let count = functionCount == 0 ? "" : "\(doneFunctionCount)/\(functionCount) functions, "
    return "wasmrun: compiling '\(shown)': \(count)\(elapsedNanoseconds / 1_000_000_000) s"
  }
}
