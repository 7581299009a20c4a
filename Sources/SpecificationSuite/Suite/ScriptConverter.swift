// Turns a .wast file into JSON and binary modules, with wasm-tools.

import Foundation

/// The converter: the program `wasm-tools`.
package struct ScriptConverter: Sendable {
  /// Names the program when it is neither in the development environment nor in PATH.
  package static let environmentVariable = "WASM_TOOLS"
  /// Where the project's set-up script installs it, from the project's root.
  package static let developmentPath = ".build-venv/bin/wasm-tools"

  /// The program's path.
  package let program: String

  /// Finds the program: the environment variable, the development environment, then PATH.
  package init(environment: [String: String]) throws {
    let inPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/wasm-tools" }
    let candidates =
      environment[Self.environmentVariable].map { [$0] } ?? [Self.developmentPath] + inPath
    guard let program = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw ScriptError("wasm-tools is in none of: \(candidates.joined(separator: ", "))")
    }
    self.program = program
  }

  /// Converts `file` into `folder`, which must exist, and reads the script.
  package func convert(_ file: TestFile, into folder: String) throws -> Script {
    let json = "\(folder)/script.json"
    let errors = "\(folder)/errors.txt"
    guard FileManager.default.createFile(atPath: errors, contents: nil),
      let errorFile = FileHandle(forWritingAtPath: errors)
    else { throw ScriptError("cannot write in \(folder)") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["json-from-wast", file.path, "-o", json, "--wasm-dir", folder]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errorFile
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let message = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw ScriptError("wasm-tools cannot convert it: \(message)")
    }
    return try Script(json: [UInt8](Data(contentsOf: URL(fileURLWithPath: json))))
  }
}
