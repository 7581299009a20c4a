// The sandbox of the built program: it is there when the guest runs, and it is explained.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramSandboxTests {
  /// The values of these fields of /proc/PID/status, once the guest has run for some time.
  private static func status(
    _ fields: [String], ofRunning options: [String]
  ) throws -> [String] {
    let program = try WasmrunProgram()
    let path = try program.add("loop.wasm", TestModules.looping)
    _ = try program.run("compile", path)
    let process = try program.start(options + [path], tag: "loop")
    defer {
      // The test process blocks SIGTERM on threads of its own, and its children inherit that.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    // A guest that loops uses processor time, which nothing before it does for long.
    var found: [String] = []
    for _ in 0..<500 {
      usleep(10_000)
      let file = "/proc/\(process.processIdentifier)"
      let times = try String(contentsOfFile: file + "/stat", encoding: .utf8).split(separator: " ")
      let status = try String(contentsOfFile: file + "/status", encoding: .utf8)
      found = status.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: ":")
        return fields.contains(String(parts[0]))
          ? parts[1].trimmingCharacters(in: .whitespaces) : nil
      }
      if Int(times[13])! >= 20 { break }
    }
    return found
  }

  @Test func aPathWithoutAFolderIsAnErrorOfTheGuests() throws {
    let program = try WasmrunProgram()
    // badf, not the sandbox's end of the process.
    let files = ShellCompletionTests.top + "/packaging/examples/files.wat"
    #expect(try program.run("--no-cache", "--compiler=baseline", files).status == 8)
  }

  @Test func theGuestsProcessIsLockedDown() throws {
    let fields = ["NoNewPrivs", "Seccomp", "Seccomp_filters", "Threads"]
    #expect(try Self.status(fields, ofRunning: []) == ["1", "1", "2", "1"])
    #expect(try Self.status(fields, ofRunning: ["-q", "--sandbox=off"]) == ["1", "0", "0", "0"])
  }

  @Test func aSandboxThatIsOffIsTold() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let result = try program.run("--sandbox=off", path)
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("wasmrun: the sandbox is off"))
    #expect(try program.run("-q", "--sandbox", "off", path).errors == "")
    #expect(try program.run("--sandbox=strict", path).errors == "")
    #expect(try program.run("--sandbox=loose", path).status == 64)
  }

  @Test func thePolicyIsExplained() throws {
    let program = try WasmrunProgram()
    let without = try program.run("sandbox", "explain")
    #expect(without.status == 0)
    #expect(without.output.contains("mmap (without PROT_EXEC, anonymous)"))
    #expect(!without.output.contains("openat2"))
    let granted = try program.run("sandbox", "explain", "--ro-dir", "/nowhere\u{1B}[m")
    #expect(granted.output.contains("openat2") && !granted.output.contains("mkdirat"))
    #expect(!granted.output.contains("\u{1B}"))
    #expect(try program.run("sandbox", "explain", "--sandbox=off").output.contains("is off"))
  }

  private struct Explanation: Decodable {
    struct Call: Decodable {
      var call: String
      var `if`: [String]
    }
    struct Filter: Decodable {
      var `default`: String
      var allowed: [Call]
      var missing: [String]
    }
    struct Directory: Decodable, Equatable {
      var path: String
      var access: String
    }
    struct Files: Decodable {
      var version: Int?
      var directories: [Directory]
    }
    var sandbox: String
    var seccomp: Filter
    var landlock: Files
    var limits: [String: Int]
  }

  @Test func programsCanReadTheExplanation() throws {
    let program = try WasmrunProgram()
    let folder = "/a \"quoted\"\\\u{1}\nfolder"
    let result = try program.run(
      "sandbox", "explain", "--json", "--dir", "/d::/x", "--ro-dir", folder)
    let explanation = try JSONDecoder().decode(Explanation.self, from: Data(result.output.utf8))
    #expect(explanation.sandbox == "strict")
    #expect(
      explanation.landlock.directories == [
        .init(path: "/d", access: "write"), .init(path: folder, access: "read"),
      ])
    #expect(explanation.landlock.version.map(Int32.init) == LandlockRuleset.version)
    #expect(explanation.seccomp.default == "SIGSYS")
    #expect(explanation.seccomp.missing == ["clone3"])
    let names = Set(explanation.seccomp.allowed.map(\.call))
    #expect(names.isSuperset(of: ["mkdirat", "openat2", "read"]))
    #expect(names.isDisjoint(with: ["execve", "clone", "socket", "connect", "ptrace"]))
    #expect(explanation.limits["processCount"] == 0)
  }
}
