// Records of runs that something else than the program ends: there is one whatever the outcome.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramEndingRecordTests {
  /// The only record in `text`.
  private static func record(_ text: String) throws -> [String: Any] {
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  /// Runs `module`, sends it a signal if there is one, and says how it ended, and what it recorded.
  private static func run(
    _ module: [UInt8], _ options: String = "", sending signal: Int32? = nil
  ) throws -> (end: ChildProcess.End, record: [String: Any]) {
    let program = try WasmrunProgram()
    let path = try program.add("odd \"name.wasm", module)
    let script = """
      SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) XDG_CACHE_HOME='\(program.folder.path)/cache' \
      exec '\(WasmrunProgram.path)' \(options) --compiler=baseline \
      --report '\(program.folder.path)/record' '\(path)'
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    if let signal {
      try waitUntilLockedDown(child.processID)
      kill(child.processID, signal)
    }
    let end = try child.wait()
    let record = try record(program.folder.contents(of: "record"))
    #expect(record["v"] as? Int == 1)
    #expect(record["module"] as? String == path)
    #expect((record["code"] as? [String: Any])?["compiler"] as? String == "baseline")
    let times = try #require(record["nanoseconds"] as? [String: Int])
    #expect(try #require(times["ready"]) > 0)
    #expect(try #require(times["total"]) >= #require(times["ready"]))
    return (end, record)
  }

  @Test(
    arguments: [
      (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGQUIT, "SIGQUIT"),
      (SIGUSR1, "SIGUSR1"), (SIGALRM, "SIGALRM"),
      // A crash of wasmrun's own.
      (SIGSEGV, "SIGSEGV"),
    ] as [(Int32, String)])
  func aSignalIsRecorded(signal: Int32, name: String) throws {
    let (end, record) = try Self.run(TestModules.looping, sending: signal)
    #expect(end == .killed(signal: signal))
    #expect(record["outcome"] as? String == "signaled")
    #expect(record["signal"] as? String == name)
    #expect(record["status"] as? Int32 == 128 + signal)
  }

  @Test(
    arguments: [
      (6, SIGABRT), (8, SIGFPE), (11, SIGSEGV), (30, SIGSYS), (9, SIGKILL), (24, SIGXFSZ),
    ]
      as [(UInt8, Int32)])
  func aSignalOfTheGuestsIsRecorded(number: UInt8, signal: Int32) throws {
    let (end, record) = try Self.run(TestModules.raising(number))
    #expect(end == .killed(signal: signal))
    #expect(record["outcome"] as? String == "signaled")
    #expect(record["status"] as? Int32 == 128 + signal)
  }

  @Test func theEndOfTheTimeIsRecorded() throws {
    let (end, record) = try Self.run(TestModules.looping, "--timeout 300ms")
    #expect(end == .exited(124))
    #expect(record["outcome"] as? String == "timeout")
    #expect(record["status"] as? Int == 124)
    #expect(record["signal"] == nil)
    let times = try #require(record["nanoseconds"] as? [String: Int])
    #expect(try #require(times["total"]) >= 300_000_000)
  }

  @Test func aRunThatEndsByItselfHasItsOwnRecordOnly() throws {
    let (end, record) = try Self.run(TestModules.exiting(3), "--timeout 1h")
    #expect(end == .exited(3))
    #expect(record["outcome"] as? String == "exited")
  }

  @Test func nobodyWhoReadsIsRecorded() throws {
    let program = try WasmrunProgram()
    let path = try program.add("endless.wasm", TestModules.writing("y\n", endlessly: true))
    let script = """
      SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) '\(WasmrunProgram.path)' --no-cache \
      --report '\(program.folder.path)/record' '\(path)' | head -n 1 >/dev/null
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    #expect(try child.wait() == .exited(0))
    // The shell waits for the last of the pipe only.
    var text = ""
    for _ in 0..<500 where !text.hasSuffix("\n") {
      usleep(10_000)
      text = try program.folder.contents(of: "record")
    }
    let record = try Self.record(text)
    #expect(record["signal"] as? String == "SIGPIPE")
    #expect(record["status"] as? Int32 == 128 + SIGPIPE)
  }

  @Test func aRecordOnStandardErrorComesBehindTheMessage() throws {
    let program = try WasmrunProgram()
    let path = try program.add("loop.wasm", TestModules.looping)
    let result = try program.run("--timeout=200ms", "--report=json", "--no-cache", path)
    #expect(result.status == 124)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasSuffix("ran longer than 200ms") == true)
    #expect(try Self.record(result.errors)["outcome"] as? String == "timeout")
  }
}
