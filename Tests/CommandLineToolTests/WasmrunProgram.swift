// The built program, started as a user would.

import Foundation
import TestSupport
import Testing

/// What a run left.
struct RunResult: Equatable {
  /// The exit status; 128 + N where signal N ended the process, as a shell has it.
  var status: Int32
  var output: String
  var errors: String
}

/// A place to run wasmrun in: a folder with modules, and a cache of its own.
struct WasmrunProgram {
  let folder: TemporaryDirectory
  /// Variables that each run finds.
  var variables: [String: String] = [:]

  /// `$WASMRUN_BINARY`, else what was built beside the tests.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["WASMRUN_BINARY"] { return path }
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent("wasmrun").path
  }()

  /// The value of SWIFT_BACKTRACE for what tests start. In debug builds Swift's runtime answers a
  /// crash by starting a program that prints backtraces, which the sandbox keeps from ending: it
  /// would go on for ever, with the locks that it has inherited.
  static let noBacktraces = "enable=no"

  static let isBuilt = FileManager.default.isExecutableFile(atPath: path)

  init() throws { folder = try TemporaryDirectory() }

  /// Puts a module into the folder; its path.
  func add(_ name: String, _ module: [UInt8]) throws -> String {
    let path = folder.path + "/" + name
    try Data(module).write(to: URL(fileURLWithPath: path))
    return path
  }

  var cachePath: String { folder.path + "/cache/wasmrun" }

  /// The names of the cache's entries.
  var entries: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: cachePath)
    return (names ?? []).filter { $0.hasSuffix(".image") }.sorted()
  }

  /// Starts wasmrun without waiting for it. Its output goes to files that are named after `tag`.
  func start(
    _ arguments: [String], tag: String, input: String = "", environment: [String: String?] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments
    var all: [String: String?] = [
      "XDG_CACHE_HOME": folder.path + "/cache", "HOME": nil, "SWIFT_BACKTRACE": Self.noBacktraces,
    ]
    all.merge(variables) { $1 }
    all.merge(environment) { $1 }
    process.environment = all.compactMapValues { $0 }
    try folder.write("\(tag).in", input)
    process.standardInput = try FileHandle(forReadingFrom: file("\(tag).in"))
    for suffix in ["out", "err"] { try folder.write("\(tag).\(suffix)") }
    process.standardOutput = try FileHandle(forWritingTo: file("\(tag).out"))
    process.standardError = try FileHandle(forWritingTo: file("\(tag).err"))
    try process.run()
    return process
  }

  /// What came of a process that `start` started.
  func finish(_ process: Process, tag: String) throws -> RunResult {
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return RunResult(
      status: process.terminationStatus + (isSignal ? 128 : 0),
      output: try folder.contents(of: "\(tag).out"), errors: try folder.contents(of: "\(tag).err"))
  }

  /// Runs wasmrun to its end.
  func run(
    _ arguments: String..., input: String = "", environment: [String: String?] = [:]
  ) throws -> RunResult {
    let process = try start(arguments, tag: "run", input: input, environment: environment)
    return try finish(process, tag: "run")
  }

  private func file(_ name: String) -> URL { URL(fileURLWithPath: folder.path + "/" + name) }
}

extension Trait where Self == ConditionTrait {
  /// Tests that start the program need it built.
  static var needsProgram: Self {
    .enabled(if: WasmrunProgram.isBuilt, "there is no program at \(WasmrunProgram.path)")
  }
}
