// `wasmrun sandbox explain [options]`: what the options of a run let its process do.

package import ArgumentParser
import ProgramRunner
import Sandbox
import SystemCalls

/// Tells about the sandbox.
package struct SandboxCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.sandbox.rawValue,
    abstract: "Explain what a program's process may do.",
    subcommands: [Explain.self],
    helpNames: [.short, .long])

  package init() {}

  struct Explain: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the policy that a run with these options is held to.",
      discussion: """
        The options are those of a run that grant something; no module is needed, and no folder is \
        opened.

          wasmrun sandbox explain --dir .
          wasmrun sandbox explain --ro-dir /etc --json
        """,
      helpNames: [.short, .long])

    @OptionGroup var grants: GrantArguments

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      var options = RunOptions(modulePath: "")
      grants.apply(to: &options)
      let explanation = SandboxExplanation(
        policy: options.sandbox == .strict ? .runner(options.sandboxGrants) : nil,
        landlockVersion: LandlockRuleset.version)
      return answering(json ? explanation.json : explanation.text)
    }
  }
}
