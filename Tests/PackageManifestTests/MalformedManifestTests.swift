// Every manifest of Tests/Fixtures/packages/malformed is told as it says itself.

import Foundation
import PackageManifest
import SystemCalls
import Testing

/// The folder of test packages.
let packages = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Fixtures/packages").path

@Suite struct MalformedManifestTests {
  static let names: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: packages + "/malformed")
    return (names ?? []).filter { $0.hasSuffix(".toml") }.sorted()
  }()

  @Test func thereAreMany() { #expect(Self.names.count >= 60) }

  /// The lines that begin with `#!` are the problems, in order.
  @Test(arguments: names)
  func theMessagesAreRight(name: String) throws {
    let path = "\(packages)/malformed/\(name)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let expected = text.split(separator: "\n").filter { $0.hasPrefix("#! ") }.map {
      String($0.dropFirst(3))
    }
    let problems: [ManifestProblem]
    do throws(Package.LoadError) {
      problems = try Package(at: OSString(path)).warnings
    } catch {
      guard case .invalid(let all) = error else {
        Issue.record("\(error)")
        return
      }
      problems = all
    }
    let shown = problems.flatMap { problem in
      let file = problem.file == PackageManifest.fileName ? "" : problem.file + ":"
      let line = "\(problem.severity) \(file)\(problem.place): \(problem.message)"
      return [line] + (problem.hint.map { ["hint: \($0)"] } ?? [])
    }
    #expect(!expected.isEmpty)
    #expect(shown == expected, "\(shown.map { "#! \($0)" }.joined(separator: "\n"))")
  }
}
