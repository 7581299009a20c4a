// wasmrun as a function: a command line in, an exit status out.

import ArgumentParser
package import SystemCalls

/// The tool. Everything that it does happens in the calling process and thread, so that a process
/// must not be used for anything else afterwards.
package enum WasmrunTool {
  /// Does what `words`, without the program's name, ask for. Errors have been told on standard
  /// error when it returns.
  package static func run(_ words: [OSString]) -> ExitStatus {
    // Else the first file opened here would be a standard stream of the guest's. It fails only where
    // not even /dev/null can be opened, and then what follows fails with a message.
    try? CurrentProcess.openMissingStandardStreams()
    if let line = FastRunParser.parse(words) { return line.run() }
    return runByFullParser(words)
  }

  private static func runByFullParser(_ words: [OSString]) -> ExitStatus {
    let arguments = words.map(\.parserText)
    if [[CommandName.help], [.help, .run]].contains(arguments.map(CommandName.init)) {
      FileDescriptor.standardOutput.print(HelpText.main)
      return .success
    }
    do {
      var command = try WasmrunCommand.parseWords(arguments)
      if let command = command as? any ExecutableCommand { return command.execute() }
      // What is left are commands that only print help.
      try command.run()
      return .success
    } catch {
      return explain(error)
    }
  }

  /// Prints what was asked for (help, the version), or why the command line is wrong.
  private static func explain(_ error: any Error) -> ExitStatus {
    guard WasmrunCommand.exitCode(for: error) != .success else {
      FileDescriptor.standardOutput.print(WasmrunCommand.fullMessage(for: error) + "\n")
      return .success
    }
    // The parser quotes words as they were made for it.
    let message = OSString(parserText: WasmrunCommand.message(for: error)).description
    // swift-argument-parser writes sentences; our messages begin in lower case and have no end.
    let lowered = message.prefix(1).lowercased() + message.dropFirst()
    let text = lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
    FileDescriptor.standardError.print(
      Diagnostic(text, hint: "wasmrun --help shows how it is used").text)
    return .usage
  }
}
