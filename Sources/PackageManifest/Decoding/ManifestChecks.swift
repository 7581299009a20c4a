// What only shows when a manifest is looked at as a whole.

import StructuredText

extension PackageManifest {
  func check(_ problems: ProblemList) {
    Self.checkNames(modules.map(\.name), what: "module", problems)
    Self.checkNames(commands.map(\.name), what: "command", problems)
    for command in commands { check(command, problems) }
    if let entrypoint = package.entrypoint, command(entrypoint.value) == nil {
      problems.error(
        "the entrypoint '\(entrypoint.value)' is no command of the package",
        at: entrypoint.place,
        hint: suggestion(entrypoint.value, commands.map(\.name.value))
          ?? Self.list(
            commands.map(\.name.value), "command"))
    }
  }

  private static func checkNames(
    _ names: [Located<String>], what: String, _ problems: ProblemList
  ) {
    var lines: [String: Int] = [:]
    for name in names {
      if let line = lines[name.value] {
        problems.error(
          "there are two \(what)s '\(name.value)'", at: name.place,
          hint: "the first one is in line \(line)")
      } else {
        lines[name.value] = name.place.line
      }
    }
  }

  private func check(_ command: PackageCommand, _ problems: ProblemList) {
    let reference = command.module
    if let package = reference.package {
      if dependency(package) == nil {
        problems.error(
          "'\(package)' is not among the dependencies", at: reference.place,
          hint: suggestion(package, dependencies.map(\.name.value)))
      }
      return
    }
    guard let module = module(reference.module) else {
      problems.error(
        "the command '\(command.name.value)' wants the module '\(reference.module)', which the "
          + "package does not have", at: reference.place,
        hint: suggestion(reference.module, modules.map(\.name.value))
          ?? Self.list(
            modules.map(\.name.value), "module"))
      return
    }
    if module.abi == .none, !module.hasInterfaces {
      problems.error(
        "the module '\(module.name.value)' is used by a command and has no ABI",
        at: module.name.place, hint: "abi = \"wasi\" is for programs")
    }
  }

  /// A hint that lists what there is.
  static func list(_ names: [String], _ what: String) -> String {
    names.isEmpty ? "the package has no \(what)" : "there are \(names.joined(separator: ", "))"
  }
}
