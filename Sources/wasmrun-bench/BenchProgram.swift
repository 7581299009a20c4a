// The two suites: what is run, and how it is run outside of wasmrun.

import Benchmark

/// A program to measure.
struct BenchProgram {
  enum Kind {
    /// In C, compiled for this machine and for WASI.
    case compiled
    /// A script for CPython.
    case python
    /// A script for QuickJS.
    case javaScript
  }

  let suite: String
  let name: String
  let kind: Kind
  /// The file's name in the folder of programs.
  let file: String

  static let folder = "packaging/benchmark/programs"
  static let suites = ["programs", "interpreters"]

  /// Both suites. Scripts are named by their interpreter and file.
  static func all() throws -> [BenchProgram] {
    func programs(
      _ suite: String, _ kind: Kind, _ ending: String, _ prefix: String = ""
    ) throws -> [BenchProgram] {
      try Files.names(in: folder, endingWith: ending).map {
        BenchProgram(suite: suite, name: prefix + $0, kind: kind, file: $0 + ending)
      }
    }
    return try programs(suites[0], .compiled, ".c") + programs(suites[1], .python, ".py", "python-")
      + programs(suites[1], .javaScript, ".js", "quickjs-")
  }
}

/// A program with everything made that it is run with.
struct PreparedProgram {
  /// nil where there is nothing to run it outside of wasmrun.
  private(set) var native: Command?
  private let module: String
  private let movedGlobals: (program: String, library: String)?
  private var folder: String?
  private var arguments: [String] = []

  private static let python = ".build-fixtures/python.wasm"
  private static let quickJS = Files.output + "/quickjs/qjs-wasi-reactor.wasm"
  private static let quickJSPython = Files.output + "/quickjs/venv/bin/python"
  private static let quickJSDriver = "packaging/benchmark/run-quickjs"

  init(_ program: BenchProgram, movesGlobals: Bool) throws {
    let source = BenchProgram.folder + "/" + program.file
    switch program.kind {
    case .compiled:
      let executable = Files.output + "/" + program.name
      module = executable + ".wasm"
      try Self.compile(source, to: executable, ["-O3"])
      try Self.compile(
        source, to: module, ["--target=wasm32-wasi", "-O3", "-msimd128", "-mbulk-memory"])
      native = Command(words: [executable])
    case .python:
      module = Self.python
      try Self.need(module, from: ".ci/build-fixtures")
      folder = BenchProgram.folder
      arguments = ["/bench/" + program.file]
      native = Command(words: ["python3", source])
    case .javaScript:
      try Self.need(Self.quickJS, from: "packaging/benchmark/install-quickjs")
      module = Files.output + "/quickjs.wasm"
      try Files.write(
        try ReactorProgram.program(
          of: Files.contents(Self.quickJS), running: ["qjs", "/bench/program.js"]),
        to: module)
      // The command line is a part of the module: one module for all scripts needs one name for them.
      let copy = Files.output + "/" + program.name
      try Files.makeFolder(copy)
      try Files.write(try Files.contents(source), to: copy + "/program.js")
      folder = copy
      native = Command(words: [Self.quickJSPython, Self.quickJSDriver, source])
    }
    movedGlobals = movesGlobals ? try Self.moveGlobals(of: module) : nil
  }

  /// The run of it in a way; nil where that was not prepared.
  func guest(_ way: Way, _ compiler: Compiler) -> GuestRun? {
    var program = module
    var library: String?
    if way.movesGlobals {
      guard let movedGlobals else { return nil }
      (program, library) = movedGlobals
    }
    return GuestRun(
      way: way, compiler: compiler, module: program, library: library, folder: folder,
      arguments: arguments)
  }

  private static func compile(_ source: String, to target: String, _ flags: [String]) throws {
    // Beside the target first: a file that stays the same is not written again.
    let new = target + ".made"
    let run = try Command(words: ["clang-19"] + flags + [source, "-lm", "-o", new]).run()
    if let failure = run.failure { throw BenchError("cannot compile '\(source)': \(failure)") }
    try Files.replace(target, by: new)
  }

  private static func need(_ path: String, from script: String) throws {
    guard Files.exists(path) else { throw BenchError("there is no '\(path)'; run \(script)") }
  }

  private static func moveGlobals(of module: String) throws -> (program: String, library: String) {
    let stem = Files.output + "/" + String(module.split(separator: "/").last ?? "").dropLast(5)
    let (program, library) = (stem + "-indirect.wasm", stem + "-globals.wasm")
    do {
      let moved = try MovedGlobals(of: Files.contents(module))
      try Files.write(moved.program, to: program)
      try Files.write(moved.library, to: library)
    } catch let error as RewritingError {
      throw BenchError("cannot move the globals of '\(module)': \(error)")
    }
    return (program, library)
  }
}
