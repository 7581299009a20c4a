// Modules that are linked before the program, run as a user would.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramPreloadTests {
  /// Everything that can be shared, in three modules: `base` defines, `middle` hands on and adds its
  /// own, the program uses both.
  private static let base = """
    (module
      (memory (export "memory") 1)
      (table (export "table") 4 funcref)
      (global (export "counter") (mut i32) (i32.const 1))
      (func (export "count") (result i32)
        (global.set 0 (i32.add (global.get 0) (i32.const 1)))
        (global.get 0))
      (func $seven (result i32) (i32.const 7))
      (elem (i32.const 0) $seven)
      (data (i32.const 8) "base"))
    """
  private static let middle = """
    (module
      (import "base" "memory" (memory 1))
      (import "base" "table" (table 4 funcref))
      (import "base" "counter" (global $counter (mut i32)))
      (import "base" "count" (func $count (result i32)))
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (export "memory" (memory 0))
      (export "table" (table 0))
      (export "counter" (global $counter))
      (func (export "count") (result i32)
        (global.set $counter (i32.mul (global.get $counter) (i32.const 10)))
        (drop (call $count))
        (global.get $counter))
      (func $eight (result i32) (i32.add (i32.load8_u (i32.const 100)) (i32.const 8)))
      (elem (i32.const 1) $eight)
      (func (export "say")
        (i32.store (i32.const 16) (i32.const 8))
        (i32.store (i32.const 20) (i32.const 4))
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))))
      (func (export "_initialize") (i32.store8 (i32.const 100) (i32.const 1)))
      (func (export "fail") (unreachable)))
    """
  private static let program = """
    (module
      (type $number (func (result i32)))
      (import "middle" "memory" (memory 1))
      (import "middle" "table" (table 4 funcref))
      (import "middle" "counter" (global $counter (mut i32)))
      (import "middle" "count" (func $count (result i32)))
      (import "middle" "say" (func $say))
      (import "middle" "fail" (func $fail))
      (import "base" "count" (func $baseCount (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (export "memory" (memory 0))
      (func (export "fails") (call $fail))
      (func (export "_start")
        ;; 1, 10, 11; then 12 written here, and 13 counted by the base.
        (drop (call $count))
        (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
        (drop (call $baseCount))
        (call $say)
        (call $exit
          (i32.add
            (i32.mul (global.get $counter) (i32.const 10))
            (i32.add
              (call_indirect (type $number) (i32.const 0))
              (call_indirect (type $number) (i32.const 1)))))))
    """

  private struct Files {
    let program: WasmrunProgram
    let base: String
    let middle: String
    let main: String

    init() throws {
      program = try WasmrunProgram()
      base = try program.add("base.wat", Array(ProgramPreloadTests.base.utf8))
      middle = try program.add("middle.wat", Array(ProgramPreloadTests.middle.utf8))
      main = try program.add("main.wat", Array(ProgramPreloadTests.program.utf8))
    }

    func run(_ options: [String]) throws -> RunResult {
      let process = try program.start(
        options.map { $0.replacingOccurrences(of: "@", with: program.folder.path) }, tag: "run")
      return try program.finish(process, tag: "run")
    }
  }

  private static let libraries = ["--preload", "base=@/base.wat", "--preload=middle=@/middle.wat"]

  @Test(arguments: [
    ["--compiler=baseline"], ["--compiler=llvm"],
    ["--compiler=baseline", "--disable-pass-params-opt"],
    ["--compiler=llvm", "--disable-pass-params-opt"],
  ])
  func allThatIsSharedIsOne(options: [String]) throws {
    let files = try Files()
    // 13 * 10 + 7 + 9.
    let expected = RunResult(status: 146, output: "base", errors: "")
    for _ in ["compiled", "cached"] {
      #expect(try files.run(options + Self.libraries + ["@/main.wat"]) == expected)
    }
    #expect(files.program.entries.count == 3)
  }

  @Test func modulesOfBothCompilersAreLinked() throws {
    let files = try Files()
    // What one compiler has left in the cache, the other does not use: all of one, then of the other.
    for compiler in ["baseline", "llvm"] {
      #expect(
        try files.run(["--compiler", compiler] + Self.libraries + ["@/main.wat"]).status == 146)
    }
    #expect(files.program.entries.count == 6)
  }

  @Test func aTrapInALibraryIsTold() throws {
    let files = try Files()
    let result = try files.run(
      ["--compiler=baseline", "--invoke", "fails"] + Self.libraries + ["@/main.wat"])
    #expect(result.status == 134)
    #expect(result.errors.contains("trapped: unreachable\n    0: middle: fail\n    1: fails"))
  }

  @Test func whatIsMissingIsTold() throws {
    let files = try Files()
    let alone = try files.run(["@/main.wat"])
    #expect(alone.status == 126)
    #expect(alone.errors.contains("imports middle.memory, which wasmrun does not provide"))
    let reversed = try files.run(
      ["--preload=middle=@/middle.wat", "--preload=base=@/base.wat", "@/main.wat"])
    #expect(reversed.status == 126)
    #expect(
      reversed.errors.contains(
        "middle.wat' is not runnable: it imports base.memory, which wasmrun does not provide"))
    #expect(reversed.errors.contains("hint: --preload base=MODULE provides it"))
    let wrong = try files.run(
      ["--preload=base=@/base.wat", "--preload=middle=@/base.wat", "@/main.wat"])
    #expect(wrong.errors.contains("imports middle.say, which '"))
    #expect(try files.run(["--preload=base=@/nothing.wat", "@/main.wat"]).status == 127)
  }

  @Test func typesHaveToMatch() throws {
    let files = try Files()
    _ = try files.program.add(
      "typed.wat",
      Array("(import \"base\" \"counter\" (global i64)) (func (export \"_start\"))".utf8))
    let result = try files.run(
      ["--compiler=baseline", "--preload=base=@/base.wat", "@/typed.wat"])
    #expect(result.status == 126)
    #expect(result.errors.contains("incompatible import type: base.counter"))
  }

  /// WASI knows one memory: a library's own would be taken for the program's.
  @Test func aLibraryWithItsOwnMemoryGetsNoWASI() throws {
    let files = try Files()
    _ = try files.program.add(
      "own.wat",
      Array(
        """
        (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        (memory (export "memory") 1)
        """.utf8))
    let result = try files.run(["--preload=own=@/own.wat", "@/main.wat"])
    #expect(result.status == 126)
    #expect(result.errors.contains("can use WASI only with a memory that it imports"))
  }
}
