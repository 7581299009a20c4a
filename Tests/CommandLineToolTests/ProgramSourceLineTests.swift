// `--debug-info` and a module with debug information: lines in backtraces, records, and a debugger.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram, .enabled(if: SourceProgram.canBeMade, "there is no clang-19 or wasm-ld-19"))
struct ProgramSourceLineTests {
  @Test(arguments: ["baseline", "llvm"], ["-gdwarf-4", "-gdwarf-5"])
  func aBacktraceHasLines(compiler: String, format: String) throws {
    let source = try SourceProgram(flags: [format])
    let program = source.program
    // Code from the cache knows its lines, too, and a run without the option has an image of its own.
    for round in 0..<3 {
      let result = try source.run(
        ["--compiler=\(compiler)"] + (round == 1 ? [] : ["--debug-info"]))
      #expect(result.status == 134)
      let lines = result.errors.split(separator: "\n").map(String.init)
      try #require(lines.count == 4, "\(result.errors)")
      if round == 1 {
        #expect(lines[1...] == ["    0: fail", "    1: middle", "    2: _start"])
        continue
      }
      #expect(lines[1].contains(/^    0: fail    \(app\.wasm\+0x[0-9a-f]+\) at \.\/part\.h:2:\d+$/))
      #expect(lines[2].contains(/^    1: middle  \(app\.wasm\+0x[0-9a-f]+\) at app\.c:9:\d+$/))
      #expect(lines[3].contains(/^    2: _start  \(app\.wasm\+0x[0-9a-f]+\) at app\.c:15:\d+$/))
    }
    #expect(program.entries.count == 2)
  }

  /// LLVM has the body of `direct` in `middle`: the backtrace names both.
  @Test func whatStandsInPlaceOfACallHasItsOwnLine() throws {
    let source = try SourceProgram(flags: ["-g"], calling: "direct")
    let result = try source.run(["--debug-info", "--compiler=llvm", "--no-cache"])
    let lines = result.errors.split(separator: "\n").map(String.init)
    try #require(lines.count == 4, "\(result.errors)")
    #expect(lines[1].contains(/^    0: direct  \(app\.wasm\+0x[0-9a-f]+\) at app\.c:4:\d+$/))
    #expect(lines[2].contains(/^    1: middle  \(app\.wasm\+0x[0-9a-f]+\) at app\.c:9:\d+$/))
    #expect(lines[3].contains(/^    2: _start  .* at app\.c:15:/))
  }

  @Test func aRecordHasLines() throws {
    let source = try SourceProgram(flags: ["-g"])
    let result = try source.run(
      ["--debug-info", "--compiler=baseline", "--no-cache", "--report=json"])
    let line = try #require(result.errors.split(separator: "\n").last)
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let trap = try #require(record["trap"] as? [String: Any])
    let frames = try #require(trap["backtrace"] as? [[String: Any]])
    #expect(frames.map { $0["file"] as? String } == ["./part.h", "app.c", "app.c"])
    #expect(frames.map { $0["line"] as? Int } == [2, 9, 15])
    #expect(frames.allSatisfy { ($0["column"] as? Int ?? 0) > 0 && $0["offset"] is Int })
  }

  /// Each module's offsets are looked up in its own lines.
  @Test func aLibraryHasItsOwnLines() throws {
    let source = try SourceProgram(flags: ["-g"])
    try source.program.folder.write(
      "main.wat",
      """
      (module (import "lib" "_start" (func $begin)) (func (export "_start") (nop) (call $begin)))
      """)
    let folder = source.program.folder.path
    let process = try source.program.start(
      [
        "--debug-info", "--compiler=baseline", "--no-cache", "--preload", "lib=\(folder)/app.wasm",
        "\(folder)/main.wat",
      ], tag: "run")
    let result = try source.program.finish(process, tag: "run")
    let lines = result.errors.split(separator: "\n").map(String.init)
    try #require(lines.count == 5, "\(result.errors)")
    #expect(lines[1].contains(/0: lib: fail +\(lib\+0x[0-9a-f]+\) at \.\/part\.h:2:/))
    #expect(lines[3].contains(/2: lib: _start +\(lib\+0x[0-9a-f]+\) at app\.c:15:/))
    #expect(lines[4].contains(/3: _start +\(main\.wat\+0x[0-9a-f]+\)$/))
  }

  @Test func linesThatAreElsewhereAreNoted() throws {
    let program = try WasmrunProgram()
    let name = Array("external_debug_info".utf8)
    let path = try program.add(
      "app.wasm",
      TestModules.exiting(0) + [0, UInt8(name.count + 3), UInt8(name.count)] + name + [1, 0x61])
    let result = try program.run("-v", "--debug-info", "--compiler=baseline", path)
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "wasmrun: the lines of the program are in another file, which is not read"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gdb"), "no gdb"))
  func aDebuggerKnowsTheLines() throws {
    let source = try SourceProgram(flags: ["-g"])
    let folder = source.program.folder.path
    let script = """
      cd '\(folder)'; export SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) XDG_CACHE_HOME=$PWD/cache
      gdb --batch --nx -ex 'set debuginfod enabled off' -ex 'set breakpoint pending on' \
        -ex 'break app.c:8' -ex 'break middle' -ex run -ex bt -ex 'list 14,14' -ex 'info source' \
        -ex next -ex continue -ex bt -ex 'info line part.h:2' \
        --args '\(WasmrunProgram.path)' --debug-info --compiler=baseline app.wasm >shown 2>/dev/null
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    #expect(try child.wait() == .exited(0))
    let shown = try source.program.folder.contents(of: "shown")
    // The breakpoint, and who is there.
    #expect(shown.contains(/Breakpoint \d[^\n]*, middle \(\) at app\.c:8\n8\t/), "\(shown)")
    #expect(
      shown.contains(/#0  middle \(\) at app\.c:8\n#1  [^\n]* in _start \(\) at app\.c:15\n/),
      "\(shown)")
    #expect(shown.contains("14\t  int (*volatile call)(int) = middle;"), "\(shown)")
    #expect(shown.contains("Compilation directory is \(folder)\n"), "\(shown)")
    // A line on, and then the trap.
    #expect(shown.contains("\n9\t  return CALLED(number) + 1;\n"), "\(shown)")
    #expect(shown.contains(/SIGILL[^\n]*\n0x[0-9a-f]+ in fail \(\) at \.\/part\.h:2\n/), "\(shown)")
    #expect(
      shown.contains(
        /#0  0x[0-9a-f]+ in fail \(\) at \.\/part\.h:2\n#1 [^\n]*middle \(\) at app\.c:9\n/),
      "\(shown)")
    #expect(shown.contains(/Line 2 of "\.\/part\.h" (starts at address|is at address)/), "\(shown)")
  }
}

/// A program in C, in a folder of its own.
private struct SourceProgram {
  let program: WasmrunProgram

  private static let compiler = "/usr/bin/clang-19"

  static let canBeMade = [compiler, "/usr/bin/wasm-ld-19"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Nobody calls `dropped`: its lines are there all the same.
  private static let source = """
    #include "part.h"

    int dropped(int number) { return number * 3; }
    int direct(int number) { if (number == 41) __builtin_trap(); return number; }
    int (*volatile called)(int) = fail;

    __attribute__((noinline)) int middle(int number) {
      number += 1;
      return CALLED(number) + 1;
    }

    int result;
    __attribute__((export_name("_start"))) void _start(void) {
      int (*volatile call)(int) = middle;
      result = call(40);
    }

    """

  init(flags: [String], calling called: String = "called") throws {
    program = try WasmrunProgram()
    try program.folder.write("app.c", Self.source)
    try program.folder.write(
      "part.h",
      "static int fail(int number) {\n  if (number == 41) __builtin_trap();\n  return 1;\n}\n")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.compiler)
    process.currentDirectoryURL = URL(fileURLWithPath: program.folder.path)
    process.arguments =
      ["--target=wasm32-wasi", "-nostdlib", "-O0", "-Wl,--no-entry", "-DCALLED=\(called)"] + flags
      + ["app.c", "-o", "app.wasm"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// Runs it with the options.
  func run(_ options: some Sequence<String>) throws -> RunResult {
    let process = try program.start(
      Array(options) + [program.folder.path + "/app.wasm"], tag: "run")
    return try program.finish(process, tag: "run")
  }
}
