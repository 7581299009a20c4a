// `wasmrun compile MODULE…`: fills the cache.

package import ArgumentParser
import Engine
import SystemCalls

/// Compiles modules, so that their first run starts at once.
package struct CompileCommand: ParsableCommand, ExecutableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.compile.rawValue,
    abstract: "Compile modules into the cache, without running them.",
    discussion: """
      The options are those that the run will have: each choice has code of its own.

        wasmrun compile app.wasm
        wasmrun compile --opt-level 3 *.wasm
      """,
    helpNames: [.short, .long])

  @OptionGroup var compilation: CompilationArguments

  @OptionGroup var messages: MessageArguments

  @Argument(help: "The modules.", completion: .file(extensions: ["wasm", "wat"])) var modules:
    [String]

  package init() {}

  package func validate() throws {
    if compilation.doesWithoutCache {
      throw ValidationError("there is nothing to compile for, with --no-cache")
    }
  }

  func execute() -> ExitStatus {
    var status = ExitStatus.success
    var options = compilation.options
    for path in modules.map(OSString.init(parserText:)) {
      let observer = ConsoleObserver(messages.verbosity, modulePath: path.description)
      let own = reportingErrors { () throws(EngineError) in
        options.cacheByteLimit = try CacheSize.limit()
        try Engine.compile(path, options, observer: observer)
        return .success
      }
      if status == .success { status = own }
    }
    return status
  }
}
