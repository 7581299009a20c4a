// `wasmrun package check|show`.

package import ArgumentParser
import PackageManifest
import ProgramRunner
import SystemCalls

/// Looks at packages without running them.
package struct PackageTool: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.package.rawValue,
    abstract: "Check a package's manifest, show what it says.",
    discussion: """
      A package is a folder with a manifest, wasmer.toml, that says which modules it holds and \
      which commands run them.
      """,
    subcommands: [Check.self, Show.self],
    helpNames: [.short, .long])

  package init() {}

  struct Check: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell all that is wrong with packages.",
      discussion: """
        Errors and warnings have the line and the column. Nothing is said of a package in which \
        nothing is wrong; the exit status is 1 where there is an error.
        """,
      helpNames: [.short, .long])

    @Argument(help: "Folders of packages, or manifests.", completion: .file(extensions: ["toml"]))
    var packages: [String]

    func execute() -> ExitStatus {
      var status = ExitStatus.success
      for path in packages.map(OSString.init(parserText:)) {
        let own = Self.check(path)
        if status == .success { status = own }
      }
      return status
    }

    private static func check(_ path: OSString) -> ExitStatus {
      let problems: [ManifestProblem]
      do throws(Package.LoadError) {
        problems = try Package(at: path).warnings
      } catch {
        guard case .invalid(let all) = error else {
          return reportingErrors { () throws(RunnerError) in throw RunnerError(error, path) }
        }
        problems = all
      }
      for problem in problems {
        FileDescriptor.standardError.print(problem.text(package: path))
      }
      return problems.contains { $0.severity == .error } ? .problemsFound : .success
    }
  }

  struct Show: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a package's commands, and how they would be run.",
      discussion: """
        Each option about code is shown with the place that decides it: the command line, the \
        environment, the manifest, or the default.
        """,
      helpNames: [.short, .long])

    @Flag(help: "Print JSON.") var json = false

    @OptionGroup var compilation: CompilationArguments

    @Argument(
      help: "The package's folder, or its manifest.", completion: .file(extensions: ["toml"]))
    var package: String

    func execute() -> ExitStatus {
      let path = OSString(parserText: package)
      return reportingErrors { () throws(RunnerError) in
        let observer = ConsoleObserver(.normal, modulePath: path.description)
        let description = try PackageDescription(
          Package.load(path, observer), compilation.options)
        try FileDescriptor.standardOutput.answer(json ? description.json : description.text)
        return .success
      }
    }
  }
}

extension ManifestProblem {
  /// The problem as a message, of the package at `path`.
  func text(package path: OSString) -> String {
    let place = Package.place(of: self, path)
    return Diagnostic(
      "\(place): \(severity == .warning ? "warning: " : "")\(message)", hint: hint
    ).text
  }
}
