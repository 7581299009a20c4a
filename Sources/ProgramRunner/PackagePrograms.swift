// Packages as the runner sees them: which module is run for a command, and how.

package import PackageManifest
package import SystemCalls
import WASI

extension RunOptions {
  /// Takes over what the environment says about code, and, where a package is to be run, what its
  /// manifest says about all. Afterwards `modulePath` is a module's.
  mutating func resolve(_ observer: any RunnerObserver) throws(RunnerError) {
    try compilation.addEnvironment()
    if Package.isPackage(modulePath) {
      let package = try Package.load(modulePath, observer)
      try package.apply(try package.command(named: command), to: &self)
    } else if let command {
      throw RunnerError(
        .usage, "there is no command '\(command)'",
        "'\(modulePath)' is a module, and commands are those of packages")
    }
    guard observer.wantsNotes else { return }
    for option in compilation.summary {
      observer.note("option \(option.name) = \(option.value) (\(option.origin))")
    }
  }
}

extension Package {
  /// Loads the package at `path`; what is odd about it is told.
  package static func load(
    _ path: OSString, _ observer: any RunnerObserver
  ) throws(RunnerError) -> Package {
    let package: Package
    do throws(LoadError) {
      package = try Package(at: path)
    } catch {
      throw RunnerError(error, path)
    }
    for problem in package.warnings {
      observer.warn(
        "\(package.path(of: problem.file)):\(problem.place): warning: \(problem.message)",
        hint: problem.hint)
    }
    return package
  }

  // MARK: Commands and modules.

  /// The command of that name; where there is no name, the entrypoint, else the only command.
  package func command(named name: String?) throws(RunnerError) -> PackageCommand {
    let names = manifest.commands.map(\.name.value)
    let list = names.joined(separator: ", ")
    let what = "cannot run the package '\(folder)'"
    if let name {
      if let command = manifest.command(name) { return command }
      throw RunnerError(
        .usage, what, "it has no command '\(name)'",
        hint: names.isEmpty ? nil : "its commands are \(list)")
    }
    if let entrypoint = manifest.package.entrypoint?.value,
      let command = manifest.command(entrypoint)
    {
      return command
    }
    guard let first = manifest.commands.first else {
      throw RunnerError(
        .notRunnable, what, "its manifest has no [[command]]",
        hint: "wasmrun can run one of its modules by path")
    }
    guard names.count == 1 else {
      throw RunnerError(
        .usage, what, "it has \(names.count) commands and no entrypoint",
        hint: "--command chooses one of \(list)")
    }
    return first
  }

  /// The module of `command`, and the package that it is in.
  package func module(
    of command: PackageCommand
  ) throws(RunnerError) -> (package: Package, module: PackageModule) {
    let what = "cannot run the command '\(command.name.value)'"
    guard let name = command.module.package else {
      guard let module = manifest.module(command.module.module) else {
        throw RunnerError(.notRunnable, what, "its module is missing")
      }
      return (self, module)
    }
    let package = try dependency(name, what)
    guard let module = package.manifest.module(command.module.module) else {
      throw RunnerError(
        .notRunnable, what,
        "the package '\(name)' has no module '\(command.module.module)'")
    }
    return (package, module)
  }

  private func dependency(_ name: String, _ what: String) throws(RunnerError) -> Package {
    switch manifest.dependency(name)?.source {
    case .folder(let path):
      let place = path.hasPrefix("/") ? OSString(path) : self.path(of: path)
      do throws(LoadError) {
        return try Package(at: place)
      } catch {
        throw RunnerError(error, place)
      }
    default:
      throw RunnerError(
        .notRunnable, what,
        "its module is that of '\(name)', which comes from a registry, and wasmrun uses none",
        hint: "get the package, and write \"\(name)\" = { path = \"FOLDER\" } in [dependencies]")
    }
  }

  /// What the manifest says about the code of `module`.
  package func suggestions(for module: PackageModule) -> OptionLayer {
    let (said, path) = (module.suggestions, manifestPath.description)
    func chosen<Value>(_ value: Value, _ place: Located<some Sendable>) -> ChosenValue<Value> {
      ChosenValue(value, from: .manifest(place: "\(path):\(place.place)"))
    }
    var layer = OptionLayer()
    layer.passParameters = said.passParameters.map { chosen($0.value, $0) }
    layer.optimizationLevel = said.optimizationLevel.map { chosen($0.value, $0) }
    layer.strategy = said.compiler.flatMap { name in
      CompilerStrategy(rawValue: name.value).map { chosen($0, name) }
    }
    return layer
  }

  // MARK: Options.

  /// Makes `options`, in which the user has had a say, those of a run of `command`. What the user
  /// says goes before what the package says.
  package func apply(
    _ command: PackageCommand, to options: inout RunOptions
  ) throws(RunnerError) {
    guard command.isForWASI else {
      throw RunnerError(
        .notRunnable, "cannot run the command '\(command.name.value)'",
        "its runner is '\(command.runner?.value ?? "")', and wasmrun runs those of 'wasi'")
    }
    let (package, module) = try module(of: command)
    let program = command.program
    options.modulePath = package.path(of: module.source.value)
    options.compilation.add(package.suggestions(for: module))
    options.programName =
      options.programName ?? OSString(program.programName ?? command.name.value)
    if options.invokedFunction == nil {
      options.guestArguments = program.arguments.map { OSString($0) } + options.guestArguments
    }
    options.packageEnvironment = program.environment.compactMap { EnvironmentGrant(OSString($0)) }
    for mount in manifest.mounts { add(mount, to: &options) }
    if let path = program.workingDirectory?.value {
      options.packageEnvironment.insert(.set(name: "PWD", value: OSString(path)), at: 0)
      try enter(OSString(path), &options)
    }
  }

  /// Grants a folder to read, unless the user has granted something under the same name.
  private func add(_ mount: PackageMount, to options: inout RunOptions) {
    let guestPath = OSString(mount.guestPath.value)
    guard !options.directories.contains(where: { $0.guestPath == guestPath }) else { return }
    var grant = DirectoryGrant(
      hostPath: path(of: mount.hostPath.value), guestPath: guestPath, isReadOnly: true)
    grant.confinement = DirectoryGrant.Confinement(
      folder: folder, path: OSString(mount.hostPath.value))
    options.directories.append(grant)
  }

  /// Lets relative paths begin at the guest's `path`: programs know `.` only as a folder that they
  /// were granted under this name.
  private func enter(_ path: OSString, _ options: inout RunOptions) throws(RunnerError) {
    guard !options.directories.contains(where: { $0.guestPath == "." }) else { return }
    let around = options.directories.compactMap { grant in
      path.rest(inside: grant.guestPath).map { (grant: grant, rest: $0) }
    }
    guard
      let nearest = around.max(by: {
        $0.grant.guestPath.bytes.count < $1.grant.guestPath.bytes.count
      })
    else {
      throw RunnerError(
        .notRunnable, "cannot begin in the folder '\(path)'", "the program has no folder there",
        hint: "grant one with [fs] in the manifest, or with --dir HOST::\(path)")
    }
    var grant = nearest.grant
    grant.guestPath = "."
    if !nearest.rest.isEmpty {
      grant.hostPath = grant.hostPath + "/" + nearest.rest
      if let confinement = grant.confinement {
        grant.confinement?.path = confinement.path + "/" + nearest.rest
      }
    }
    options.directories.append(grant)
  }
}

extension OSString {
  /// What is left of this path, an absolute one without `.` and `..`, below `folder`: empty for the
  /// folder itself, nil where the path is not inside.
  fileprivate func rest(inside folder: OSString) -> OSString? {
    let slash = UInt8(ascii: "/")
    var prefix = folder.bytes[...]
    while prefix.last == slash { prefix.removeLast() }
    guard folder.bytes.first == slash, bytes.starts(with: prefix) else { return nil }
    let rest = bytes[prefix.count...]
    guard rest.isEmpty || rest.first == slash else { return nil }
    return OSString(bytes: rest.drop { $0 == slash })
  }
}

extension RunnerError {
  /// Why the package at `path` cannot be used.
  package init(_ error: Package.LoadError, _ path: OSString) {
    switch error {
    case .system(let file, let errno):
      let isMissing = errno == .noSuchFileOrDirectory || errno == .notDirectory
      guard isMissing, file != path, Package.isPackage(path) else {
        self.init(isMissing ? .notFound : .notRunnable, "cannot open '\(file)'", "\(errno)")
        return
      }
      self.init(
        .notRunnable, "'\(path)' is not runnable",
        "it is a directory without a manifest, \(PackageManifest.fileName)",
        hint: "a directory is run as a package")
    case .invalid(let problems):
      let errors = problems.filter { $0.severity == .error }
      let more = errors.count - 1
      self.init(
        .notRunnable, Package.place(of: errors[0], path), errors[0].message,
        hint: more == 0 || errors[0].hint != nil
          ? errors[0].hint : "\(more) more: wasmrun package check tells them all")
    }
  }
}

extension Package {
  /// Where a problem of the package at `path` is, such as `app/wasmer.toml:3:1`.
  package static func place(of problem: ManifestProblem, _ path: OSString) -> String {
    let (folder, manifest) = places(path)
    let file =
      problem.file == PackageManifest.fileName
      ? manifest : folder == "." ? OSString(problem.file) : folder + "/" + OSString(problem.file)
    return "\(file):\(problem.place)"
  }
}
