// What a run of several threads leaves: records, core dumps and profiles, whichever thread ends it.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram, .serialized) struct ProgramThreadEndingTests {
  typealias Blocking = ProgramThreadTests.Blocking

  /// The only record that a run of `text`, with a first thread that does not end, leaves.
  private static func record(
    _ text: String, _ options: [String]
  ) throws -> (result: RunResult, record: [String: Any]) {
    let program = try WasmrunProgram()
    let result = try ProgramThreadTests.runBlocked(
      text, ["--report=record"] + options, in: program)
    return (result, try record(program.folder.contents(of: "record")))
  }

  /// What is common to all records.
  private static func record(_ text: String) throws -> [String: Any] {
    #expect(text.hasSuffix("\n"))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 1)
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    let times = try #require(record["nanoseconds"] as? [String: Int])
    // The second thread waits for so long.
    #expect(try #require(times["total"]) >= 300_000_000)
    #expect(try #require(times["total"]) >= #require(times["ready"]))
    return record
  }

  private static let trap = "(i32.store (i32.const -4) (i32.const 1))"
  private static let exit = "(call $exit (i32.const 42))"
  private static let compilers = [["--compiler=baseline"], ["--no-cache", "--tier-up=0"]]

  // MARK: Records.

  @Test(arguments: Blocking.allCases, compilers)
  func aTrapIsRecorded(blocking: Blocking, options: [String]) throws {
    let (result, record) = try Self.record(
      ProgramThreadTests.ending(Self.trap, while: blocking), options)
    #expect(result.status == 134)
    #expect(record["outcome"] as? String == "trapped")
    #expect(record["status"] as? Int == 134)
    let trap = try #require(record["trap"] as? [String: Any])
    #expect(trap["kind"] as? String == "out of bounds memory access")
    #expect(
      trap["reason"] as? String
        == "out of bounds memory access at 0xfffffffc (the memory has 1 page)")
    // The second thread's, and nothing of the first one's.
    let frames = try #require(trap["backtrace"] as? [[String: Any]])
    #expect(frames.map { $0["function"] as? String } == ["ends"])
  }

  @Test(arguments: Blocking.allCases, compilers)
  func anExitIsRecorded(blocking: Blocking, options: [String]) throws {
    let (result, record) = try Self.record(
      ProgramThreadTests.ending(Self.exit, while: blocking), options)
    #expect(result == RunResult(status: 42, output: "", errors: ""))
    #expect(record["outcome"] as? String == "exited")
    #expect(record["status"] as? Int == 42)
  }

  @Test(arguments: Blocking.allCases)
  func theEndOfTheTimeIsRecorded(blocking: Blocking) throws {
    let (result, record) = try Self.record(
      ProgramThreadTests.ending(Blocking.loop.rawValue, while: blocking),
      ["--compiler=baseline", "--timeout=600ms"])
    #expect(result.status == 124)
    #expect(record["outcome"] as? String == "timeout")
    #expect(record["status"] as? Int == 124)
  }

  @Test func aSignalOfAThreadsIsRecorded() throws {
    let (result, record) = try Self.record(
      ProgramThreadTests.ending("(drop (call $raise (i32.const 6)))", while: .wait),
      ["--compiler=baseline"])
    #expect(result.status == 128 + SIGABRT)
    #expect(record["outcome"] as? String == "signaled")
    #expect(record["signal"] as? String == "SIGABRT")
    #expect(record["status"] as? Int32 == 128 + SIGABRT)
  }

  /// What comes while the record is being written, by a thread that does nothing else, reaches other
  /// threads: neither does it cut the record off, nor is the end another one than it says.
  @Test(arguments: [["--timeout=900ms"], []])
  func nothingCutsARecordOff(options: [String]) throws {
    let program = try WasmrunProgram()
    let text = ProgramThreadTests.ending(Self.exit, while: .wait)
    let path = try program.add("app.wat", Array(text.utf8))
    #expect(try program.run("compile", "--compiler=baseline", path).status == 0)
    // A full pipe: who writes waits.
    let pipe = program.folder.path + "/record"
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    let rubbish = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
    var fullCount = 0
    while case let count = write(reader, rubbish, rubbish.count), count > 0 { fullCount += count }

    var bytes: [UInt8] = []
    let result = try ProgramThreadTests.runBlocked(
      text, ["--compiler=baseline", "--report=record"] + options, in: program
    ) { process in
      try waitUntilLockedDown(process)
      // By then the second thread has ended all.
      usleep(700_000)
      if options.isEmpty { kill(process, SIGTERM) }
      usleep(400_000)
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      #expect(!status.contains("State:\tZ"))
      var buffer = rubbish
      for _ in 0..<1_000 where bytes.last != UInt8(ascii: "\n") {
        let count = read(reader, &buffer, buffer.count)
        if count > 0 { bytes += buffer[..<count] } else { usleep(10_000) }
      }
    }
    #expect(result == RunResult(status: 42, output: "", errors: ""))
    let record = try Self.record(String(decoding: bytes.dropFirst(fullCount), as: UTF8.self))
    #expect(record["outcome"] as? String == "exited")
    #expect(record["status"] as? Int == 42)
  }

  // MARK: Core dumps.

  @Test(arguments: Blocking.allCases) func onlyATrapLeavesACoreDump(blocking: Blocking) throws {
    for (end, isKept) in [(Self.trap, true), (Self.exit, false), (Blocking.loop.rawValue, false)] {
      let program = try WasmrunProgram()
      _ = try ProgramThreadTests.runBlocked(
        ProgramThreadTests.ending(end, while: blocking),
        ["--compiler=baseline", "--coredump=core", "--timeout=800ms"], in: program)
      var names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
      // The process that removes the file may need a moment more than the one that was killed.
      for _ in 0..<500 where names.contains(where: { $0.hasSuffix(".partial") }) {
        usleep(10_000)
        names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
      }
      #expect(names.filter { $0.hasPrefix("core") } == (isKept ? ["core"] : []), "\(end)")
      guard isKept else { continue }
      let shown = try program.run("inspect", program.folder.path + "/core")
      #expect(shown.output.contains("custom 'corestack'"), "\(shown)")
    }
  }

  // MARK: Profiles.

  /// However a run ends, the profile names the functions of all threads.
  @Test(
    arguments: ["jitdump", "perfmap"],
    [
      (exit, 42), (trap, 134), ("(drop (call $raise (i32.const 6)))", 134),
      ("(loop $l (br $l))", 124),
    ]
      as [(String, Int32)])
  func aProfileHasTheCodeOfAllThreads(format: String, ending: (text: String, status: Int32)) throws
  {
    for compiler in [["--compiler=baseline"], ["--no-cache", "--tier-up=never"]] {
      let program = try WasmrunProgram()
      var process: Int32 = 0
      let result = try ProgramThreadTests.runBlocked(
        ProgramThreadTests.ending(ending.text, while: .wait),
        ["--profile=\(format)", "--timeout=800ms"] + compiler, in: program
      ) { process = $0 }
      #expect(result.status == ending.status)
      let path =
        format == "jitdump"
        ? "\(program.folder.path)/jit-\(process).dump" : "/tmp/perf-\(process).map"
      defer { try? FileManager.default.removeItem(atPath: path) }
      var text = ""
      // Where a signal ended it, the compiler's process writes what there was.
      for _ in 0..<500 {
        text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        if text.contains("_start") { break }
        usleep(10_000)
      }
      #expect(text.contains("ends"))
      #expect(text.contains("_start"))
    }
  }
}
