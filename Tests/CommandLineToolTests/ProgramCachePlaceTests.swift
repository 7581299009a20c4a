// Caches in bad places: full, read-only, missing, somebody else's. Programs run all the same.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramCachePlaceTests {
  private static let isRoot = ProcessEnvironment.effectiveUserID == 0

  private static func place() throws -> (program: WasmrunProgram, module: String) {
    let program = try WasmrunProgram()
    return (program, try program.add("hello.wasm", TestModules.writing("hello\n")))
  }

  /// Runs the module three times; whatever is wrong with the cache, nothing but a note tells of it.
  private static func expectUndisturbed(
    _ program: WasmrunProgram, _ module: String, _ variables: [String: String?], note: String
  ) throws {
    let told = try program.run("-v", "--compiler=baseline", module, environment: variables)
    #expect(told.status == 0 && told.output == "hello\n")
    #expect(told.errors.contains(note), "\(told.errors)")
    for _ in 0..<2 {
      #expect(
        try program.run("--compiler=baseline", module, environment: variables)
          == RunResult(status: 0, output: "hello\n", errors: ""))
    }
  }

  @Test func aDiskThatIsFullDoesNoHarm() throws {
    let (program, module) = try Self.place()
    guard let disk = try MountedFolder(in: program.folder, "size=8k") else { return }
    try Self.expectUndisturbed(
      program, module, ["XDG_CACHE_HOME": disk.path], note: "the code is not kept")
    // Nothing half-written is left.
    let names = try FileManager.default.contentsOfDirectory(atPath: disk.path + "/wasmrun")
    #expect(names.allSatisfy { $0 == "CACHEDIR.TAG" }, "\(names)")
  }

  @Test func aReadOnlyHomeDoesNoHarm() throws {
    let (program, module) = try Self.place()
    guard let disk = try MountedFolder(in: program.folder, "ro") else { return }
    try Self.expectUndisturbed(
      program, module, ["XDG_CACHE_HOME": nil, "HOME": disk.path], note: "is not used")
  }

  @Test func aReadOnlyCacheIsUsedAsItIs() throws {
    let (program, module) = try Self.place()
    guard let disk = try MountedFolder(in: program.folder, "size=4m") else { return }
    let variables: [String: String?] = ["XDG_CACHE_HOME": disk.path]
    _ = try program.run("--compiler=baseline", module, environment: variables)
    #expect(try disk.remount("ro"))
    let found = try program.run("-v", "--compiler=baseline", module, environment: variables)
    #expect(found.output == "hello\n" && found.errors.contains("found code in the cache"))
  }

  @Test(.enabled(if: !isRoot, "root may write everywhere"))
  func aFolderWithoutPermissionDoesNoHarm() throws {
    let (program, module) = try Self.place()
    let home = program.folder.path + "/home"
    try FileManager.default.createDirectory(
      atPath: home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])
    try Self.expectUndisturbed(
      program, module, ["XDG_CACHE_HOME": nil, "HOME": home], note: "is not used")
  }

  @Test func aHomeThatIsNotThereDoesNoHarm() throws {
    let (program, module) = try Self.place()
    try Self.expectUndisturbed(
      program, module, ["XDG_CACHE_HOME": nil, "HOME": program.folder.path + "/a/b"],
      note: "is not used")
  }

  /// Compiling for a cache that keeps nothing is in vain, and no success.
  @Test func compilingForACacheThatCannotKeepIsAnError() throws {
    let (program, module) = try Self.place()
    func compile(_ variables: [String: String?], _ more: String...) throws -> RunResult {
      let process = try program.start(
        ["compile", "--compiler=baseline", module] + more, tag: "run", environment: variables)
      return try program.finish(process, tag: "run")
    }
    func expectRefusal(_ variables: [String: String?], _ why: String) throws {
      let result = try compile(variables)
      #expect(result.status == 125)
      #expect(
        result.errors.hasPrefix("wasmrun: cannot keep the code of '\(module)': "),
        "\(result.errors)")
      #expect(result.errors.contains(why), "\(result.errors)")
      #expect(result.errors.contains("\nhint: -o FILE"), "\(result.errors)")
      // A file of one's own does without.
      let output = program.folder.path + "/out.cwasm"
      #expect(
        try compile(variables, "-o", output) == RunResult(status: 0, output: "", errors: ""))
    }
    try expectRefusal(
      ["XDG_CACHE_HOME": nil, "HOME": program.folder.path + "/a/b"], "No such file or directory")
    try expectRefusal(["XDG_CACHE_HOME": nil], "neither XDG_CACHE_HOME nor HOME names a folder")
    try expectRefusal(["WASMRUN_CACHE_SIZE": "0"], "the whole cache may have 0")
    guard let disk = try MountedFolder(in: program.folder, "size=8k") else { return }
    try expectRefusal(["XDG_CACHE_HOME": disk.path], "No space left on device")
  }

  @Test(.enabled(if: isRoot, "only root can give files away"))
  func anEntryOfAnotherUserIsNeverLoaded() throws {
    let (program, module) = try Self.place()
    _ = try program.run("--compiler=baseline", module)
    for entry in try FileManager.default.contentsOfDirectory(atPath: program.cachePath) {
      try FileManager.default.setAttributes(
        [.ownerAccountID: 65_534], ofItemAtPath: program.cachePath + "/" + entry)
    }
    let result = try program.run("-v", "--compiler=baseline", module)
    #expect(result.output == "hello\n" && !result.errors.contains("found code"))
    #expect(result.errors.contains("another user owns it"))
  }

  @Test func anEntryThatAGroupMayWriteIsNeverLoaded() throws {
    let (program, module) = try Self.place()
    _ = try program.run("--compiler=baseline", module)
    for entry in try FileManager.default.contentsOfDirectory(atPath: program.cachePath) {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o460], ofItemAtPath: program.cachePath + "/" + entry)
    }
    let result = try program.run("-v", "--compiler=baseline", module)
    #expect(result.output == "hello\n" && !result.errors.contains("found code"))
    #expect(result.errors.contains("others may write to it"))
  }
}

/// A small file system in memory, mounted while this lives; only root can have one.
private final class MountedFolder {
  let path: String

  /// nil where nothing can be mounted here.
  init?(in folder: TemporaryDirectory, _ options: String) throws {
    path = folder.path + "/disk"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    guard ProcessEnvironment.effectiveUserID == 0,
      try Self.run("/bin/mount", "-t", "tmpfs", "-o", options + ",mode=700", "none", path)
    else { return nil }
  }

  deinit { _ = try? Self.run("/bin/umount", path) }

  func remount(_ options: String) throws -> Bool {
    try Self.run("/bin/mount", "-o", "remount,\(options)", path)
  }

  private static func run(_ words: String...) throws -> Bool {
    guard FileManager.default.isExecutableFile(atPath: words[0]) else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
