// A package on disk: its manifest, and the files that the manifest names.

package import SystemCalls

/// A package whose manifest is sound and whose files are there.
package struct Package: Sendable {
  /// The package's folder.
  package let folder: OSString
  package let manifestPath: OSString
  package let manifest: PackageManifest
  package let warnings: [ManifestProblem]

  /// Why a package cannot be used.
  package enum LoadError: Error, Hashable {
    /// The file cannot be read.
    case system(path: OSString, Errno)
    /// What is wrong with it, warnings among it.
    case invalid([ManifestProblem])
  }

  /// Loads the package at `path`, a folder or a manifest.
  package init(at path: OSString) throws(LoadError) {
    (folder, manifestPath) = Self.places(path)
    let (folder, manifestPath) = (folder, manifestPath)
    let bytes = try Self.attempt(manifestPath) { () throws(Errno) in try Self.read(manifestPath) }
    var (manifest, problems) = PackageManifest.decode(bytes)
    if !problems.contains(where: { $0.severity == .error }) {
      let directory = try Self.attempt(folder) { () throws(Errno) in
        try FileDescriptor.currentDirectory.open(folder.cString, [.readOnly, .directory])
      }
      let files = PackageFiles(directory: directory.descriptor, bytes: bytes)
      files.complete(&manifest)
      problems += files.problems
    }
    guard !problems.contains(where: { $0.severity == .error }) else { throw .invalid(problems) }
    self.manifest = manifest
    warnings = problems
  }

  private static func attempt<Result: ~Copyable>(
    _ path: OSString, _ body: () throws(Errno) -> Result
  ) throws(LoadError) -> Result {
    do throws(Errno) { return try body() } catch { throw .system(path: path, error) }
  }

  /// The path of a file of the package.
  package func path(of file: String) -> OSString {
    folder == "." ? OSString(file) : folder + "/" + OSString(file)
  }

  /// Whether `path` names a package: a manifest by its suffix, or a folder.
  package static func isPackage(_ path: OSString) -> Bool {
    if path.bytes.suffix(5).elementsEqual(".toml".utf8) { return true }
    guard path != "-",
      let status = try? FileDescriptor.currentDirectory.status(of: path.cString, following: true)
    else { return false }
    return status.kind == .directory
  }

  /// The folder and the manifest that `path` means.
  package static func places(_ path: OSString) -> (folder: OSString, manifest: OSString) {
    guard path.bytes.suffix(5).elementsEqual(".toml".utf8) else {
      var folder = path
      while folder.bytes.count > 1, folder.bytes.last == UInt8(ascii: "/") {
        folder.bytes.removeLast()
      }
      return (folder, folder + "/" + OSString(PackageManifest.fileName))
    }
    guard let slash = path.bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    return (slash == 0 ? "/" : OSString(bytes: path.bytes[..<slash]), path)
  }

  /// Manifests are written by hand; something larger is none.
  private static let byteLimit = 1 << 20

  private static func read(_ path: OSString) throws(Errno) -> [UInt8] {
    try FileDescriptor.currentDirectory.open(path.cString, .readOnly).contents(limit: byteLimit)
  }
}
