// The completions know all commands and options, no others, and complete in real shells.

import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

@Suite struct ShellCompletionTests {
  /// The repository's top.
  static let top = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let shells = ["bash", "zsh", "fish"]

  static func script(_ shell: String) throws -> String {
    try String(contentsOfFile: "\(top)/completions/wasmrun.\(shell)", encoding: .utf8)
  }

  // MARK: Drift.

  /// A command of the parser's own dump.
  struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        var kind: String
        var name: String
      }
      var names: [Name]?
    }
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?

    var optionNames: Set<String> {
      let own = (arguments ?? []).flatMap { $0.names ?? [] }.map {
        ($0.kind == "long" ? "--" : "-") + $0.name
      }
      return (subcommands ?? []).reduce(into: Set(own)) { $0.formUnion($1.optionNames) }
    }

    var commandNames: Set<String> {
      (subcommands ?? []).reduce(into: Set((subcommands ?? []).map(\.commandName))) {
        $0.formUnion($1.commandNames)
      }
    }
  }

  static func dump() throws -> Command {
    struct Dump: Decodable { var command: Command }
    return try JSONDecoder().decode(
      Dump.self, from: Data(WasmrunCommand._dumpHelp().utf8)
    ).command
  }

  /// The options that a script names; fish writes them without dashes.
  static func options(in script: String, _ shell: String) -> Set<String> {
    let pattern =
      shell == "fish" ? /(?:-l |\s--)([a-z][a-z0-9-]+)/ : /(?:^|[\s'"{*,()])--([a-z][a-z0-9-]+)/
    return Set(script.matches(of: pattern).map { "--" + String($0.1) })
  }

  @Test(arguments: shells)
  func allOptionsAreKnown(shell: String) throws {
    let script = try Self.script(shell)
    let wanted = try Self.dump().optionNames.filter { $0.hasPrefix("--") }
      .union(["--help", "--version"])
    let found = Self.options(in: script, shell)
    #expect(wanted.subtracting(found).sorted() == [])
  }

  @Test(arguments: shells)
  func noOptionIsKnownThatDoesNotExist(shell: String) throws {
    let known = try Self.dump().optionNames.union(["--help", "--version"])
    // What shells' own functions take.
    let foreign: Set = ["--local"]
    let found = Self.options(in: try Self.script(shell), shell)
    #expect(found.subtracting(known).subtracting(foreign).sorted() == [])
  }

  @Test(arguments: shells)
  func allCommandsAreKnown(shell: String) throws {
    let script = try Self.script(shell)
    let words = Set(script.split { !($0.isLetter || $0 == "-") }.map(String.init))
    #expect(try Self.dump().commandNames.subtracting(words).sorted() == [])
  }

  // MARK: In the shells.

  /// What `shell` completes `line` to, in a folder with some files.
  private func complete(_ shell: String, _ line: String) throws -> [String] {
    let folder = try TemporaryDirectory()
    for name in ["app.wasm", "text.wat", "notes.txt", "my module.wasm"] { try folder.write(name) }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/bundle", withIntermediateDirectories: false)
    try folder.write("bundle/wasmer.toml")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(Self.top)/debian/tests/complete-in")
    process.arguments = [shell, line, "\(Self.top)/completions/wasmrun.\(shell)"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "xterm", "LANG": "C.UTF-8",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      // Shells differ in how they quote, and whether a folder has its slash.
      var word = $0.replacing("\\", with: "")
      if word.hasSuffix("/") { word.removeLast() }
      return String(word)
    }.sorted()
  }

  static let isInstalled = ["/usr/bin/zsh", "/usr/bin/fish", "/usr/share/bash-completion"]
    .allSatisfy { FileManager.default.fileExists(atPath: $0) }

  @Test(
    .enabled(if: isInstalled, "zsh, fish and bash-completion are not installed"),
    arguments: shells,
    [
      ("wasmrun --max-m", ["--max-memory"]),
      ("wasmrun vali", ["validate"]),
      ("wasmrun t", ["text.wat"]),
      ("wasmrun my", ["my module.wasm"]),
      ("wasmrun bun", ["bundle"]),
      ("wasmrun run ap", ["app.wasm"]),
      ("wasmrun --sandbox ", ["off", "strict"]),
      ("wasmrun --compiler b", ["baseline"]),
      ("wasmrun --dir ", ["bundle"]),
      ("wasmrun --dir . -v --no-cache a", ["app.wasm"]),
      ("wasmrun app.wasm n", ["notes.txt"]),
      ("wasmrun app.wasm --ver", []),
      ("wasmrun --env A=1 app.wasm -- n", ["notes.txt"]),
      ("wasmrun cache ", ["clear", "info", "list", "path", "prune", "verify"]),
      ("wasmrun sandbox explain --js", ["--json"]),
      ("wasmrun compile --opt-level ", ["1", "2", "3"]),
    ] as [(String, [String])])
  func linesAreCompleted(shell: String, line: (String, [String])) throws {
    #expect(try complete(shell, line.0) == line.1)
  }
}
