// Arguments, variables and paths that are not UTF-8 reach the guest byte for byte.

import Foundation
import TestSupport
import Testing
import WasmModule

@Suite(.needsProgram) struct ProgramByteTests {
  /// Writes its arguments, its environment and the name of its first folder, zeros included.
  private static let reporter: [UInt8] = {
    var module = WasmBuilder()
    let wasi = "wasi_snapshot_preview1"
    let two = [ValueType.i32, .i32]
    let names = [
      "args_sizes_get", "args_get", "environ_sizes_get", "environ_get", "fd_prestat_get",
    ]
    for name in names { _ = module.importFunction(wasi, name, two, [.i32]) }
    _ = module.importFunction(wasi, "fd_prestat_dir_name", [.i32] + two, [.i32])
    _ = module.importFunction(wasi, "fd_write", two + two, [.i32])
    _ = module.memory(Limits(minimum: 1), export: "memory")
    _ = module.data([0, 4, 0, 0], at: .i32(8))
    // The buffer is at 1024, its length at 4, and the vector of both at 8.
    let length = Code.i32(4) + Code(.i32Load, 2, 0)
    let write =
      .i32(12) + length + Code(.i32Store, 2, 0) + .i32(1) + .i32(8) + .i32(1) + .i32(16)
      + Code(.call, 6) + Code(.drop)
    func strings(_ sizes: Int, _ get: Int) -> Code {
      .i32(0) + .i32(4) + Code(.call, sizes) + Code(.drop) + .i32(512) + .i32(1_024)
        + Code(.call, get) + Code(.drop) + write
    }
    let folder =
      .i32(3) + .i32(0) + Code(.call, 4) + Code(.drop) + .i32(3) + .i32(1_024) + length
      + Code(.call, 5) + Code(.drop) + write
    _ = module.function([], [], export: "_start", strings(0, 1) + strings(2, 3) + folder)
    return module.build()
  }()

  /// A line for the shell, which knows the program as $wasmrun and some bytes as $odd: what comes
  /// out of it in hexadecimal.
  private static func report(_ line: String) throws -> String {
    let program = try WasmrunProgram()
    _ = try program.add("reporter.wasm", reporter)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = URL(fileURLWithPath: program.folder.path)
    shell.environment = [
      "PATH": "/usr/bin:/bin", "wasmrun": WasmrunProgram.path,
      "SWIFT_BACKTRACE": WasmrunProgram.noBacktraces,
    ]
    shell.arguments = [
      "-c",
      """
      odd=$(printf 'a\\377\\303(\\364\\217\\277\\277')
      mkdir "$odd"; mv reporter.wasm "$odd.wasm"
      export V="$odd" XDG_CACHE_HOME="$PWD/$odd"
      { \(line); } | od -An -v -tx1 | tr -d ' \\n'
      """,
    ]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Directly, and through the full parser, which is what a separator before the module takes.
  @Test(arguments: ["", "--"])
  func bytesReachTheGuest(separator: String) throws {
    let odd: [UInt8] = [0x61, 0xFF, 0xC3, 0x28, 0xF4, 0x8F, 0xBF, 0xBF]
    let expected =
      odd + ".wasm\0".utf8 + odd + [0] + "V=".utf8 + odd + [0] + "W=".utf8 + odd + [0] + "/g".utf8
      + odd
    let reported = try Self.report(
      #""$wasmrun" --dir "$odd::/g$odd" --env V --env "W=$odd" \#(separator) "$odd.wasm" -- "$odd""#
    )
    #expect(reported == Self.hexadecimal(expected))
  }

  @Test func theCachesFolderCanHaveAnyBytes() throws {
    let listed = try Self.report(
      #""$wasmrun" compile "$odd.wasm"; ls "$odd/wasmrun" | grep -c image; "$wasmrun" cache path"#)
    #expect(listed.hasPrefix(Self.hexadecimal(Array("1\n/".utf8))))
    #expect(
      listed.hasSuffix(
        Self.hexadecimal([0x61, 0xFF, 0xC3, 0x28, 0xF4, 0x8F, 0xBF, 0xBF] + "/wasmrun\n".utf8)))
  }
}
