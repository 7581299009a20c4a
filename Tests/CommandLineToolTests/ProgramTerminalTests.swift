// A guest on a terminal of its own: keys end it, and the terminal is afterwards as it was.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram, .serialized) struct ProgramTerminalTests {
  /// A guest that runs in the foreground of a terminal.
  private struct Run: ~Copyable {
    let program: WasmrunProgram
    let terminal: PseudoTerminal
    let child: ChildProcess

    /// Starts it, and waits until the guest runs.
    static func start(_ module: [UInt8], _ options: String = "") throws -> Run {
      let program = try WasmrunProgram()
      let terminal = try PseudoTerminal()
      let path = try program.add("guest.wasm", module)
      _ = try program.run("compile", path)
      // A session's leader gets the first terminal that it opens as its own. The streams are the one
      // open file that we have as well, so that its flags can be looked at.
      let script =
        ": <'\(terminal.path)'; SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) "
        + "XDG_CACHE_HOME='\(program.folder.path)/cache' "
        + "exec '\(WasmrunProgram.path)' \(options) '\(path)' <&3 >&3 2>&3"
      let child = try ChildProcess(
        path: "/bin/sh", arguments: ["-c", script], descriptors: [terminal.terminal])
      try waitUntilLockedDown(child.processID)
      return Run(program: program, terminal: terminal, child: child)
    }

    /// Waits for the end; it must come at once.
    consuming func end() throws -> ChildProcess.End {
      let start = try Clock.monotonic.now()
      let end = try child.wait()
      #expect(try Clock.monotonic.now() - start < 2_000_000_000)
      return end
    }
  }

  /// What a guest does while somebody presses a key.
  enum Occupation: String, CaseIterable, Sendable {
    case computing
    case reading
    case polling
    case sleeping
    case loopingWithoutBlockingReads

    var module: [UInt8] {
      switch self {
      case .computing: TestModules.looping
      case .reading: TestModules.reading
      case .polling: TestModules.polling(forInput: true)
      case .sleeping: TestModules.polling(forInput: false)
      case .loopingWithoutBlockingReads: TestModules.makingInputNonBlocking(thenLooping: true)
      }
    }
  }

  @Test(arguments: Occupation.allCases)
  func controlCEndsAGuest(_ occupation: Occupation) throws {
    try expectEnd(of: occupation, by: "\u{3}", .killed(signal: SIGINT))
  }

  @Test(arguments: [Occupation.computing, .reading])
  func controlBackslashEndsAGuest(_ occupation: Occupation) throws {
    try expectEnd(of: occupation, by: "\u{1C}", .killed(signal: SIGQUIT))
  }

  private func expectEnd(
    of occupation: Occupation, by key: String, _ expected: ChildProcess.End
  ) throws {
    let run = try Run.start(occupation.module)
    let terminal = run.terminal
    let modes = try terminal.modes()
    try terminal.type(key)
    #expect(try run.end() == expected)
    #expect(try terminal.modes() == modes)
    #expect(try !terminal.terminal.statusFlags().contains(.nonBlocking))
  }

  /// A shell gives 130 for it.
  @Test func aShellSeesTheSignal() throws {
    let run = try Run.start(TestModules.looping)
    let script = "kill -INT \(run.child.processID)"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", script]
    try shell.run()
    shell.waitUntilExit()
    #expect(try run.end() == .killed(signal: SIGINT))
    let program = try WasmrunProgram()
    let path = try program.add("raise.wasm", TestModules.raising(2))
    let status = Process()
    status.executableURL = URL(fileURLWithPath: "/bin/sh")
    status.environment = ["SWIFT_BACKTRACE": WasmrunProgram.noBacktraces]
    status.arguments = ["-c", "'\(WasmrunProgram.path)' --no-cache '\(path)'; exit $?"]
    try status.run()
    status.waitUntilExit()
    #expect(status.terminationStatus == 130)
  }

  @Test func aLineThatIsTypedIsRead() throws {
    let run = try Run.start(TestModules.echoingInput)
    let terminal = run.terminal
    let modes = try terminal.modes()
    try terminal.type("word\n")
    // Echoed by the terminal, then by the guest; the end of the input is a key.
    #expect(try terminal.screen(with: "word\r\nword\r\n").contains("word\r\nword\r\n"))
    try terminal.type("\u{4}")
    #expect(try run.end() == .exited(0))
    #expect(try terminal.modes() == modes)
  }

  @Test func whatWasWrittenBeforeTheEndIsThere() throws {
    let run = try Run.start(TestModules.writing("output\n", endlessly: false, thenLooping: true))
    let terminal = run.terminal
    #expect(try terminal.screen(with: "output").contains("output"))
    try terminal.type("\u{3}")
    #expect(try run.end() == .killed(signal: SIGINT))
  }

  @Test func timeOnATerminalEndsToo() throws {
    let run = try Run.start(TestModules.makingInputNonBlocking(thenLooping: true), "--timeout 1s")
    let terminal = run.terminal
    #expect(try run.end() == .exited(124))
    #expect(try terminal.screen(with: "ran longer than 1s").contains("ran longer than 1s"))
    #expect(try !terminal.terminal.statusFlags().contains(.nonBlocking))
  }
}
