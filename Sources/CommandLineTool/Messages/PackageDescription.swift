// What a package is, for people and programs.

package import PackageManifest
package import ProgramRunner
import SystemCalls

/// A package, with each command as it would be run.
package struct PackageDescription {
  private let package: Package
  private let commands: [Command]

  private struct Command {
    let command: PackageCommand
    /// How it would be run; why it would not, otherwise.
    let run: Result<RunOptions, RunnerError>
  }

  /// `options` are what the command line chooses; the environment has its say here.
  package init(_ package: Package, _ options: CompilationOptions) throws(RunnerError) {
    self.package = package
    var options = options
    try options.addEnvironment()
    commands = package.manifest.commands.map { command in
      var run = RunOptions(modulePath: package.folder)
      run.compilation = options
      do throws(RunnerError) {
        try package.apply(command, to: &run)
        return Command(command: command, run: .success(run))
      } catch {
        return Command(command: command, run: .failure(error))
      }
    }
  }

  private var heading: String {
    let information = package.manifest.package
    let version = information.version.map { " " + $0.value } ?? ""
    let description = information.description.map { ": " + $0.value } ?? ""
    return (information.name?.value ?? "a package without a name") + version + description
  }

  private func isEntrypoint(_ command: PackageCommand) -> Bool {
    (try? package.command(named: nil))?.name.value == command.name.value
  }

  // MARK: Text.

  package var text: String {
    var text = "\(heading)\nmanifest: \(package.manifestPath)\n"
    for dependency in package.manifest.dependencies {
      text += "depends on: \(dependency.name.value) (\(dependency.source))\n"
    }
    for command in commands {
      let mark = isEntrypoint(command.command) ? " (the one that runs by itself)" : ""
      text += "\ncommand \(command.command.name.value)\(mark)\n"
      switch command.run {
      case .failure(let error): text += "  cannot be run: \(error.why)\n"
      case .success(let run): text += Self.text(run)
      }
    }
    return escapedLines(text)
  }

  private static func text(_ run: RunOptions) -> String {
    var text = "  module: \(run.modulePath)\n"
    text += "  name: \(run.programName ?? "")\n"
    for argument in run.guestArguments { text += "  argument: \(argument)\n" }
    for variable in run.packageVariables { text += "  variable: \(variable)\n" }
    for grant in run.directories {
      text +=
        "  folder: \(grant.hostPath) as \(grant.guestPath)\(grant.isReadOnly ? ", to read" : "")\n"
    }
    for option in run.compilation.summary {
      text += "  option: \(option.name) = \(option.value) (\(option.origin))\n"
    }
    return text
  }

  // MARK: JSON.

  /// One object on one line.
  package var json: String {
    let information = package.manifest.package
    return JSONText.object([
      ("v", "1"), ("name", JSONText.string(information.name?.value)),
      ("version", JSONText.string(information.version?.value)),
      ("description", JSONText.string(information.description?.value)),
      ("license", JSONText.string(information.license?.value)),
      ("manifest", JSONText.string(package.manifestPath.description)),
      (
        "dependencies",
        JSONText.object(
          package.manifest.dependencies.map { ($0.name.value, JSONText.string("\($0.source)")) })
      ),
      (
        "modules",
        JSONText.array(
          package.manifest.modules.map {
            JSONText.object([
              ("name", JSONText.string($0.name.value)),
              ("source", JSONText.string($0.source.value)),
              ("abi", JSONText.string($0.abi.rawValue)),
            ])
          })
      ), ("commands", JSONText.array(commands.map { json($0) })),
    ]) + "\n"
  }

  private func json(_ command: Command) -> String {
    var members = [
      ("name", JSONText.string(command.command.name.value)),
      ("entrypoint", "\(isEntrypoint(command.command))"),
    ]
    switch command.run {
    case .failure(let error): members.append(("error", JSONText.string(error.why)))
    case .success(let run):
      members += [
        ("module", JSONText.string(run.modulePath.description)),
        ("programName", JSONText.string(run.programName?.description)),
        (
          "arguments", JSONText.array(run.guestArguments.map { JSONText.string($0.description) })
        ), ("variables", JSONText.array(run.packageVariables.map { JSONText.string($0) })),
        ("folders", JSONText.array(run.directories.map { Self.json($0) })),
        ("options", JSONText.object(run.compilation.summary.map { ($0.name, Self.json($0)) })),
      ]
    }
    return JSONText.object(members)
  }

  private static func json(_ grant: DirectoryGrant) -> String {
    JSONText.object([
      ("host", JSONText.string(grant.hostPath.description)),
      ("guest", JSONText.string(grant.guestPath.description)),
      ("access", JSONText.string(grant.isReadOnly ? "read" : "write")),
    ])
  }

  private static func json(
    _ option: (name: String, value: OptionValue, origin: OptionOrigin)
  ) -> String {
    let value: String
    if case .text(let text) = option.value {
      value = JSONText.string(text)
    } else {
      value = "\(option.value)"
    }
    return JSONText.object([("value", value), ("from", JSONText.string("\(option.origin)"))])
  }
}

extension RunOptions {
  /// The package's definitions, `NAME=VALUE` each.
  fileprivate var packageVariables: [String] {
    packageEnvironment.compactMap {
      if case .set(let name, let value) = $0 { "\(name)=\(value)" } else { nil }
    }
  }
}

/// Text of several lines, safe to show on a terminal.
private func escapedLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
    .joined(separator: "\n")
}
