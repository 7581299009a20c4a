// `wasmrun compile MODULE…`: fills the cache.

package import ArgumentParser
import ProgramRunner
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
        wasmrun compile app.wasm -o app.cwasm

      A file that -o writes holds machine code for processors like this one and for this version \
      of wasmrun; --allow-precompiled runs it.
      """,
    helpNames: [.short, .long])

  @OptionGroup var compilation: CompilationArguments

  @Option(
    name: .shortAndLong,
    help: "Write module and code to this file, - for standard output, to be run without a cache.",
    completion: .file())
  var output: String?

  @OptionGroup var messages: MessageArguments

  @Argument(help: "The modules.", completion: .file(extensions: ["wasm", "wat"])) var modules:
    [String]

  package init() {}

  package func validate() throws {
    if compilation.doesWithoutCache, output == nil {
      throw ValidationError("there is nothing to compile for, with --no-cache")
    }
    if output != nil, modules.count != 1 {
      throw ValidationError("-o takes the code of one module, not of \(modules.count)")
    }
  }

  func execute() -> ExitStatus {
    var status = ExitStatus.success
    var options = compilation.options
    for path in modules.map(OSString.init(parserText:)) {
      let observer = ConsoleObserver(messages.verbosity, modulePath: path.description)
      let own = reportingErrors { () throws(RunnerError) in
        options.cacheByteLimit = try CacheSize.limit()
        try Runner.compile(
          path, options, to: output.map(OSString.init(parserText:)), observer: observer)
        return .success
      }
      if status == .success { status = own }
    }
    return status
  }
}
