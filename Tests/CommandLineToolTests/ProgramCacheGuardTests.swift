// The code cache stays out of reach of the programs that it serves.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramCacheGuardTests {
  @Test func aGrantThatHoldsTheCacheKeepsItOutOfReach() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(0))
    // The folder is made first, or the guest could make it.
    let cache = program.folder.path + "/new/wasmrun"
    let variables: [String: String?] = ["XDG_CACHE_HOME": program.folder.path + "/new"]
    #expect(
      try program.run("--no-cache", "--dir", program.folder.path, path, environment: variables)
        .status
        == 0)
    #expect(FileManager.default.fileExists(atPath: cache))
    let itself = try program.run("--dir", cache, path, environment: variables)
    #expect(itself.status == 125)
    #expect(itself.errors.contains("code cache"))
    #expect(try program.run("--ro-dir", cache, path, environment: variables).status == 0)
    // Where it cannot be made, the grant is refused.
    let missing: [String: String?] = ["XDG_CACHE_HOME": program.folder.path + "/a/b/c/d"]
    let refused = try program.run("--dir", program.folder.path, path, environment: missing)
    #expect(refused.status == 125)
    #expect(refused.errors.contains("cannot be made"))
  }
}
