// `--profile` and `--debug-info`: what is told to those who look at code from outside.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramProfileTests {
  private static let text = """
    (module
      (global $result (mut i32) (i32.const 0))
      (func $turn (param i32) (result i32)
        (i32.rotl (i32.mul (local.get 0) (i32.const 3)) (i32.const 7)))
      (func $spin (param i32) (local i32)
        (loop
          (local.set 1 (call $turn (local.get 1)))
          (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (global.set $result (i32.add (global.get $result) (local.get 1))))
      (func $fail (unreachable))
      (table funcref (elem $fail))
      (func (export "trap") (call_indirect (i32.const 0)))
      (func (export "_start") (call $spin (i32.const ROUNDS))))
    """

  /// A program whose working directory is the folder.
  private static func run(
    _ program: WasmrunProgram, _ command: String, rounds: Int = 1_000
  ) throws -> (process: Int32, end: ChildProcess.End) {
    try program.folder.write(
      "spin.wat", text.replacingOccurrences(of: "ROUNDS", with: "\(rounds)"))
    let script = """
      cd '\(program.folder.path)'; export SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) \
      XDG_CACHE_HOME=$PWD/cache; W='\(WasmrunProgram.path)'; \(command)
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    let process = child.processID
    return (process, try child.wait())
  }

  private struct Entry {
    var name: String
    var address: UInt64
    var code: [UInt8]
  }

  /// The code that a dump lists.
  private static func entries(ofDump path: String, process: Int32) throws -> [Entry] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    func word(_ offset: Int) -> UInt32 {
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    func long(_ offset: Int) -> UInt64 { UInt64(word(offset + 4)) << 32 | UInt64(word(offset)) }
    // Magic, version, the header's bytes, x86-64, the process.
    #expect([0, 4, 8, 12, 20].map(word) == [0x4A69_5444, 1, 40, 62, UInt32(process)])
    var entries: [Entry] = []
    var numbers: Set<UInt64> = []
    var offset = 40
    while offset < bytes.count {
      let end = offset + Int(word(offset + 4))
      #expect(word(offset) == 0)
      #expect(word(offset + 16) == UInt32(process))
      #expect(numbers.insert(long(offset + 48)).inserted)
      let code = end - Int(long(offset + 40))
      entries.append(
        Entry(
          name: String(decoding: bytes[offset + 56..<code - 1], as: UTF8.self),
          address: long(offset + 24), code: Array(bytes[code..<end])))
      offset = end
    }
    #expect(offset == bytes.count)
    return entries
  }

  @Test(arguments: ["--compiler=llvm", "--compiler=baseline"])
  func aDumpHasTheFunctionsOfAnImage(compiler: String) throws {
    let program = try WasmrunProgram()
    // Compiled, then cached.
    for _ in 0..<2 {
      let (process, end) = try Self.run(
        program, "exec $W \(compiler) --profile=jitdump spin.wat")
      #expect(end == .exited(0))
      let entries = try Self.entries(
        ofDump: "\(program.folder.path)/jit-\(process).dump", process: process)
      #expect(entries.map(\.name) == ["turn", "spin", "fail", "trap", "_start"])
      // None lies in another.
      for (one, next) in zip(entries, entries.dropFirst()) where one.address < next.address {
        #expect(one.address + UInt64(one.code.count) <= next.address)
      }
      #expect(entries.allSatisfy { !$0.code.isEmpty })
    }
  }

  @Test func aDumpHasWhatWasMadeWhileTheProgramRan() throws {
    let program = try WasmrunProgram()
    // Long enough for LLVM to replace the functions.
    let (process, end) = try Self.run(
      program, "exec $W --no-cache --tier-up=0 --profile=jitdump spin.wat", rounds: 2_000_000_000)
    #expect(end == .exited(0))
    let names = try Self.entries(
      ofDump: "\(program.folder.path)/jit-\(process).dump", process: process
    ).map(\.name)
    #expect(names.contains("turn [baseline]"))
    #expect(names.contains("spin [baseline]"))
    #expect(names.contains("spin [llvm]"))
  }

  @Test func aDumpIsCompleteAfterASignal() throws {
    let program = try WasmrunProgram()
    let (_, end) = try Self.run(
      program, "$W --no-cache --tier-up=never --timeout 500ms --profile=jitdump spin.wat; exit $?",
      rounds: 4_000_000_000)
    #expect(end == .exited(124))
    let folder = program.folder.path
    func dump() -> String? {
      try? FileManager.default.contentsOfDirectory(atPath: folder)
        .first { $0.hasSuffix(".dump") }
    }
    let name = try #require(dump())
    let process = try #require(Int32(name.dropFirst(4).dropLast(5)))
    for _ in 0..<500 {
      let count = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")).count
      if count > 40 { break }
      usleep(10_000)
    }
    let entries = try Self.entries(ofDump: "\(folder)/\(name)", process: process)
    #expect(entries.map(\.name).contains("spin [baseline]"))
  }

  @Test func aMapHasALineAFunction() throws {
    let program = try WasmrunProgram()
    let (process, end) = try Self.run(
      program, "exec $W --compiler=baseline --profile=perfmap spin.wat")
    #expect(end == .exited(0))
    let path = "/tmp/perf-\(process).map"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let fields = lines.map { $0.split(separator: " ") }
    #expect(fields.map { $0.last.map(String.init) } == ["turn", "spin", "fail", "trap", "_start"])
    #expect(
      fields.allSatisfy {
        $0.count == 3 && UInt64($0[0], radix: 16) != nil && UInt64($0[1], radix: 16) != nil
      })
  }

  /// Also of code that the cache has: perf sees its file being mapped, and no memory file.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perf"), "no perf"),
    arguments: ["--no-cache --tier-up=never", "--compiler=baseline", "--compiler=llvm"])
  func perfShowsNames(options: String) throws {
    let program = try WasmrunProgram()
    let (_, end) = try Self.run(
      program,
      """
      $W \(options) spin.wat
      perf record -q -k mono -e cpu-clock -o data $W \(options) --profile=jitdump spin.wat >log 2>&1 \
        || exit 77
      perf inject --jit -i data -o named >>log 2>&1 || exit 1
      perf report -i named --stdio >report 2>>log || exit 2
      """, rounds: 200_000_000)
    // Machines may forbid measuring.
    guard end != .exited(77) else { return }
    #expect(end == .exited(0))
    let report = try program.folder.contents(of: "report")
    // LLVM may have all in one function.
    #expect(report.contains(/\[\.\] (spin|_start)( \[baseline\])? *\n/), "\(report)")
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gdb"), "no gdb"),
    arguments: ["baseline", "llvm", "auto"])
  func aDebuggerKnowsTheNames(compiler: String) throws {
    let program = try WasmrunProgram()
    let (_, end) = try Self.run(
      program,
      """
      gdb --batch --nx -ex 'set debuginfod enabled off' -ex 'set breakpoint pending on' \
        -ex run -ex bt -ex 'info symbol $pc' -ex 'info symbol spin' --args $W --debug-info \
        --no-cache --compiler=\(compiler) --invoke trap spin.wat >shown 2>/dev/null
      """)
    #expect(end == .exited(0))
    let shown = try program.folder.contents(of: "shown")
    #expect(shown.contains("SIGILL"), "\(shown)")
    #expect(shown.contains(" in fail ()"), "\(shown)")
    #expect(shown.contains(" in trap ()"), "\(shown)")
    #expect(shown.contains(/fail \+ \d+ in section .text/), "\(shown)")
    #expect(shown.contains("spin in section .text"), "\(shown)")
  }
}
