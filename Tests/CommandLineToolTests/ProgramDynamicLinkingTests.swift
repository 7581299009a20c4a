// A program with shared libraries, made by clang and run as a user would.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram, .enabled(if: SharedLibraries.canBeMade, "there is no clang-19 or wasm-ld-19"))
struct ProgramDynamicLinkingTests {
  private func run(_ files: SharedLibraries, _ arguments: [String]) throws -> RunResult {
    let process = try files.program.start(arguments, tag: "run")
    return try files.program.finish(process, tag: "run")
  }

  @Test(arguments: ["baseline", "llvm"], [true, false])
  func librariesShareStackMemoryAndTable(compiler: String, passes: Bool) throws {
    let files = try SharedLibraries()
    let main = try files.makeAll()
    let options = ["--compiler=\(compiler)"] + (passes ? [] : ["--disable-pass-params-opt"])
    let expected = RunResult(status: 42, output: "", errors: "")
    #expect(try run(files, options + [main]) == expected)
    #expect(try run(files, options + [main]) == expected)
    // Each module has its own code.
    #expect(files.program.entries.count == 3)
  }

  @Test func aLibraryFromElsewhereCanBeNamed() throws {
    let files = try SharedLibraries()
    let main = try files.makeAll()
    let elsewhere = files.folder + "/elsewhere.so"
    try FileManager.default.moveItem(atPath: files.folder + "/libtwo.so", toPath: elsewhere)
    let missing = try run(files, ["--compiler=baseline", main])
    #expect(missing.status == 127)
    #expect(missing.errors.contains("cannot open '\(files.folder)/libtwo.so'"))
    let named = try run(
      files, ["--compiler=baseline", "--preload", "libtwo.so=\(elsewhere)", main])
    #expect(named.status == 42)
  }

  @Test func aTrapInALibraryIsTold() throws {
    let files = try SharedLibraries()
    let main = try files.makeAll(flags: ["-DCRASHES"])
    let result = try run(files, ["--compiler=baseline", main])
    #expect(result.status == 134)
    #expect(result.errors.contains("trapped: unreachable\n    0: libone.so: crash\n    1: _start"))
  }

  @Test func whatIsNoSharedLibraryIsRefused() throws {
    let files = try SharedLibraries()
    let main = try files.makeAll()
    _ = try files.program.add("libtwo.so", TestModules.exiting(0))
    let result = try run(files, ["--compiler=baseline", main])
    #expect(result.status == 126)
    #expect(result.errors.contains("needs it as a shared library, and it is none"))
  }

  @Test func aSymbolThatNobodyDefinesIsTold() throws {
    let files = try SharedLibraries()
    let main = try files.makeAll()
    // The library without what the program and the other one use of it.
    try files.make("two", flags: ["-Dtwo_base=other_base"])
    let data = try run(files, ["--compiler=baseline", main])
    #expect(data.status == 126)
    #expect(data.errors.contains("wants the address of 'two_base', which no library defines"))
    try files.make("two", flags: ["-Dtwo_scale=other_scale"])
    let function = try run(files, ["--compiler=baseline", main])
    #expect(function.status == 126)
    #expect(function.errors.contains("imports env.two_scale, which wasmrun does not provide"))
  }
}

/// Shared libraries and a program that uses them, in a folder of a test's own.
struct SharedLibraries {
  let program: WasmrunProgram
  var folder: String { program.folder.path }

  private static let compiler = "/usr/bin/clang-19"
  private static let linker = "/usr/bin/wasm-ld-19"
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/dynamic").path

  static var canBeMade: Bool {
    [compiler, linker].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
  }

  init() throws { program = try WasmrunProgram() }

  /// Makes both libraries and the program, `flags` for its compiler; its path.
  func makeAll(flags: [String] = []) throws -> String {
    try make("two")
    try make("one", with: ["libtwo.so"])
    try compile("program", flags)
    let libraries = ["libone.so", "libtwo.so"].map { folder + "/" + $0 }
    try execute(
      Self.linker,
      [
        "--experimental-pic", "-pie", "--no-entry", "--export=_start", "--import-memory",
        "--export-memory", object("program"),
      ] + libraries + ["-o", folder + "/program.wasm"])
    return folder + "/program.wasm"
  }

  /// Makes the library of that name, which uses others.
  func make(_ name: String, with others: [String] = [], flags: [String] = []) throws {
    try compile(name, flags)
    try execute(
      Self.linker,
      ["--experimental-pic", "-shared", object(name)] + others.map { folder + "/" + $0 }
        + ["-o", folder + "/lib\(name).so"])
  }

  private func object(_ name: String) -> String { folder + "/\(name).o" }

  private func compile(_ name: String, _ flags: [String]) throws {
    // Debian's wasi-libc is not position-independent: these do without it.
    try execute(
      Self.compiler,
      [
        "--target=wasm32-unknown-unknown", "-O1", "-fPIC", "-fvisibility=default", "-ffreestanding",
        "-c",
      ] + flags + [Self.sources + "/\(name).c", "-o", object(name)])
  }

  private func execute(_ path: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(path) \(arguments)")
  }
}
