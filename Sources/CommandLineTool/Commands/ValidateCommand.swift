// `wasmrun validate MODULE…`: checks all of a module.

package import ArgumentParser
import ProgramRunner
import SystemCalls

/// Decodes and validates modules, function bodies included.
package struct ValidateCommand: ParsableCommand, ExecutableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.validate.rawValue,
    abstract: "Check modules without compiling or running them.",
    discussion: """
      Nothing is said of a module that is valid. The exit status is that of the first one that is \
      not: 126, or 127 where there is no such file.

        wasmrun validate app.wasm
      """,
    helpNames: [.short, .long])

  @Argument(help: "The modules.", completion: .file(extensions: ["wasm", "wat"])) var modules:
    [String]

  package init() {}

  func execute() -> ExitStatus {
    var status = ExitStatus.success
    for path in modules.map(OSString.init(parserText:)) {
      let observer = ConsoleObserver(.normal, modulePath: path.description)
      let own = reportingErrors { () throws(RunnerError) in
        try Runner.validate(path, observer: observer)
        return .success
      }
      if status == .success { status = own }
    }
    return status
  }
}
