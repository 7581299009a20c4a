// `wasmrun inspect MODULE…`: what a module is made of.

package import ArgumentParser
import ProgramRunner
import SystemCalls

/// Shows modules without running them.
package struct InspectCommand: ParsableCommand, ExecutableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.inspect.rawValue,
    abstract: "Show what modules are made of.",
    discussion: """
      Sections, memories, imports, exports, and the features beyond WebAssembly 1.0 that are used. \
      The module is decoded, its function bodies are not validated: that is what validate is for.

        wasmrun inspect app.wasm
        wasmrun inspect --json app.wasm
      """,
    helpNames: [.short, .long])

  @Flag(help: "Print JSON, an object a line for each module.") var json = false

  @Argument(help: "The modules.", completion: .file(extensions: ["wasm", "wat"])) var modules:
    [String]

  package init() {}

  func execute() -> ExitStatus {
    var status = ExitStatus.success
    for (index, path) in modules.map(OSString.init(parserText:)).enumerated() {
      let own = reportingErrors { () throws(RunnerError) in
        let description = ModuleDescription(try Runner.inspect(path))
        if index > 0, !json { try FileDescriptor.standardOutput.answer("\n") }
        try FileDescriptor.standardOutput.answer(json ? description.json : description.text)
        return .success
      }
      if status == .success { status = own }
    }
    return status
  }
}
