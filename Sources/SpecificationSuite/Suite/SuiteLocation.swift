// Where the specification's test suite lies, and which of its files a run means.

import Foundation
import WasmModule

/// The suite's folder.
package struct SuiteLocation: Sendable {
  /// Names the suite's folder when it is not in its usual place.
  package static let environmentVariable = "WASMRUN_SPEC_TESTSUITE"
  /// The usual place, from the project's root.
  package static let usualPlace = "../shared/spec-testsuite"

  /// Absolute, without symbolic links.
  package let root: String

  /// The suite's place for this process, whether or not anything is there.
  package init(environment: [String: String]) {
    root = Self.canonical(environment[Self.environmentVariable] ?? Self.usualPlace)
  }

  package var exists: Bool { Self.isFolder(root) }

  /// The test files that `arguments` name: files, or folders with all folders below. Each is a path,
  /// or else a path inside the suite. Sorted by folder, then name.
  package func files(named arguments: [String]) throws -> [TestFile] {
    let paths = try arguments.flatMap { argument in
      let candidates = [argument, "\(root)/\(argument)"]
      guard let path = candidates.first(where: FileManager.default.fileExists) else {
        throw ScriptError("no test file or folder named \(argument)")
      }
      return Self.isFolder(path) ? Self.scripts(below: path) : [path]
    }
    return Set(paths.map(Self.canonical)).map(testFile).sorted {
      ($0.folder, $0.name) < ($1.folder, $1.name)
    }
  }

  /// The file at `path` with the name that reports use.
  private func testFile(_ path: String) -> TestFile {
    let folder = [root, Self.canonical(".")].first { path.hasPrefix($0 + "/") }
    return TestFile(path: path, name: folder.map { String(path.dropFirst($0.count + 1)) } ?? path)
  }

  private static func scripts(below folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".wast") }.map { "\(folder)/\($0)" }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}

/// A .wast file.
package struct TestFile: Sendable, Hashable {
  package var path: String
  /// The path inside the suite or the current folder, else the whole path.
  package var name: String

  package init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  /// What the file's modules may use. The threads proposal is a change of WebAssembly 1.0, and its
  /// files ask for the single memory and table of that.
  var features: Features { name.hasPrefix("proposals/threads/") ? [] : .all }

  fileprivate var folder: String {
    name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
  }
}
