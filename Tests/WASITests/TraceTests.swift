// Calls, told on standard error.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import WASI

@Suite struct TraceTests {
  /// What is told while `body` runs.
  private static func trace(
    _ mode: TraceMode, _ body: (Guest) throws -> Void
  ) throws -> [String] {
    let directory = try TemporaryDirectory()
    try directory.write("file", "0123456789")
    let output = try FileDescriptor.memoryFile(named: "trace")
    let guest = try Guest(directory)
    guest.context.trace = CallTrace(mode, output: output.descriptor)
    try body(guest)
    guest.context.trace?.finish()
    var bytes = [UInt8](repeating: 0, count: Int(try output.descriptor.status().byteCount))
    _ = try bytes.withUnsafeMutableBytes { try output.descriptor.readAll(into: $0, at: 0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func aLineHasArgumentsAndResult() throws {
    let lines = try Self.trace(.lines(families: nil)) { guest in
      let file = try guest.descriptor("file")
      #expect(guest.read(file, count: 7) == "0123456")
      #expect(guest.call("fd_seek", file, UInt64(bitPattern: -2), 1, 64) == 0)
      #expect(guest.call("fd_close", file) == 0)
      #expect(guest.call("fd_close", file) == Expected.badf)
      #expect(guest.open("no\u{1B}[m").error == Expected.noent)
      #expect(guest.getStatus("file") == 0)
      #expect(guest.call("clock_res_get", 7, 64) == Expected.inval)
      #expect(guest.call("random_get", 0, 5) == 0)
      #expect(guest.call("fd_write", 1, -1, 1, 64) == Expected.fault)
      #expect(guest.call("path_unlink_file", 3, -1, 5) == Expected.fault)
      _ = guest.exit(3)
    }
    #expect(
      lines == [
        "path_open(3, 0x1, \"file\", 0x0, 0x200026, 0x3fffffff, 0x0) = 4",
        "fd_read(4, [7 bytes]) = 7", "fd_seek(4, -2, cur) = 5", "fd_close(4) = 0",
        "fd_close(4) = badf",
        "path_open(3, 0x1, \"no\\u{1b}[m\", 0x0, 0x200026, 0x3fffffff, 0x0) = noent",
        "path_filestat_get(3, 0x1, \"file\") = 0", "clock_res_get(7) = inval",
        "random_get([5 bytes]) = 0", "fd_write(1, ?) = fault", "path_unlink_file(3, ?) = fault",
        "proc_exit(3)",
      ])
  }

  @Test func familiesAreChosen() throws {
    let lines = try Self.trace(.lines(families: ["clock", "random"])) { guest in
      #expect(guest.call("random_get", 0, 5) == 0)
      #expect(guest.open("file").error == 0)
      #expect(guest.call("clock_res_get", 1, 64) == 0)
    }
    #expect(lines.count == 2)
    #expect(lines[0] == "random_get([5 bytes]) = 0")
    #expect(lines[1].hasPrefix("clock_res_get(monotonic) = "))
  }

  @Test func aTableCountsCallsAndErrors() throws {
    let lines = try Self.trace(.summary) { guest in
      for _ in 0..<5 { #expect(guest.call("random_get", 0, 5) == 0) }
      for _ in 0..<2 { #expect(guest.call("fd_close", 77) == Expected.badf) }
    }
    let words = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(words.first == ["calls", "errors", "ms", "function"])
    #expect(
      words.contains { $0.count == 4 && $0[0] == "5" && $0[1] == "0" && $0[3] == "random_get" })
    #expect(words.contains { $0.count == 4 && $0[0] == "2" && $0[1] == "2" && $0[3] == "fd_close" })
    #expect(words.last?.prefix(2) == ["7", "2"] && words.last?.last == "total")
  }

  /// Letters and parameters go together: each function shows all that it takes.
  @Test func everyFunctionHasItsFormat() throws {
    let context = try WASIContext(WASIConfiguration())
    let widths: [Character: [ValueTypeLetter]] = [
      "n": [.i32], "x": [.i32], "c": [.i32], "w": [.i32], "o": [.i32], "O": [.i32], "_": [.i32],
      "N": [.i64], "S": [.i64], "X": [.i64], "p": [.i32, .i32], "b": [.i32, .i32],
      "v": [.i32, .i32],
    ]
    for function in context.functions(module: "wasi_snapshot_preview1") {
      let letters = TraceFormat.letters(of: function.name)
      let types = letters.flatMap { widths[$0] ?? [] }
      #expect(
        types == function.type.parameters.map { $0 == .i64 ? .i64 : .i32 }, "\(function.name)")
      #expect(TraceMode.families.contains { function.name.hasPrefix($0 + "_") })
    }
  }

  private enum ValueTypeLetter { case i32, i64 }
}
