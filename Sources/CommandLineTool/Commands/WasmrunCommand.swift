// The command tree, and what all its commands have in common.

package import ArgumentParser
import CompilerInterface
import ProgramRunner
import SystemCalls

/// A command that ends with one of our statuses and prints its own errors.
protocol ExecutableCommand: ParsableCommand {
  func execute() -> ExitStatus
}

/// `wasmrun`: runs a module where no other command is named.
package struct WasmrunCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "wasmrun",
    abstract: "Run WebAssembly programs.",
    version: """
      wasmrun \(wasmrunVersion) \
      (ABI \(CallingConvention.abiVersion), code format \(CodeImageHeader.formatVersion))
      """,
    subcommands: [
      RunCommand.self, CompileCommand.self, ValidateCommand.self, InspectCommand.self,
      PackageTool.self, SandboxCommand.self, CacheCommand.self, ConfigCommand.self,
    ],
    defaultSubcommand: RunCommand.self,
    // `--help` is the run command's, whose text is our own.
    helpNames: [])

  package init() {}

  /// What `words`, a command line without the program's name, ask for.
  package static func parseWords(_ words: [String]) throws -> any ParsableCommand {
    try parseAsRoot(withTraceValue(words))
  }

  /// The parser knows no options that may do without a value: `--trace` among the options of a run
  /// gets one.
  private static func withTraceValue(_ words: [String]) -> [String] {
    var result = words
    var index = words.first == CommandName.run.rawValue ? 1 : 0
    while index < words.count, words[index].hasPrefix("-"), words[index] != "--" {
      if words[index] == RunOption.trace.rawValue { result[index] += "=all" }
      let takesNext = RunOption(rawValue: words[index])?.takesValue ?? false
      index += takesNext ? 2 : 1
    }
    return result
  }
}

/// The words that are commands where they come first; a file of such a name is `./run`.
package enum CommandName: String, CaseIterable {
  case run
  case compile
  case validate
  case inspect
  case package
  case sandbox
  case cache
  case config
  case help
}

/// Does a command's work; an error is told and becomes a status.
func reportingErrors(_ body: () throws(RunnerError) -> ExitStatus) -> ExitStatus {
  do throws(RunnerError) {
    return try body()
  } catch {
    FileDescriptor.standardError.tell(Diagnostic(error).text)
    return ExitStatus(error.kind)
  }
}

extension ExitStatus {
  init(_ kind: RunnerError.Kind) {
    self =
      switch kind {
      case .notFound: .notFound
      case .notRunnable: .notRunnable
      case .usage: .usage
      case .failed: .failed
      }
  }
}
