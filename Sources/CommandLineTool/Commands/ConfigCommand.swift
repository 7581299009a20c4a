// `wasmrun config show`: which options count, and who chose them.

package import ArgumentParser
import ProgramRunner
import SystemCalls

/// Shows the configuration.
package struct ConfigCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.config.rawValue,
    abstract: "Show the configuration.",
    discussion: """
      It is read from $XDG_CONFIG_HOME/wasmrun/config.toml, else ~/.config/wasmrun/config.toml, and \
      from /etc/wasmrun/config.toml; see wasmrun.toml(5).
      """,
    subcommands: [Show.self],
    helpNames: [.short, .long])

  package init() {}

  struct Show: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the options about code that a run without options would have.",
      helpNames: [.short, .long])

    @Flag(help: "Print where each value was said.") var origin = false

    func execute() -> ExitStatus {
      reportingErrors { () throws(RunnerError) in
        var options = CompilationOptions()
        try options.addEnvironment()
        let lines = options.summary.map { option in
          let value =
            if case .text(let text) = option.value { "\"\(text)\"" } else { "\(option.value)" }
          let comment = origin ? "  # \(escaped(option.origin.description))" : ""
          return "\(option.name) = \(value)\(comment)\n"
        }
        try FileDescriptor.standardOutput.answer(lines.joined())
        return .success
      }
    }
  }
}
