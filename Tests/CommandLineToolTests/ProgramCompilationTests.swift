// Compiling while the program runs, from outside: what a user sees, and what the process may do.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramCompilationTests {
  /// Reads a byte, then calls `$late`, which nobody has called before. The first function is not
  /// valid, so that of its neighbours, which are compiled behind it, none is but what is called.
  private static let late = """
    (module
      (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func $wrong (result i32) (f32.const 1))
      (func $late (result i32) (i32.const 7))
      (func (export "_start")
        (i32.store (i32.const 0) (i32.const 16))
        (i32.store (i32.const 4) (i32.const 1))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $exit (call $late))))
    """

  private static func place(_ text: String) throws -> (program: WasmrunProgram, path: String) {
    let program = try WasmrunProgram()
    return (program, try program.add("module.wat", Array(text.utf8)))
  }

  @Test func aBodyThatIsNotCalledNeedNotBeValid() throws {
    let (program, path) = try Self.place(Self.late)
    #expect(try program.run("--no-cache", path, input: "x").status == 7)
    let result = try program.run("validate", path)
    #expect(result.status == 126 && result.errors.contains("type mismatch"))
  }

  @Test func aWrongBodyEndsTheRunWhereItIsCalled() throws {
    let (program, path) = try Self.place(
      Self.late.replacingOccurrences(of: "(call $late)", with: "(call $wrong)"))
    for options in [["--no-cache"], ["--no-cache", "--compiler=baseline", "--sandbox=off", "-q"]] {
      let process = try program.start(options + [path], tag: "run", input: "x")
      let result = try program.finish(process, tag: "run")
      #expect(result.status == 126)
      #expect(result.errors.contains("type mismatch"))
    }
  }

  /// Starts a run that waits for a byte of input, and hands its process over.
  private static func waiting(
    _ options: [String], _ body: (_ process: Int32, _ finish: () throws -> RunResult) throws -> Void
  ) throws {
    let (program, path) = try place(late)
    let input = try FileDescriptor.pipe()
    let errors = program.folder.path + "/errors"
    let script =
      "XDG_CACHE_HOME='\(program.folder.path)/cache' exec '\(WasmrunProgram.path)' "
      + options.joined(separator: " ") + " '\(path)' <&3 2>'\(errors)'"
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", script], descriptors: [input.reading.descriptor])
    let process = child.processID
    for _ in 0..<1_000 {
      usleep(10_000)
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      if status.contains("Seccomp:\t2") { break }
    }
    usleep(200_000)
    var status: Int32 = 0
    let writing = input.writing.descriptor
    let finish: () throws -> RunResult = {
      try writing.writeAll([UInt8(ascii: "x")])
      waitpid(process, &status, 0)
      return RunResult(
        status: status >> 8 & 0xFF, output: "",
        errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
    try body(process, finish)
    child.release()
  }

  private static func children(of process: Int32) throws -> [Int32] {
    let path = "/proc/\(process)/task/\(process)/children"
    return try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: " ").compactMap { Int32($0) }
  }

  @Test func withoutItsCompilerARunEndsWithAMessage() throws {
    try Self.waiting(["--no-cache"]) { process, finish in
      let children = try Self.children(of: process)
      #expect(!children.isEmpty)
      for child in children { kill(child, SIGKILL) }
      let result = try finish()
      #expect(result.status == 125)
      #expect(result.errors.contains("the compiler's process has ended"))
    }
  }

  /// No mapping of code is writable, and the region cannot be made so: its descriptor was closed.
  @Test func theRunnerCannotWriteCode() throws {
    try Self.waiting(["--no-cache"]) { process, finish in
      var maps = ""
      for _ in 0..<1_000 where !maps.contains("r-xs") {
        usleep(10_000)
        // A file of the kernel's comes in pieces: String(contentsOfFile:) takes the first for all.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/\(process)/maps"))
        maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      }
      // The descriptors for the compilers are closed soon after.
      usleep(500_000)
      let lines = maps.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let code = lines.filter { $0.last == "(deleted)" && $0.contains("/memfd:wasmrun-code") }
      #expect(code.contains { $0[1] == "r-xs" })
      #expect(code.allSatisfy { !$0[1].contains("w") })
      #expect(lines.allSatisfy { !($0[1].contains("w") && $0[1].contains("x")) })
      let descriptors = try FileManager.default.contentsOfDirectory(
        atPath: "/proc/\(process)/fd")
      for descriptor in descriptors {
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(process)/fd/\(descriptor)")
        #expect(target?.contains("wasmrun-code") != true)
      }
      #expect(try finish().status == 7)
    }
  }

  /// Who reads a run's output learns of its end, whatever compilers are still at work.
  @Test(arguments: ["--tier-up=0", "--tier-up=never"])
  func compilersKeepNoPipeOpen(option: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("hello.wasm", TestModules.writing("hello\n"))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let run = "'\(WasmrunProgram.path)' --no-cache \(option) '\(path)'"
    shell.arguments = ["-c", "echo \"<$(\(run))>\"; \(run) | cat"]
    let pipe = Foundation.Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == "<hello>\nhello\n")
  }

  /// A sandboxed process's death sends its children no signal: they must notice it themselves.
  @Test(arguments: ["--sandbox=strict", "--sandbox=off"])
  func compilersEndWithTheRun(option: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("hello.wasm", TestModules.writing("hello\n"))
    #expect(try program.run("-q", "--tier-up=never", option, path).status == 0)
    for _ in 0..<200 where !Self.processes(naming: path).isEmpty { usleep(10_000) }
    #expect(Self.processes(naming: path).isEmpty)
  }

  /// The processes that have `text` in their command line.
  private static func processes(naming text: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { name in
      guard name.allSatisfy(\.isNumber) else { return false }
      let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
      return String(decoding: line, as: UTF8.self).contains(text)
    }
  }

  @Test func whatRanIsTold() throws {
    let program = try WasmrunProgram()
    let path = try program.add("hello.wasm", TestModules.writing("hello\n"))
    let result = try program.run("-v", "--no-cache", "--compiler=baseline", path)
    #expect(result.errors.contains("code of 1 functions by the baseline compiler"))
  }
}
