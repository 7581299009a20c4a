// `wasmrun [run] [options] MODULE [--] [ARGUMENT…]`, as swift-argument-parser reads it.

package import ArgumentParser
import Engine
import SystemCalls
import WASI

/// Runs a module.
package struct RunCommand: ParsableCommand, ExecutableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.run.rawValue, abstract: "Run a module.",
    usage: "wasmrun [options] MODULE [--] [arguments]",
    // The help is our own text, which begins with examples.
    helpNames: [])

  @OptionGroup var grants: GrantArguments

  @Option(name: .of(.programName)) var programName: String?

  @Option(name: .of(.invoke)) var invokedFunction: String?

  @Option(name: .of(.command)) var command: String?

  @Option(
    name: .of(.trace),
    transform: reading("summary, or families of calls such as fd,path") { TraceMode($0) })
  var trace: TraceMode?

  @OptionGroup var compilation: CompilationArguments

  @OptionGroup var messages: MessageArguments

  @Flag(name: .of(.help)) var wantsHelp = false

  /// The module and all behind it.
  @Argument(parsing: .captureForPassthrough) var words: [String] = []

  package init() {}

  package func validate() throws {
    if wantsHelp { return }
    guard let first = words.first, words != ["--"] else {
      throw ValidationError("no module was given")
    }
    if first.hasPrefix("-"), first != "-", first != "--" { throw Self.unknownOption(first) }
  }

  private static func unknownOption(_ word: String) -> ValidationError {
    let name = word.prefix { $0 != "=" }
    let suggestion = RunOption.nearest(to: word).map { "; did you mean '\($0.rawValue)'?" }
    return ValidationError("unknown option '\(name)'\(suggestion ?? "")")
  }

  /// The same as the fast parser makes of it.
  package var line: RunLine {
    // A separator before the module allows it to begin with a dash.
    var rest = words.first == "--" ? words.dropFirst() : words[...]
    var options = RunOptions(modulePath: OSString(parserText: rest.popFirst() ?? ""))
    if rest.first == "--" { rest = rest.dropFirst() }
    options.guestArguments = rest.map(OSString.init(parserText:))
    options.programName = programName.map(OSString.init(parserText:))
    grants.apply(to: &options)
    options.invokedFunction = invokedFunction.map { OSString(parserText: $0).description }
    options.command = command.map { OSString(parserText: $0).description }
    options.compilation = compilation.options
    options.trace = trace
    var line = RunLine(options: options)
    line.verbosity = messages.verbosity
    line.usesDeprecatedOption = compilation.enablesPassParameters
    return line
  }

  func execute() -> ExitStatus {
    guard !wantsHelp else {
      FileDescriptor.standardOutput.print(HelpText.main)
      return .success
    }
    return line.run()
  }
}

extension RunLine {
  /// Runs the module; errors and traps are told on standard error.
  package func run() -> ExitStatus {
    if usesDeprecatedOption, verbosity != .quiet {
      FileDescriptor.standardError.print(Diagnostic.deprecatedOption.text)
    }
    if options.sandbox == .off, verbosity != .quiet {
      FileDescriptor.standardError.print(Diagnostic.sandboxIsOff.text)
    }
    let observer = ConsoleObserver(verbosity, modulePath: options.modulePath.description)
    return reportingErrors { () throws(EngineError) in
      switch try Engine.run(options, observer: observer) {
      case .exited(let status):
        observer.noteIfLarge(status)
        return .guest(status: UInt8(truncatingIfNeeded: status))
      case .returned(let results):
        FileDescriptor.standardOutput.print(results.map { "\($0)\n" }.joined())
        return .success
      case .trapped(let report):
        FileDescriptor.standardError.print(report.text(modulePath: options.modulePath.description))
        return .trapped
      }
    }
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
