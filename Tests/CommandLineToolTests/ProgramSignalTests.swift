// Signals end a guest as they end a C program, and what it changed of a shared stream is put back.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramSignalTests {
  private static let quietly = "SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces)"

  /// Starts wasmrun with no signal blocked, which Foundation's processes may have, sends it a signal
  /// once the guest runs, and says how it ended.
  private static func end(
    of module: [UInt8], sending signal: Int32, inputFrom input: FileDescriptor? = nil
  ) throws -> ChildProcess.End {
    let program = try WasmrunProgram()
    let path = try program.add("guest.wasm", module)
    _ = try program.run("compile", path)
    // A shell in between gives it standard streams and an environment of its own.
    let redirection = input == nil ? "" : " <&3"
    let script =
      "\(quietly) XDG_CACHE_HOME='\(program.folder.path)/cache' exec '\(WasmrunProgram.path)' '\(path)'\(redirection)"
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", script], descriptors: input.map { [$0] } ?? [])
    try waitUntilLockedDown(child.processID)
    kill(child.processID, signal)
    return try child.wait()
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func aBusyGuestEndsBySignals(signal: Int32) throws {
    #expect(try Self.end(of: TestModules.looping, sending: signal) == .killed(signal: signal))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aGuestThatWaitsEndsBySignals(signal: Int32) throws {
    let pipe = try FileDescriptor.pipe()
    let end = try Self.end(
      of: TestModules.reading, sending: signal, inputFrom: pipe.reading.descriptor)
    #expect(end == .killed(signal: signal))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func flagsOfSharedStreamsArePutBack(signal: Int32) throws {
    let pipe = try FileDescriptor.pipe()
    // Its guest makes standard input non-blocking, then loops.
    let end = try Self.end(
      of: TestModules.makingInputNonBlocking(thenLooping: true), sending: signal,
      inputFrom: pipe.reading.descriptor)
    #expect(end == .killed(signal: signal))
    #expect(try !pipe.reading.descriptor.statusFlags().contains(.nonBlocking))
  }

  @Test func flagsOfSharedStreamsArePutBackAtTheEnd() throws {
    let program = try WasmrunProgram()
    let path = try program.add(
      "guest.wasm", TestModules.makingInputNonBlocking(thenLooping: false))
    let pipe = try FileDescriptor.pipe()
    let child = try ChildProcess(
      path: "/bin/sh",
      arguments: [
        "-c", "\(Self.quietly) exec '\(WasmrunProgram.path)' --no-cache '\(path)' <&3",
      ],
      descriptors: [pipe.reading.descriptor])
    #expect(try child.wait() == .exited(0))
    #expect(try !pipe.reading.descriptor.statusFlags().contains(.nonBlocking))
  }

  @Test(
    arguments: [
      (2, SIGINT), (15, SIGTERM), (6, SIGABRT), (8, SIGFPE), (30, SIGSYS), (9, SIGKILL),
    ] as [(UInt8, Int32)])
  func aGuestCanRaiseSignals(number: UInt8, signal: Int32) throws {
    let program = try WasmrunProgram()
    let path = try program.add("raise.wasm", TestModules.raising(number))
    let child = try ChildProcess(
      path: "/bin/sh",
      arguments: ["-c", "\(Self.quietly) exec '\(WasmrunProgram.path)' --no-cache '\(path)'"],
      descriptors: [])
    #expect(try child.wait() == .killed(signal: signal))
  }
}

/// Waits until a process that is to run a guest runs it.
func waitUntilLockedDown(_ process: Int32) throws {
  for _ in 0..<1_000 {
    usleep(10_000)
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    if status.contains("Seccomp:\t2") { break }
  }
  // The guest's first call comes soon behind.
  usleep(100_000)
}
