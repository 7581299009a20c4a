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
    try parseAsRoot(withWholeOptions(words))
  }

  /// The words as the parser understands them. It knows no options that may do without a value, so
  /// that `--trace` gets one; and where there is nothing behind `=`, it takes the next word, though
  /// that may be the module.
  private static func withWholeOptions(_ words: [String]) -> [String] {
    let command = words.first.flatMap(CommandName.init)
    let isRun = command == nil || command == .run
    var result: [String] = []
    var index = 0
    if command != nil {
      result.append(words[0])
      index = 1
    }
    while index < words.count, words[index] != "--" {
      let word = words[index]
      guard word.hasPrefix("-") else {
        // What stands behind a module is the program's; other commands have options there, too.
        if isRun { break }
        result.append(word)
        index += 1
        continue
      }
      if word.hasSuffix("="), takesValue(String(word.dropLast())) {
        result += [String(word.dropLast()), ""]
      } else {
        result.append(isRun && word == RunOption.trace.rawValue ? word + "=all" : word)
      }
      index += 1
      if RunOption(rawValue: word)?.takesValue ?? false, index < words.count {
        result.append(words[index])
        index += 1
      }
    }
    return result + words[min(index, words.count)...]
  }

  private static func takesValue(_ name: String) -> Bool {
    if name == RunOption.trace.rawValue || ["--output", "--max-size"].contains(name) {
      return true
    }
    return RunOption(rawValue: name)?.takesValue ?? false
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

/// Prints what was asked for.
func answering(_ text: String) -> ExitStatus {
  reportingErrors { () throws(RunnerError) in
    try FileDescriptor.standardOutput.answer(text)
    return .success
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
