// The program and its cache, from outside.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramCacheTests {
  private static let compiled = "compiled "
  private static let found = "found code in the cache"

  private static func place() throws -> (program: WasmrunProgram, module: String) {
    let program = try WasmrunProgram()
    return (program, try program.add("hello.wasm", TestModules.writing("hello\n")))
  }

  @Test func aSecondRunCompilesNothing() throws {
    let (program, module) = try Self.place()
    let first = try program.run("-v", module)
    #expect(first.output == "hello\n")
    #expect(first.errors.contains(Self.compiled) && !first.errors.contains(Self.found))
    #expect(program.entries.count == 1)
    let second = try program.run("-v", module)
    #expect(second.output == "hello\n")
    #expect(second.errors.contains(Self.found) && !second.errors.contains(Self.compiled))
  }

  @Test func theContentCountsAndNotTheName() throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    let copy = try program.add("copy.wasm", TestModules.writing("hello\n"))
    #expect(try program.run("-v", copy).errors.contains(Self.found))
    _ = try program.add("hello.wasm", TestModules.writing("changed\n"))
    let changed = try program.run("-v", module)
    #expect(changed.output == "changed\n" && changed.errors.contains(Self.compiled))
  }

  @Test(arguments: ["--opt-level=1", "--disable-pass-params-opt"])
  func optionsThatChangeCodeHaveTheirOwn(option: String) throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    #expect(try program.run("-v", option, module).errors.contains(Self.compiled))
    #expect(try program.run("-v", option, module).errors.contains(Self.found))
    #expect(program.entries.count == 2)
  }

  @Test func withoutTheCacheNothingIsKept() throws {
    let (program, module) = try Self.place()
    for _ in 0..<2 {
      let result = try program.run("-v", "--no-cache", module)
      #expect(result.output == "hello\n" && result.errors.contains(Self.compiled))
    }
    #expect(!FileManager.default.fileExists(atPath: program.cachePath))
  }

  @Test(arguments: [0, 100, 256, 5_000] as [UInt64])
  func anEntryThatIsCutOffIsMadeAgain(byteCount: UInt64) throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    try program.changeEntry { try $0.truncate(atOffset: byteCount) }
    let result = try program.run("-v", module)
    #expect(result.output == "hello\n" && result.errors.contains(Self.compiled))
    #expect(try program.run("-v", module).errors.contains(Self.found))
  }

  /// A byte of the header, and the first of the metadata.
  @Test(arguments: [60, 256] as [UInt64])
  func anAlteredEntryIsMadeAgain(offset: UInt64) throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    try program.changeEntry { try $0.turnOverByte(at: offset) }
    let result = try program.run("-v", module)
    #expect(result.output == "hello\n" && result.errors.contains(Self.compiled))
    #expect(result.errors.contains("removed an entry of the cache"))
  }

  @Test func verifyingFindsAlteredCode() throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    #expect(try program.run("cache", "verify").output == "1 entry, 0 wrong\n")
    try program.changeEntry { try $0.turnOverByte(at: try $0.seekToEnd() - 1) }
    let result = try program.run("cache", "verify")
    #expect(result.status == 1)
    #expect(result.output == "1 entry, 1 wrong\n")
    #expect(result.errors.contains("text checksum"))
    #expect(program.entries.isEmpty)
  }

  @Test func theCacheIsShownAndCleared() throws {
    let (program, module) = try Self.place()
    #expect(try program.run("cache", "path").output == program.cachePath + "\n")
    #expect(try program.run("cache", "list").output == "")
    _ = try program.run("compile", module)
    let entry = try #require(program.entries.first)
    #expect(try program.run("cache", "list").output.hasPrefix("\(entry) "))
    #expect(try program.run("-v", module).errors.contains(Self.found))
    #expect(try program.run("cache", "clear").output == "removed 1 entry\n")
    #expect(program.entries.isEmpty)
  }

  @Test func lookingAtACacheMakesNone() throws {
    let program = try WasmrunProgram()
    #expect(try program.run("cache", "list") == RunResult(status: 0, output: "", errors: ""))
    #expect(
      try program.run("cache", "verify")
        == RunResult(status: 0, output: "0 entries, 0 wrong\n", errors: ""))
    #expect(
      try program.run("cache", "clear")
        == RunResult(status: 0, output: "removed 0 entries\n", errors: ""))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/cache"))
  }

  @Test func withoutAPlaceForACacheProgramsRun() throws {
    let (program, module) = try Self.place()
    let homeless = try program.run("-v", module, environment: ["XDG_CACHE_HOME": nil])
    #expect(homeless.output == "hello\n" && homeless.errors.contains("there is no cache"))
    let relative = try program.run("-v", module, environment: ["XDG_CACHE_HOME": "cache"])
    #expect(relative.output == "hello\n" && relative.errors.contains("there is no cache"))
    let wrong = try program.run("-v", module, environment: ["XDG_CACHE_HOME": module])
    #expect(wrong.output == "hello\n" && wrong.errors.contains("is not used: cannot make"))
    let quiet = try program.run(module, environment: ["XDG_CACHE_HOME": module])
    #expect(quiet == RunResult(status: 0, output: "hello\n", errors: ""))
  }

  @Test func aCacheThatOthersMayWriteIsNotUsed() throws {
    let (program, module) = try Self.place()
    _ = try program.run(module)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: program.cachePath)
    let result = try program.run("-v", module)
    #expect(result.output == "hello\n")
    #expect(result.errors.contains("is not trusted: others may write to it"))
    #expect(result.errors.contains(Self.compiled))
  }

  @Test(arguments: ["baseline", "llvm"])
  func manyRunsCanBeginAtOnce(compiler: String) throws {
    let (program, module) = try Self.place()
    let tags = (0..<(compiler == "llvm" ? 4 : 20)).map { "run\($0)" }
    let processes = try tags.map { try program.start(["--compiler=\(compiler)", module], tag: $0) }
    for (process, tag) in zip(processes, tags) {
      #expect(
        try program.finish(process, tag: tag)
          == RunResult(status: 0, output: "hello\n", errors: ""))
    }
    #expect(program.entries.count == 1)
    #expect(try program.run("cache", "verify").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: program.cachePath)
    #expect(!names.contains { $0.hasSuffix(".temporary") })
  }

  @Test func theSizeIsLimited() throws {
    let (program, module) = try Self.place()
    let other = try program.add("other.wasm", TestModules.writing("other\n"))
    _ = try program.run("--compiler=baseline", module)
    let size = try #require(try program.cacheInfo()["bytes"] as? Int)
    let variables = ["WASMRUN_CACHE_SIZE": "\(size + 1)"]
    let first = program.entries
    let result = try program.run("--compiler=baseline", other, environment: variables)
    #expect(result == RunResult(status: 0, output: "other\n", errors: ""))
    #expect(program.entries.count == 1 && program.entries != first)
    let nothing = try program.run(
      "-v", "--compiler=baseline", module, environment: ["WASMRUN_CACHE_SIZE": "0"])
    #expect(nothing.output == "hello\n" && nothing.errors.contains("the code is not kept"))
    let wrong = try program.run(
      "--compiler=baseline", module, environment: ["WASMRUN_CACHE_SIZE": "much"])
    #expect(wrong.status == 64 && wrong.errors.contains("variable WASMRUN_CACHE_SIZE"))
  }

  @Test func programsCanReadWhatTheCommandsTell() throws {
    let (program, module) = try Self.place()
    func json(_ words: String...) throws -> Any {
      let process = try program.start(["cache"] + words + ["--json"], tag: "json")
      let result = try program.finish(process, tag: "json")
      return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }
    #expect(try (json("list") as? [Any])?.isEmpty == true)
    _ = try program.run("compile", "--compiler=baseline", module)
    #expect(try (json("path") as? [String: String]) == ["path": program.cachePath])
    let listed = try #require(try json("list") as? [[String: Any]])
    #expect(listed.contains { $0["name"] as? String == program.entries.first })
    #expect(listed.allSatisfy { ($0["module"] as? String)?.count == 64 })
    let info = try program.cacheInfo()
    #expect(info["entries"] as? Int == listed.count && info["limit"] as? Int == 1 << 30)
    let verified = try #require(try json("verify") as? [String: Any])
    #expect(verified["entries"] as? Int == listed.count)
    #expect((verified["wrong"] as? [Any])?.isEmpty == true)
    let pruned = try #require(try json("prune", "--max-size", "1") as? [String: Int])
    #expect(pruned["removed"] == listed.count && pruned["bytes"] == 0)
    #expect(try (json("clear") as? [String: Int]) == ["removed": 0, "removedBytes": 0])
  }
}

extension WasmrunProgram {
  /// What `cache info --json` says.
  fileprivate func cacheInfo() throws -> [String: Any] {
    let output = try run("cache", "info", "--json").output
    return try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// Opens the only entry for writing.
  fileprivate func changeEntry(_ body: (FileHandle) throws -> Void) throws {
    let path = cachePath + "/" + (try #require(entries.first))
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try body(try FileHandle(forUpdating: URL(fileURLWithPath: path)))
    try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
  }
}

extension FileHandle {
  fileprivate func turnOverByte(at offset: UInt64) throws {
    try seek(toOffset: offset)
    let byte = try read(upToCount: 1)?.first ?? 0
    try seek(toOffset: offset)
    try write(contentsOf: Data([~byte]))
  }
}
