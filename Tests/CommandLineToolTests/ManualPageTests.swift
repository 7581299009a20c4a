// The manual pages know all options, and their examples do what they say.

import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

@Suite struct ManualPageTests {
  static let folder = ShellCompletionTests.top + "/packaging/man"
  static let names = ["wasmrun.1", "wasmrun.toml.5", "wasmrun-sandbox.7"]

  static func page(_ name: String) -> String {
    (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
  }

  @Test func allOptionsOfARunAreDocumented() {
    let page = Self.page("wasmrun.1")
    for option in RunOption.allCases {
      // A dash of mdoc's is written by Fl, and a hyphen may be escaped.
      let name = option.rawValue.dropFirst(2)
      #expect(page.contains("Fl -\(name)") || page.contains(", -\(name)"), "\(option.rawValue)")
    }
    for command in CommandName.allCases {
      #expect(page.contains(".It Cm \(command.rawValue)"), "\(command.rawValue)")
    }
  }

  struct Example: CustomTestStringConvertible, Sendable {
    var line: String
    var statuses: [Int32] = [0]
    var output: String?
    var testDescription: String { line }
  }

  /// Lines of `.Dl` with wasmrun in them, and what the comment before says.
  static let examples: [Example] = names.flatMap { name in
    var examples: [Example] = []
    var next = Example(line: "")
    for line in page(name).split(separator: "\n") {
      if line.hasPrefix(#".\" status: "#) {
        next.statuses = line.dropFirst(12).split(separator: " ").compactMap { Int32($0) }
      } else if line.hasPrefix(#".\" prints: "#) {
        next.output = String(line.dropFirst(12))
      } else if line.hasPrefix(".Dl "), line.contains("wasmrun ") {
        next.line = String(line.dropFirst(4))
        examples.append(next)
        next = Example(line: "")
      }
    }
    return examples
  }

  @Test func thereAreExamples() { #expect(Self.examples.count >= 15) }

  @Test(.needsProgram, arguments: examples)
  func examplesDoWhatTheySay(example: Example) throws {
    let folder = try TemporaryDirectory()
    let examples = ShellCompletionTests.top + "/packaging/examples"
    for name in try FileManager.default.contentsOfDirectory(atPath: examples) {
      try FileManager.default.copyItem(
        atPath: "\(examples)/\(name)", toPath: "\(folder.path)/\(name)")
    }
    try folder.write("input.txt", "content\n")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/bin", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/bin/wasmrun", withDestinationPath: WasmrunProgram.path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", example.line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": "\(folder.path)/bin:/usr/bin:/bin", "HOME": folder.path,
      "XDG_CACHE_HOME": folder.path + "/cache",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(example.statuses.contains(process.terminationStatus))
    if let text = example.output {
      #expect(String(decoding: data, as: UTF8.self).contains(text))
    }
  }
}
