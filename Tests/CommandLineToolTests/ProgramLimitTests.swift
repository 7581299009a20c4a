// The limits of a run, each with its own message and status, and granted sockets.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramLimitTests {
  @Test(arguments: ["strict", "off"])
  func aBusyProgramEndsWithItsTime(sandbox: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("loop.wasm", TestModules.looping)
    let result = try program.run("-q", "--sandbox", sandbox, "--timeout", "200ms", path)
    #expect(result.status == 124)
    #expect(result.errors == "wasmrun: '\(path)' ran longer than 200ms\n")
  }

  @Test func aProgramThatWaitsEndsWithItsTime() throws {
    let program = try WasmrunProgram()
    let path = try program.add("read.wasm", TestModules.reading)
    try program.folder.write("errors")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: WasmrunProgram.path)
    process.arguments = ["--no-cache", "--timeout=0.2", path]
    process.environment = ["SWIFT_BACKTRACE": WasmrunProgram.noBacktraces]
    // Nobody writes to the pipe, and it stays open.
    let input = Pipe()
    process.standardInput = input
    process.standardError = try FileHandle(
      forWritingTo: URL(fileURLWithPath: program.folder.path + "/errors"))
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 124)
    #expect(try program.folder.contents(of: "errors").contains("ran longer than 0.2s"))
    withExtendedLifetime(input) {}
  }

  @Test func aProgramThatIsQuickHasTime() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(7))
    #expect(
      try program.run("--timeout", "1h", path) == RunResult(status: 7, output: "", errors: ""))
    // 0 and nonsense are told.
    for text in ["0", "-1", "1d", "s", "1e3", "inf", "0.0000000001s"] {
      #expect(try program.run("--timeout=\(text)", path).status == 64, "\(text)")
    }
  }

  /// Runs under limits of the shell's; the end, and what was said.
  private static func run(
    _ module: [UInt8], _ options: String, under limit: String
  ) throws -> (end: ChildProcess.End, errors: String, place: WasmrunProgram) {
    let program = try WasmrunProgram()
    _ = try program.add("app.wasm", module)
    let script = """
      cd '\(program.folder.path)'; export XDG_CACHE_HOME=$PWD/cache \
        SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces)
      ulimit \(limit); exec '\(WasmrunProgram.path)' \(options) app.wasm 2>errors
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    let end = try child.wait()
    return (end, try program.folder.contents(of: "errors"), program)
  }

  @Test func tooFewDescriptorsAreTold() throws {
    let (end, errors, _) = try Self.run(
      TestModules.exiting(7), "--no-cache", under: "-n 12")
    #expect(end == .exited(125))
    #expect(errors.hasPrefix("wasmrun: cannot compile 'app.wasm': Too many open files\n"))
    #expect(errors.contains("hint: ulimit -n"))
  }

  /// Not a death by SIGXFSZ: files in memory are files, too.
  @Test(arguments: ["--no-cache --tier-up=never", "--compiler=baseline", "--no-cache --coredump c"])
  func aLimitOfFilesIsTold(options: String) throws {
    let (end, errors, place) = try Self.run(TestModules.exiting(7), options, under: "-f 0")
    #expect(end == .exited(125), "\(end)")
    // Nothing can be told in a file.
    #expect(errors == "")
    #expect(
      !(try FileManager.default.contentsOfDirectory(atPath: place.folder.path))
        .contains { $0.hasPrefix("c.") })
    let told = try Self.run(TestModules.exiting(7), options, under: "-f 1")
    #expect(told.end == .exited(125))
    #expect(told.errors.hasPrefix("wasmrun: cannot "), "\(told.errors)")
    #expect(told.errors.contains("File too large"), "\(told.errors)")
  }

  @Test func limitsOfTablesAreKept() throws {
    let program = try WasmrunProgram()
    let path = try program.add("table.wasm", TestModules.growingTable)
    // Ten elements, grown by ten, then by ten again.
    #expect(try program.run("--invoke", "grow", path).output == "10\n20\n")
    #expect(
      try program.run("--max-table-elements", "25", "--invoke", "grow", path).output
        == "10\n-1\n")
    let limited = try program.run("--max-table-elements=9", "--invoke", "grow", path)
    #expect(limited.status == 125)
    #expect(limited.errors.contains("the table needs 10 elements at the start, the limit is 9"))
  }

  @Test func aGrantedSocketIsListenedOn() throws {
    let program = try WasmrunProgram()
    let path = try program.add("serve.wasm", TestModules.serving("served\n"))
    _ = try program.run("compile", path)
    let process = try program.start(["-v", "--listen", "127.0.0.1:0", path], tag: "serve")
    defer { kill(process.processIdentifier, SIGKILL) }
    var port: String?
    for _ in 0..<1_000 where port == nil {
      usleep(10_000)
      let notes = try program.folder.contents(of: "serve.err")
      if notes.contains("locked down"), let found = notes.firstMatch(of: /port ([0-9]+)/) {
        port = String(found.1)
      }
    }
    let client = Process()
    client.executableURL = URL(fileURLWithPath: "/bin/bash")
    client.arguments = ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(try #require(port)); cat <&3"]
    try program.folder.write("client")
    client.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: program.folder.path + "/client"))
    try client.run()
    client.waitUntilExit()
    #expect(try program.folder.contents(of: "client") == "served\n")
    #expect(try program.finish(process, tag: "serve").status == 0)
  }

  @Test func aUnixSocketIsListenedOn() throws {
    let program = try WasmrunProgram()
    let path = try program.add("serve.wasm", TestModules.serving("served\n"))
    _ = try program.run("compile", path)
    let address = program.folder.path + "/socket"
    // Twice: the second run finds what the first has left behind.
    for tag in ["first", "second"] {
      let process = try program.start(["--listen", "unix:\(address)", path], tag: tag)
      defer { kill(process.processIdentifier, SIGKILL) }
      try waitUntilLockedDown(process.processIdentifier)
      let client = Process()
      client.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      client.arguments = [
        "-c",
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
          + "print(s.makefile().read(), end='')", address,
      ]
      try program.folder.write("client")
      client.standardOutput = try FileHandle(
        forWritingTo: URL(fileURLWithPath: program.folder.path + "/client"))
      try client.run()
      client.waitUntilExit()
      #expect(try program.folder.contents(of: "client") == "served\n")
      #expect(try program.finish(process, tag: tag).status == 0)
    }
  }

  @Test func whatCannotBeListenedOnIsNamed() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(0))
    for text in [
      "80", "localhost:80", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]", "[1.2.3.4]:5",
      "unix:",
    ] {
      #expect(try program.run("--listen", text, path).status == 64, "\(text)")
    }
    let result = try program.run("--listen", "203.0.113.1:1", path)
    #expect(result.status == 125)
    #expect(result.errors.hasPrefix("wasmrun: cannot listen on 203.0.113.1, port 1: "))
  }

  @Test func aPathThatIsTakenCannotBeListenedOn() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(0))
    let result = try program.run("--listen", "unix:\(path)", path)
    #expect(result.status == 125)
    #expect(
      result.errors
        == "wasmrun: cannot listen on the unix socket '\(path)': Address already in use\n")
    let long = String(repeating: "x", count: 200)
    #expect(try program.run("--listen", "unix:\(long)", path).errors.contains("name too long"))
  }

  @Test func streamsGoToFiles() throws {
    let program = try WasmrunProgram()
    let path = try program.add("echo.wasm", TestModules.echoingInput)
    try program.folder.write("in", "from the file\n")
    try program.folder.write("out", "something longer that was there before\n")
    let folder = program.folder.path
    let result = try program.run(
      "--stdin", folder + "/in", "--stdout", folder + "/out", path, input: "not this")
    #expect(result == RunResult(status: 0, output: "", errors: ""))
    #expect(try program.folder.contents(of: "out") == "from the file\n")
    let missing = try program.run("--stdin", folder + "/nowhere", path)
    #expect(missing.status == 127)
    #expect(missing.errors.contains("as the program's standard input: No such file"))
    let wrong = try program.run("--stdout", folder, path)
    #expect(wrong.status == 125)
    #expect(wrong.errors.contains("Is a directory"))
    // wasmrun's own messages stay where they were.
    let trap = try program.add("trap.wasm", TestModules.trapping())
    let trapped = try program.run("--stderr", folder + "/err", trap)
    #expect(trapped.status == 134 && trapped.errors.contains("unreachable"))
    #expect(try program.folder.contents(of: "err") == "")
  }
}
