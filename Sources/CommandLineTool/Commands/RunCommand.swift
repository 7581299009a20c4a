// `wasmrun [run] [options] MODULE [--] [ARGUMENT…]`, as swift-argument-parser reads it.

package import ArgumentParser
import ProgramRunner
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
    name: .of(.preload),
    transform: reading("NAME=MODULE") { PreloadedLibrary(OSString(parserText: $0)) })
  var libraries: [PreloadedLibrary] = []

  @Option(
    name: .of(.trace),
    transform: reading("summary, or families of calls such as fd,path") { TraceMode($0) })
  var trace: TraceMode?

  @Option(
    name: .of(.report),
    transform: reading("json or a file's name") { ReportTarget(OSString(parserText: $0)) })
  var report: ReportTarget?

  @Option(name: .of(.coreDump)) var coreDump: String?

  @Option(
    name: .of(.profile),
    transform: reading("perfmap or jitdump") { ProfileFormat(rawValue: $0) })
  var profile: ProfileFormat?

  @Flag(name: .of(.debugInformation)) var hasDebugInformation = false

  @Flag(name: .of(.allowPrecompiled)) var allowsPrecompiled = false

  @OptionGroup var compilation: CompilationArguments

  @Option(
    name: .of(.tierUp),
    transform: reading("a number of milliseconds, or never,") { TierUpDelay($0) })
  var tierUp: TierUpDelay?

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
    options.libraries = libraries
    options.command = command.map { OSString(parserText: $0).description }
    options.compilation = compilation.options
    options.allowsPrecompiled = allowsPrecompiled
    if let tierUp { options.compilation.tierUp = tierUp }
    options.coreDumpPath = coreDump.map(OSString.init(parserText:))
    options.profile = profile
    options.hasDebugInformation = hasDebugInformation
    options.trace = trace
    var line = RunLine(options: options)
    line.verbosity = messages.verbosity
    line.color = messages.color
    line.report = report
    line.usesDeprecatedOption = compilation.enablesPassParameters
    return line
  }

  func execute() -> ExitStatus {
    wantsHelp ? answering(HelpText.main) : line.run()
  }
}
