// wasmrun as a function: a command line in, an exit status out.

import ArgumentParser
import ProgramRunner
import StructuredText
package import SystemCalls

/// The tool. Everything that it does happens in the calling process and thread, so that a process
/// must not be used for anything else afterwards.
package enum WasmrunTool {
  /// Does what `words`, without the program's name, ask for. Errors have been told on standard
  /// error when it returns.
  ///
  /// Called as `wasmrun-binfmt`, by the kernel for a module that was started by itself, the first word
  /// is the module and all others are the program's; it is granted nothing.
  package static func run(_ words: [OSString], calledAs name: OSString = "wasmrun") -> ExitStatus {
    // Else the first file opened here would be a standard stream of the guest's. It fails only where
    // not even /dev/null can be opened, and then what follows fails with a message.
    try? CurrentProcess.openMissingStandardStreams()
    CurrentProcess.surviveFileSizeLimit()
    if fileName(ofPath: name.description) == "wasmrun-binfmt", let module = words.first {
      var line = RunLine(options: RunOptions(modulePath: module))
      line.options.guestArguments = Array(words.dropFirst())
      return line.run()
    }
    if let line = FastRunParser.parse(words) { return line.run() }
    return runByFullParser(words)
  }

  private static func runByFullParser(_ words: [OSString]) -> ExitStatus {
    if words.isEmpty { return welcome() }
    let arguments = words.map(\.parserText)
    if [[CommandName.help], [.help, .run]].contains(arguments.map(CommandName.init)) {
      return answering(HelpText.main)
    }
    if arguments.count > 1, arguments[0] == CommandName.help.rawValue,
      !arguments[1].hasPrefix("-"), CommandName(rawValue: arguments[1]) == nil
    {
      return explainUnknownCommand(words[1].description)
    }
    do {
      var command = try WasmrunCommand.parseWords(arguments)
      if let command = command as? any ExecutableCommand { return command.execute() }
      // What is left are commands that only print help.
      try command.run()
      return .success
    } catch {
      return explain(error, arguments)
    }
  }

  /// What somebody sees who has typed nothing but the program's name.
  private static func welcome() -> ExitStatus {
    let output = FileDescriptor.standardError
    guard ProcessEnvironment.executablePath != nil else {
      // Swift's runtime reads the command line there.
      output.tell(
        Diagnostic(
          "cannot read the command line", "/proc is not mounted",
          hint: "mount -t proc proc /proc"
        ).text)
      return .failed
    }
    output.tell(
      Diagnostic("no module was given", hint: "wasmrun --help shows how it is used").text)
    output.print(HelpText.firstSteps)
    return .usage
  }

  /// The parser would show the help of all.
  private static func explainUnknownCommand(_ name: String) -> ExitStatus {
    FileDescriptor.standardError.tell(
      Diagnostic(
        "there is no command '\(name)'",
        hint: nearestCommand(to: name).map { "did you mean '\($0)'?" }
          ?? "wasmrun help shows them all"
      ).text)
    return .usage
  }

  /// Prints what was asked for (help, the version), or why the command line is wrong.
  private static func explain(_ error: any Error, _ words: [String]) -> ExitStatus {
    guard WasmrunCommand.exitCode(for: error) != .success else {
      return answering(WasmrunCommand.fullMessage(for: error) + "\n")
    }
    // The parser quotes words as they were made for it.
    let message = OSString(parserText: WasmrunCommand.message(for: error)).description
    // swift-argument-parser writes sentences; our messages begin in lower case and have no end.
    let lowered = message.prefix(1).lowercased() + message.dropFirst()
    let text = lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
    FileDescriptor.standardError.tell(
      Diagnostic(text, hint: Self.hint(words)).text)
    return .usage
  }

  /// What may have been meant where a command has commands of its own, and the next word is none of
  /// them; else where to read on.
  private static func hint(_ words: [String]) -> String {
    let family = WasmrunCommand.configuration.subcommands.first {
      $0.configuration.commandName == words.first
    }
    guard let family, words.count > 1, !words[1].hasPrefix("-") else {
      return "wasmrun --help shows how it is used"
    }
    let names = family.configuration.subcommands.map { $0._commandName }
    guard !names.isEmpty, !names.contains(words[1]) else {
      return "wasmrun help \(words[0]) shows how it is used"
    }
    if let near = nearestWord(to: words[1], among: names) { return "did you mean '\(near)'?" }
    return "\(words[0]) takes \(names.joined(separator: ", "))"
  }
}
