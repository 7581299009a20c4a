// `[[command]]`, in both shapes, and the annotations that describe a program.

import StructuredText

extension PackageCommand {
  private static let runners = [
    "wasi", "wasi@unstable_", "generic", "wcgi", "dcgi", "dproxy", "wasm4", "emscripten",
  ]

  /// nil where it has no name or no module, which is told.
  init?(_ reader: TableReader) {
    var reader = reader
    let problems = reader.problems
    let name = reader.requiredString("name")
    let module = reader.requiredString("module")
    // What makes the newer shape is its runner.
    let isNew = reader.table["runner"] != nil || reader.table["annotations"] != nil
    let runner = isNew ? Self.readRunner(&reader) : nil
    var program = ProgramSettings()
    var file: AnnotationsFile?
    var package: Located<String>?
    if isNew {
      if let annotations = reader.table("annotations", "'annotations'") {
        file = AnnotationsFile(annotations)
        if annotations.table["file"] == nil { program = ProgramSettings(annotations: annotations) }
      }
    } else {
      program.arguments =
        reader.string("main_args").map { $0.value.split { $0.isWhitespace }.map(String.init) } ?? []
      package = reader.string("package")
    }
    reader.finish()
    guard let name, let module,
      let reference = ModuleReference(module, package: package, problems)
    else { return nil }
    self.init(
      name: name, module: reference, runner: runner, program: program, annotationsFile: file)
  }

  private static func readRunner(_ reader: inout TableReader) -> Located<String>? {
    guard let runner = reader.requiredString("runner") else { return nil }
    let isURL = ["https://", "http://"].contains { runner.value.hasPrefix($0) }
    if !isURL, !runners.contains(runner.value) {
      reader.problems.warn(
        "unknown runner '\(runner.value)'", at: runner.place,
        hint: suggestion(runner.value, runners) ?? "wasmrun runs commands of the runner 'wasi'")
    }
    return runner
  }
}

extension PackageCommand.ModuleReference {
  /// Reads `MODULE` or `NAMESPACE/PACKAGE:MODULE`; `package` is the older shape's own key.
  fileprivate init?(
    _ text: Located<String>, package: Located<String>?, _ problems: ProblemList
  ) {
    let parts = text.value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let module = parts.last, !module.isEmpty,
      parts.count == 1 || ManifestText.isPackageName(parts[0], needsNamespace: true)
    else {
      problems.error(
        "'\(text.value)' is no module", at: text.place,
        hint: "modules are 'module' or 'namespace/package:module'")
      return nil
    }
    self.init(
      package: parts.count == 2 ? parts[0] : package?.value, module: module, place: text.place)
  }
}

extension PackageCommand.AnnotationsFile {
  /// `{ file = "…", kind = "json" }`; nil where the annotations stand in the manifest itself.
  fileprivate init?(_ reader: TableReader) {
    guard reader.table["file"] != nil else { return nil }
    var reader = reader
    let path = reader.path("file")
    let kind = reader.word("kind", Kind.allCases.map(\.rawValue), what: "kind of file")
    if reader.table["kind"] == nil {
      reader.problems.error("annotations in a file need 'kind'", at: reader.offset)
    }
    reader.finish()
    guard let path, let kind = kind.flatMap({ Kind(rawValue: $0.value) }) else { return nil }
    self.init(path: path, kind: kind)
  }
}

extension ProgramSettings {
  /// Reads `wasi` among a command's annotations. Those of other runners are not wasmrun's to judge.
  init(annotations: TableReader) {
    var annotations = annotations
    for entry in annotations.table.entries where entry.key != "wasi" {
      guard suggestion(entry.key, ["wasi"]) != nil, !["wcgi", "dcgi"].contains(entry.key) else {
        continue
      }
      annotations.problems.warn(
        "unknown key '\(entry.key)' in 'annotations'", at: entry.keyOffset,
        hint: "did you mean 'wasi'?")
    }
    guard var reader = annotations.table("wasi", "'annotations.wasi'") else { return }
    for definition in reader.strings("env") {
      guard let equals = definition.value.firstIndex(of: "="),
        equals != definition.value.startIndex, !definition.value.utf8.contains(0)
      else {
        reader.problems.error(
          "'\(definition.value)' is not NAME=VALUE", at: definition.place)
        continue
      }
      environment.append(definition.value)
    }
    for argument in reader.strings("main-args") {
      if argument.value.utf8.contains(0) {
        reader.problems.error("an argument holds a zero byte", at: argument.place)
      } else {
        arguments.append(argument.value)
      }
    }
    if let path = reader.string("cwd") {
      if let whole = ManifestText.guestPath(path.value), path.value.hasPrefix("/") {
        workingDirectory = Located(whole, at: path.place)
      } else {
        reader.problems.error(
          "'cwd' must be an absolute path of the program's, not '\(path.value)'", at: path.place)
      }
    }
    programName = reader.string("exec-name")?.value
    for key in ["package", "mount-atom-in-volume"] { reader.ignore(key) }
    reader.ignore("atom", because: "is deprecated and has no effect; 'module' says it")
    reader.finish()
  }
}
