// The files of a package, which all must be inside its folder, symbolic links followed.

import StructuredText
import SystemCalls

/// Looks a sound manifest's files up.
final class PackageFiles {
  private let directory: FileDescriptor
  private let list: ProblemList
  private var others: [ManifestProblem] = []

  /// What was found, of the manifest and of the files that it names.
  var problems: [ManifestProblem] { list.problems + others }

  /// `bytes` are the manifest's; `directory` is the package's folder.
  init(directory: FileDescriptor, bytes: [UInt8]) {
    self.directory = directory
    list = ProblemList(file: PackageManifest.fileName, bytes: bytes)
  }

  /// Checks that all files are there, and reads the annotations that stand in files.
  func complete(_ manifest: inout PackageManifest) {
    for module in manifest.modules { check(module.source, .regular) }
    for mount in manifest.mounts { check(mount.hostPath, .directory) }
    for path in [manifest.package.readme, manifest.package.licenseFile] {
      if let path { check(path, .regular, isNeeded: false) }
    }
    for index in manifest.commands.indices {
      guard let file = manifest.commands[index].annotationsFile else { continue }
      if let program = readAnnotations(file) { manifest.commands[index].program = program }
    }
  }

  private func check(_ path: Located<String>, _ kind: FileKind, isNeeded: Bool = true) {
    let problem: String
    do throws(Errno) {
      let file = try directory.openBeneath(OSString(path.value).cString, .path)
      if try file.descriptor.status().kind == kind { return }
      problem = "'\(path.value)' is \(kind == .directory ? "no folder" : "no file")"
    } catch {
      problem = Self.message(path.value, error)
    }
    if isNeeded {
      list.error(problem, at: path.place)
    } else {
      list.warn(problem, at: path.place)
    }
  }

  private static func message(_ path: String, _ error: Errno) -> String {
    switch error {
    case .noSuchFileOrDirectory: "the package has no '\(path)'"
    case .crossDevice: "'\(path)' leads out of the package, by a symbolic link"
    default: "cannot open '\(path)': \(error)"
    }
  }

  // MARK: Annotations.

  private static let byteLimit = 1 << 20

  private func readAnnotations(_ file: PackageCommand.AnnotationsFile) -> ProgramSettings? {
    guard file.kind == .json else {
      list.error(
        "wasmrun does not read annotations in YAML", at: file.path.place,
        hint: "convert '\(file.path.value)' to JSON, or put it into the manifest")
      return nil
    }
    let bytes: [UInt8]
    do throws(Errno) {
      bytes = try directory.openBeneath(OSString(file.path.value).cString, .readOnly)
        .contents(limit: Self.byteLimit)
    } catch {
      list.error(Self.message(file.path.value, error), at: file.path.place)
      return nil
    }
    let own = ProblemList(file: file.path.value, bytes: bytes)
    defer { others += own.problems }
    do throws(StructuredTextError) {
      let node = try JSONParser.parse(bytes)
      guard case .table(let table) = node.value else {
        own.error("annotations must be an object, not \(node.value.kind)", at: node.offset)
        return nil
      }
      return ProgramSettings(
        annotations: TableReader(table, "the annotations", at: node.offset, own))
    } catch {
      own.add(error)
      return nil
    }
  }
}
