// Running a module: what is told of it, and the status that comes of it.

import ProgramRunner
import SystemCalls

extension RunLine {
  /// Runs the module; errors and traps are told on standard error.
  package func run() -> ExitStatus {
    let watch = Stopwatch()
    let output = FileDescriptor.standardError
    let isColored = color.isOn(output)
    if usesDeprecatedOption, verbosity != .quiet {
      output.tell(Diagnostic.deprecatedOption.text, inColor: isColored)
    }
    if options.sandbox == .off, verbosity != .quiet {
      output.tell(Diagnostic.sandboxIsOff.text, inColor: isColored)
    }
    let observer = ConsoleObserver(
      verbosity, modulePath: options.modulePath.description, isColored: isColored)
    let record: FileDescriptor?
    do throws(RunnerError) {
      // Before the process is locked down.
      record = try openRecord()
    } catch {
      output.tell(Diagnostic(error).text, inColor: isColored)
      return ExitStatus(error.kind)
    }
    if report != nil { prepareRecord(at: record ?? output, observer, since: watch.start) }
    let (status, outcome) = run(observer, isColored)
    if report != nil {
      let text = RunRecord(
        modulePath: options.modulePath.description, status: status, outcome: outcome,
        code: observer.code, readyNanoseconds: observer.readyNanoseconds,
        totalNanoseconds: watch.elapsedNanoseconds
      ).json
      do throws(Errno) {
        try EndingRecord.write(text, at: record ?? output, status: status.code)
      } catch {
        // The status stays the program's.
        output.tell(Diagnostic(unwritable(error)).text, inColor: isColored)
      }
    }
    return status
  }

  /// Lets whatever else ends the process leave a record, too. It will tell what is known by then.
  private func prepareRecord(
    at output: FileDescriptor, _ observer: ConsoleObserver, since start: UInt64
  ) {
    let path = options.modulePath.description
    func prepare(_ code: CodeOrigin?, _ readyNanoseconds: UInt64?) {
      let texts = RunRecord.aroundEnding(
        modulePath: path, code: code, readyNanoseconds: readyNanoseconds)
      EndingRecord.prepare(at: output, before: texts.before, after: texts.after, start: start)
    }
    prepare(nil, nil)
    Runner.observeCrashes(EndingRecord.signalWriter)
    observer.whenCodeIsReady = { [unowned observer] in
      prepare(observer.code, observer.readyNanoseconds)
    }
  }

  private func run(
    _ observer: ConsoleObserver, _ isColored: Bool
  ) -> (ExitStatus, RunRecord.Outcome) {
    let output = FileDescriptor.standardError
    var options = options
    do throws(RunnerError) {
      options.compilation.cacheByteLimit = try CacheSize.limit()
      switch try Runner.run(options, observer: observer) {
      case .exited(let status):
        observer.noteIfLarge(status)
        return (.guest(status: UInt8(truncatingIfNeeded: status)), .exited)
      case .returned(let results):
        let values = results.map { "\($0)" }
        try FileDescriptor.standardOutput.answer(values.map { $0 + "\n" }.joined())
        return (.success, .returned(values: values))
      case .trapped(let trap):
        output.tell(trap.text(modulePath: options.modulePath.description), inColor: isColored)
        return (.trapped, .trapped(trap))
      }
    } catch {
      output.tell(Diagnostic(withSuggestion(error)).text, inColor: isColored)
      return (ExitStatus(error.kind), .failed(error))
    }
  }

  /// `error`, with what may have been meant where there is no such module.
  private func withSuggestion(_ error: RunnerError) -> RunnerError {
    guard error.kind == .notFound, error.hint == nil,
      error.what == "cannot open '\(options.modulePath)'"
    else { return error }
    var error = error
    error.hint = suggestion(forMissing: options.modulePath)
    return error
  }

  /// nil where the record has no file of its own. The end of the process closes it.
  private func openRecord() throws(RunnerError) -> FileDescriptor? {
    guard case .file(let path) = report else { return nil }
    guard !Self.isModule(path) else {
      throw RunnerError(
        .usage, "cannot write the report '\(path)'", "a WebAssembly module is there",
        hint: "--report takes json or a file's name, and the module comes behind it")
    }
    do throws(Errno) {
      return try FileDescriptor.currentDirectory.open(
        path.cString, [.writeOnly, .create, .truncate]
      ).take()
    } catch {
      throw unwritable(error)
    }
  }

  /// Whether a module would be lost, most likely because the option's value was forgotten.
  private static func isModule(_ path: OSString) -> Bool {
    let here = FileDescriptor.currentDirectory
    guard (try? here.status(of: path.cString, following: true))?.kind == .regular,
      let file = try? here.open(path.cString, .readOnly)
    else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 4, alignment: 1) { start in
      (try? file.descriptor.readAll(into: start, at: 0)) == 4 && start.elementsEqual("\0asm".utf8)
    }
  }

  private func unwritable(_ error: Errno) -> RunnerError {
    var name = ""
    if case .file(let path) = report { name = " '\(path)'" }
    return RunnerError(.failed, "cannot write the report\(name)", "\(error)")
  }
}

extension ConsoleObserver {
  /// A parent process sees eight bits of a status only.
  fileprivate func noteIfLarge(_ status: UInt32) {
    if wantsNotes, status > 255 {
      note("the program exited with \(status), of which \(status & 0xFF) can be told")
    }
  }
}
