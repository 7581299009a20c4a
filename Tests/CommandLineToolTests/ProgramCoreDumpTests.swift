// `--coredump`: a file that tools for WebAssembly can read, there only where a program trapped.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramCoreDumpTests {
  private static let text = """
    (module
      (memory (export "memory") 3 5)
      (memory i64 1)
      (global i32 (i32.const -7))
      (global (mut i64) (i64.const 0x1_0000_0000))
      (global f64 (f64.const 1.5))
      (global v128 (v128.const i64x2 3 4))
      (global funcref (ref.func 0))
      (data (i32.const 70000) "found")
      (data (memory 1) (i64.const 65526) "at the end")
      (func $inner (global.set 1 (i64.const 42)) (unreachable))
      (func $outer (call $inner))
      (func (export "_start") (call $outer)))
    """

  /// The folder's names, but for what the tests themselves put there.
  private static func names(_ program: WasmrunProgram) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
      .filter { !$0.hasPrefix("run.") && $0 != "cache" }.sorted()
  }

  /// A trap's dump: its path, and what is in it as `inspect` shows it.
  private static func dump(
    _ program: WasmrunProgram, _ options: String...
  ) throws -> [String: Any] {
    try program.folder.write("trap.wat", Self.text)
    let process = try program.start(
      options + [
        "--no-cache", "--coredump", "\(program.folder.path)/core",
        "\(program.folder.path)/trap.wat",
      ],
      tag: "run")
    let result = try program.finish(process, tag: "run")
    #expect(result.status == 134)
    #expect(
      result.errors.contains("wasmrun: '\(program.folder.path)/trap.wat' trapped: unreachable"))
    #expect(try names(program) == ["core", "trap.wat"])
    let shown = try program.run("inspect", "--json", "\(program.folder.path)/core")
    #expect(shown.errors == "")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
  }

  @Test(arguments: ["--compiler=baseline", "--compiler=auto", "--sandbox=off"])
  func aTrapLeavesADump(option: String) throws {
    let program = try WasmrunProgram()
    let dump = try Self.dump(program, option)
    let memories = try #require(dump["memories"] as? [[String: Any]])
    #expect(memories.map { $0["minimum"] as? Int } == [3, 1])
    #expect(memories.map { $0["maximum"] as? Int } == [5, nil])
    #expect(memories.map { $0["is64Bit"] as? Bool } == [false, true])
    let sections = try #require(dump["sections"] as? [[String: Any]])
    let names = sections.compactMap { $0["name"] as? String }
    #expect(names.filter { $0 != "custom" }.suffix(3) == ["memory", "global", "data"])

    let bytes = try Data(contentsOf: URL(fileURLWithPath: program.folder.path + "/core"))
    for text in ["found", "at the end", "core", "coremodules", "coreinstances", "corestack"] {
      #expect(bytes.range(of: Data(text.utf8)) != nil, "\(text)")
    }
    // The thread's name, three frames of instance 0: functions 0, 1 and 2, nothing more of them.
    let frames: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0]
    #expect(bytes.range(of: Data([0, 4] + Array("main".utf8) + [3] + frames)) != nil)
    // The globals as they are now: -7, 42, 1.5, two halves of a vector, and null for a function.
    let numbers: [UInt8] = [0x7F, 0, 0x41, 0x79, 0x0B, 0x7E, 0, 0x42, 42, 0x0B]
    #expect(bytes.range(of: Data(numbers)) != nil)
    #expect(bytes.range(of: Data([0x70, 0, 0xD0, 0x70, 0x0B])) != nil)
    // Zeros are left out.
    #expect(bytes.count < 20_000)
    let status = try FileDescriptor.currentDirectory.status(of: program.folder.path + "/core")
    #expect(status.kind == .regular)
    let permissions = try FileManager.default.attributesOfItem(
      atPath: program.folder.path + "/core")[.posixPermissions]
    #expect(permissions as? Int == 0o600)
  }

  /// Offsets count from the functions' local declarations on.
  @Test(arguments: ["--compiler=baseline", "--compiler=llvm"])
  func withDebugInformationFramesHaveOffsets(compiler: String) throws {
    let program = try WasmrunProgram()
    _ = try Self.dump(program, compiler, "--debug-info")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: program.folder.path + "/core"))
    // `unreachable` behind a constant and global.set, then calls. LLVM has all of it in one function.
    let frames: [UInt8] = [3, 0, 0, 0, 5, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 2, 1, 0, 0]
    #expect(bytes.range(of: Data([0, 4] + Array("main".utf8) + frames)) != nil)
  }

  @Test func wasmToolsReadsIt() throws {
    let tool = ShellCompletionTests.top + "/.build-venv/bin/wasm-tools"
    guard FileManager.default.isExecutableFile(atPath: tool) else { return }
    let program = try WasmrunProgram()
    _ = try Self.dump(program)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = ["dump", program.folder.path + "/core"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for section in ["core", "coremodules", "coreinstances", "corestack"] {
      #expect(text.contains("\"\(section)\""), "\(section)")
    }
    #expect(text.contains("trap.wat"))
  }

  @Test func withoutATrapNothingIsLeft() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    try program.folder.write("core", "older")
    let result = try program.run("--coredump", program.folder.path + "/core", path)
    #expect(result == RunResult(status: 3, output: "", errors: ""))
    #expect(try Self.names(program) == ["core", "exit.wasm"])
    #expect(try program.folder.contents(of: "core") == "older")
    let none = try program.run("--coredump", program.folder.path + "/core", "/none.wasm")
    #expect(none.status == 127)
    #expect(try Self.names(program) == ["core", "exit.wasm"])
  }

  @Test(arguments: ["strict", "off"]) func aKilledRunLeavesNothing(sandbox: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("loop.wasm", TestModules.looping)
    let process = try program.start(
      ["--sandbox=\(sandbox)", "--no-cache", "--coredump", "\(program.folder.path)/core", path],
      tag: "run")
    for _ in 0..<1_000 where try Self.names(program).count < 2 { usleep(10_000) }
    usleep(300_000)
    #expect(try Self.names(program).count == 2)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    for _ in 0..<500 where try Self.names(program).count > 1 { usleep(10_000) }
    #expect(try Self.names(program) == ["loop.wasm"])
  }

  @Test func aDumpThatCannotBeWrittenIsTold() throws {
    let program = try WasmrunProgram()
    let path = try program.add("trap.wasm", TestModules.trapping())
    let result = try program.run("--coredump", program.folder.path + "/no/core", path)
    #expect(result.status == 125)
    #expect(result.errors.hasPrefix("wasmrun: cannot write the core dump '"))
    // Found out when it is written: the trap is told all the same.
    let full = try program.run("--no-cache", "--coredump", "/dev/full", path)
    #expect(full.status == 134)
    #expect(full.errors.hasPrefix("wasmrun: cannot write the core dump '/dev/full': No space left"))
    #expect(full.errors.contains("trapped: unreachable"))
  }

  /// However early the process is killed, its unfinished file goes.
  @Test func anEarlyEndLeavesNothing() throws {
    let program = try WasmrunProgram()
    let path = try program.add("loop.wasm", TestModules.looping)
    let core = program.folder.path + "/core"
    for _ in 0..<8 {
      let child = try ChildProcess(
        path: "/bin/sh",
        arguments: [
          "-c", "exec '\(WasmrunProgram.path)' --no-cache --coredump '\(core)' '\(path)'",
        ],
        descriptors: [])
      let partial = "\(core).\(child.processID).partial"
      while access(partial, F_OK) != 0 { sched_yield() }
      kill(child.processID, SIGKILL)
      #expect(try child.wait() == .killed(signal: SIGKILL))
      for _ in 0..<500 where access(partial, F_OK) == 0 { usleep(10_000) }
      #expect(access(partial, F_OK) != 0)
    }
  }

  @Test func aLinkIsFollowedAndStays() throws {
    let program = try WasmrunProgram()
    let path = try program.add("trap.wasm", TestModules.trapping())
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.path + "/link", withDestinationPath: "/proc/self/fd/1")
    let result = try program.run("--no-cache", "--coredump", program.folder.path + "/link", path)
    #expect(result.status == 134)
    #expect(result.output.hasPrefix("\0asm"))
    #expect(try program.folder.descriptor.status(of: "link").kind == .symbolicLink)
    #expect(try Self.names(program) == ["link", "trap.wasm"])
  }
}
