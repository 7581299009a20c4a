// A mutable global that three modules share, while LLVM's code takes the place of the baseline
// compiler's.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramSharedGlobalTests {
  private static let base = """
    (module
      (global $own (mut i32) (i32.const 5))
      (global $counter (export "counter") (mut i64) (i64.const 0))
      (func (export "get") (result i64) (global.get $counter))
      (func (export "bump")
        (global.set $counter (i64.add (global.get $counter) (i64.const 1)))))
    """
  private static let middle = """
    (module
      (import "base" "counter" (global $counter (mut i64)))
      (import "base" "bump" (func $bump))
      (export "counter" (global $counter))
      (func (export "get") (result i64) (global.get $counter))
      (func (export "bump")
        (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
        (call $bump)))
    """
  /// Counts for three seconds: once itself, and by both libraries. Ends with 7 where all agree.
  private static let program = """
    (module
      (import "middle" "counter" (global $counter (mut i64)))
      (import "middle" "bump" (func $bump))
      (import "middle" "get" (func $middleGet (result i64)))
      (import "base" "get" (func $baseGet (result i64)))
      (import "wasi_snapshot_preview1" "clock_time_get"
        (func $time (param i32 i64 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (global $rounds (mut i64) (i64.const 0))
      (func $now (result i64)
        (drop (call $time (i32.const 1) (i64.const 0) (i32.const 16)))
        (i64.load (i32.const 16)))
      (func $step
        (global.set $rounds (i64.add (global.get $rounds) (i64.const 1)))
        (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
        (call $bump)
        (if (i64.ne (global.get $counter) (i64.mul (global.get $rounds) (i64.const 3)))
          (then unreachable)))
      (func (export "_start") (local $end i64) (local $left i32)
        (local.set $end (i64.add (call $now) (i64.const 3000000000)))
        (loop $until
          (local.set $left (i32.const 10000))
          (loop $steps
            (call $step)
            (br_if $steps
              (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
          (br_if $until (i64.lt_u (call $now) (local.get $end))))
        (call $exit
          (i32.add
            (i32.const 1)
            (i32.mul
              (i32.const 6)
              (i32.and
                (i64.eq (call $middleGet) (i64.mul (global.get $rounds) (i64.const 3)))
                (i64.eq (call $baseGet) (global.get $counter))))))))
    """

  @Test func sharedAcrossATierUp() throws {
    let program = try WasmrunProgram()
    let base = try program.add("base.wat", Array(Self.base.utf8))
    let middle = try program.add("middle.wat", Array(Self.middle.utf8))
    let main = try program.add("main.wat", Array(Self.program.utf8))
    let result = try program.run(
      "-v", "--no-cache", "--tier-up=0", "--preload", "base=\(base)", "--preload",
      "middle=\(middle)", main)
    #expect(result.status == 7, "\(result.errors)")
    // What ran at the end was LLVM's.
    let replaced = result.errors.firstMatch(of: #/of ([0-9]+) functions and loops by LLVM/#)
    #expect((replaced.flatMap { Int($0.1) } ?? 0) > 0, "\(result.errors)")
  }
}
