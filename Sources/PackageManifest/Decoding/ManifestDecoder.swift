// From a manifest's text to the model: the whole, and `[package]`, `[dependencies]`, `[fs]`.

import StructuredText

extension PackageManifest {
  /// The manifest in `bytes`, as far as it can be understood, and what is wrong with it. No other
  /// file is looked at.
  package static func decode(
    _ bytes: [UInt8]
  ) -> (manifest: PackageManifest, problems: [ManifestProblem]) {
    let problems = ProblemList(file: fileName, bytes: bytes)
    var manifest = PackageManifest()
    do throws(StructuredTextError) {
      let table = try TOMLParser.parse(bytes)
      manifest.read(TableReader(table, "the manifest", at: 0, problems))
      manifest.check(problems)
    } catch {
      problems.add(error)
    }
    return (manifest, problems.problems)
  }

  private mutating func read(_ reader: TableReader) {
    var reader = reader
    if let table = reader.table("package", "[package]") { readPackage(table) }
    if let table = reader.table("dependencies", "[dependencies]") { readDependencies(table) }
    if let table = reader.table("fs", "[fs]") { readMounts(table) }
    modules = reader.tables("module").compactMap { PackageModule($0) }
    commands = reader.tables("command").compactMap { PackageCommand($0) }
    reader.finish()
  }

  // MARK: [package].

  private mutating func readPackage(_ reader: TableReader) {
    var reader = reader
    let problems = reader.problems
    package.name = reader.string("name")
    if let name = package.name, !ManifestText.isPackageName(name.value, needsNamespace: false) {
      problems.error(
        "'\(name.value)' is no name of a package", at: name.place,
        hint: "names are 'name' or 'namespace/name', of letters, digits, '-' and '_'")
    }
    package.version = reader.string("version")
    if let version = package.version, !ManifestText.isVersion(version.value) {
      problems.error(
        "'\(version.value)' is no version", at: version.place, hint: "versions are such as 1.2.3")
    }
    package.description = reader.string("description")
    package.license = reader.string("license")
    package.licenseFile = reader.path("license-file")
    package.readme = reader.path("readme")
    package.repository = reader.string("repository")
    package.homepage = reader.string("homepage")
    package.entrypoint = reader.string("entrypoint")
    package.isPrivate = reader.boolean("private")?.value ?? false
    for key in [
      "wasmer-extra-flags", "disable-command-rename", "rename-commands-to-raw-command-name",
    ] {
      reader.ignore(key, because: "is deprecated and has no effect")
    }
    reader.finish()
  }

  // MARK: [dependencies].

  private mutating func readDependencies(_ reader: TableReader) {
    let problems = reader.problems
    for entry in reader.table.entries {
      let name = Located(entry.key, at: problems.place(entry.keyOffset))
      guard ManifestText.isPackageName(entry.key, needsNamespace: true) else {
        problems.error(
          "'\(entry.key)' is no name of a package to depend on", at: entry.keyOffset,
          hint: "dependencies are written \"namespace/name\" = \"version\"")
        continue
      }
      switch entry.node.value {
      case .string(let requirement):
        dependencies.append(
          PackageDependency(name: name, source: .registry(requirement: requirement)))
      case .table(let table):
        var reader = TableReader(
          table, "the dependency '\(entry.key)'", at: entry.node.offset, problems)
        if let path = reader.requiredString("path") {
          dependencies.append(PackageDependency(name: name, source: .folder(path: path.value)))
        }
        reader.finish()
      default:
        problems.error(
          "'\(entry.key)' must be a version's requirement or a table with 'path', not "
            + entry.node.value.kind, at: entry.node.offset)
      }
    }
  }

  // MARK: [fs].

  private mutating func readMounts(_ reader: TableReader) {
    var reader = reader
    let problems = reader.problems
    for entry in reader.table.entries {
      guard let hostPath = reader.path(entry.key) else { continue }
      guard let guestPath = ManifestText.guestPath(entry.key) else {
        problems.error("'\(entry.key)' leads above the program's root", at: entry.keyOffset)
        continue
      }
      if mounts.contains(where: { $0.guestPath.value == guestPath }) {
        problems.error("'\(guestPath)' is mounted twice", at: entry.keyOffset)
      }
      mounts.append(
        PackageMount(
          guestPath: Located(guestPath, at: problems.place(entry.keyOffset)), hostPath: hostPath))
    }
  }
}

extension TableReader {
  /// A path that stays inside the package.
  mutating func path(_ key: String) -> Located<String>? {
    guard let path = string(key) else { return nil }
    if let problem = ManifestText.problem(ofPath: path.value) {
      problems.error(problem, at: path.place)
      return nil
    }
    return path
  }
}
