// Programs that start threads, run as a user would.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram, .serialized) struct ProgramThreadTests {
  /// What all programs here begin with: `$counter` at 0, `$done` at 4, both words of the memory.
  static func program(_ body: String, ownsMemory: Bool = false) -> String {
    """
    (module
      (type $none (func))
      \(ownsMemory ? "" : #"(import "env" "memory" (memory 1 16 shared))"#)
      (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read"
        (func $read (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write"
        (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "poll_oneoff"
        (func $poll (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "clock_time_get"
        (func $time (param i32 i64 i32) (result i32)))
      \(ownsMemory ? #"(memory (export "memory") 1 16 shared)"# : #"(export "memory" (memory 0))"#)
      (func $finish
        (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 4) (i32.const -1))))
      (func $await (param $count i32) (local $seen i32)
        (loop $again
          (local.set $seen (i32.atomic.load (i32.const 4)))
          (if (i32.lt_u (local.get $seen) (local.get $count))
            (then
              (drop (memory.atomic.wait32 (i32.const 4) (local.get $seen) (i64.const -1)))
              (br $again)))))
      (func $check (param i32) (if (i32.eqz (local.get 0)) (then unreachable)))
      \(body))
    """
  }

  private static let compilers = [
    ["--compiler=baseline"], ["--compiler=llvm"], ["--compiler=llvm", "--disable-pass-params-opt"],
    ["--no-cache", "--tier-up=0"], ["--no-cache", "--tier-up=never"],
  ]

  private func run(
    _ text: String, _ options: [String], input: String = "", file: String = "app.wat"
  ) throws -> RunResult {
    let program = try WasmrunProgram()
    let path = try program.add(file, Array(text.utf8))
    let process = try program.start(options + [path], tag: "run", input: input)
    return try program.finish(process, tag: "run")
  }

  // MARK: Starting threads.

  /// Eight threads count to 80,000 together; each has the number that its starter was told, and
  /// globals and a table that are clones of its starter's and its own from then on.
  private static let counting = """
      (table $table 2 funcref)
      (global $own (mut i32) (i32.const 1))
      (global $wide (mut i64) (i64.const 1))
      (elem declare func $one $two)
      (func $one (type $none) (global.set $own (i32.const 1)))
      (func $two (type $none) (global.set $own (i32.add (global.get $own) (i32.const 2))))
      (func $add (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
      (func (export "wasi_thread_start") (param $number i32) (param $argument i32) (local $left i32)
        (call $check (i32.gt_s (local.get $number) (i32.const 0)))
        (call $check (i32.lt_u (local.get $number) (i32.const 0x20000000)))
        (i32.atomic.store
          (i32.add (i32.const 64) (i32.mul (local.get $argument) (i32.const 4)))
          (local.get $number))
        (call $check (i32.eq (global.get $own) (i32.add (i32.const 40) (local.get $argument))))
        (call $check (i64.eq (global.get $wide) (i64.const 77)))
        ;; The clone's table leads to the clone's function, and so to the clone's global.
        (call_indirect $table (type $none) (i32.const 1))
        (call $check (i32.eq (global.get $own) (i32.add (i32.const 42) (local.get $argument))))
        (table.set $table (i32.const 1) (ref.null func))
        (global.set $wide (i64.const 5))
        (local.set $left (i32.const 10000))
        (loop $again
          (call $add)
          (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (call $finish))
      (func (export "_start") (local $argument i32)
        (global.set $wide (i64.const 77))
        (table.set $table (i32.const 1) (ref.func $two))
        (loop $again
          (global.set $own (i32.add (i32.const 40) (local.get $argument)))
          (i32.store
            (i32.add (i32.const 128) (i32.mul (local.get $argument) (i32.const 4)))
            (call $spawn (local.get $argument)))
          (br_if $again
            (i32.lt_u
              (local.tee $argument (i32.add (local.get $argument) (i32.const 1)))
              (i32.const 8))))
        (call $await (i32.const 8))
        (loop $again
          (local.set $argument (i32.sub (local.get $argument) (i32.const 1)))
          (call $check
            (i32.eq
              (i32.load (i32.add (i32.const 64) (i32.mul (local.get $argument) (i32.const 4))))
              (i32.load (i32.add (i32.const 128) (i32.mul (local.get $argument) (i32.const 4))))))
          (br_if $again (local.get $argument)))
        (call $check (i32.eq (global.get $own) (i32.const 47)))
        (call $check (i64.eq (global.get $wide) (i64.const 77)))
        (call_indirect $table (type $none) (i32.const 1))
        (call $check (i32.eq (global.get $own) (i32.const 49)))
        (call $check (i32.eq (i32.load (i32.const 0)) (i32.const 80000)))
        (call $exit (i32.const 7)))
    """

  @Test(arguments: compilers, [false, true])
  func threadsCountTogether(options: [String], ownsMemory: Bool) throws {
    let text = Self.program(Self.counting, ownsMemory: ownsMemory)
    let expected = RunResult(status: 7, output: "", errors: "")
    #expect(try run(text, ["-q", "--threads"] + options) == expected)
  }

  /// What one thread adds to the memory, all have: also where each instance keeps the length.
  @Test(arguments: compilers, [false, true])
  func memoryGrowsForAll(options: [String], ownsMemory: Bool) throws {
    let text = Self.program(
      """
      (func (export "wasi_thread_start") (param i32 i32)
        (call $check (i32.eq (memory.size) (i32.const 2)))
        (call $check (i32.eq (memory.grow (i32.const 3)) (i32.const 2)))
        (i32.store (i32.const 0x40000) (i32.const 99))
        (call $finish))
      (func (export "_start")
        (drop (memory.grow (i32.const 1)))
        (drop (call $spawn (i32.const 0)))
        (call $await (i32.const 1))
        (call $check (i32.eq (memory.size) (i32.const 5)))
        (memory.fill (i32.const 0x40004) (i32.const 1) (i32.const 4))
        (call $exit (i32.load (i32.const 0x40000))))
      """, ownsMemory: ownsMemory)
    #expect(try run(text, ["-q", "--threads"] + options).status == 99)
  }

  /// A thread starts threads; the start function is called once, whatever the number of instances.
  @Test func threadsStartThreads() throws {
    let text = Self.program(
      """
      (start $begin)
      (func $begin (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1))))
      (func (export "wasi_thread_start") (param $number i32) (param $left i32)
        (if (local.get $left)
          (then (drop (call $spawn (i32.sub (local.get $left) (i32.const 1))))))
        (call $finish))
      (func (export "_start")
        (drop (call $spawn (i32.const 9)))
        (call $await (i32.const 10))
        (call $exit (i32.load (i32.const 8))))
      """)
    #expect(try run(text, ["-q", "--threads", "--compiler=baseline"]).status == 1)
  }

  @Test func noMoreThreadsThanThereMayBe() throws {
    let text = Self.program(
      """
      (func (export "wasi_thread_start") (param i32 i32)
        (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
        (call $finish))
      (func (export "_start")
        (call $check (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)))
        (call $check (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0)))
        (call $check (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0)))
        (i32.atomic.store (i32.const 8) (i32.const 1))
        (drop (memory.atomic.notify (i32.const 8) (i32.const -1)))
        (call $await (i32.const 2))
        ;; When those have ended there may be others.
        (loop $again
          (br_if $again (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))))
        (call $await (i32.const 3))
        (call $exit (i32.const 5)))
      """)
    let result = try run(text, ["-v", "--threads", "--max-threads=2", "--compiler=baseline"])
    #expect(result.status == 5)
    #expect(result.errors.contains("a thread was not started: there are 2 (--max-threads)"))
  }

  /// Thousands of threads one after the other: each gives back what it had.
  @Test func threadsGiveBackWhatTheyHad() throws {
    let text = Self.program(
      """
      (func (export "wasi_thread_start") (param i32 i32) (call $finish))
      (func (export "_start") (local $count i32)
        (loop $again
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (loop $retry (br_if $retry (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))))
          (call $await (local.get $count))
          (br_if $again (i32.lt_u (local.get $count) (i32.const 2000))))
        (call $exit (i32.const 3)))
      """)
    #expect(
      try run(text, ["-q", "--threads", "--max-threads=8", "--compiler=baseline"]).status == 3)
  }

  // MARK: The end of all.

  /// Ways for the first thread to be busy for ever.
  enum Blocking: String, CaseIterable {
    case wait = "(drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))"
    case read = "(drop (call $read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 24)))"
    /// Of standard input.
    case pollFile = """
      (i32.store8 (i32.const 40) (i32.const 1))
      (drop (call $poll (i32.const 32) (i32.const 128) (i32.const 1) (i32.const 24)))
      """
    /// Of a clock, for an hour.
    case pollClock = """
      (i32.store (i32.const 48) (i32.const 1))
      (i64.store (i32.const 56) (i64.const 3600000000000))
      (drop (call $poll (i32.const 32) (i32.const 128) (i32.const 1) (i32.const 24)))
      """
    case loop = "(loop $for_ever (br $for_ever))"
  }

  /// Runs in the program's folder, with a standard input that never has data and never ends, and no
  /// signal blocked, which Foundation's processes may have. `whenStarted` is told the process.
  static func runBlocked(
    _ text: String, _ options: [String], in place: WasmrunProgram? = nil,
    whenStarted: (Int32) throws -> Void = { _ in }
  ) throws -> RunResult {
    let program = try place ?? WasmrunProgram()
    _ = try program.add("app.wat", Array(text.utf8))
    let script = """
      cd '\(program.folder.path)' && export XDG_CACHE_HOME=$PWD/cache \
        SWIFT_BACKTRACE=\(WasmrunProgram.noBacktraces) || exit
      exec '\(WasmrunProgram.path)' -q --threads --timeout=60s \(options.joined(separator: " ")) \
        app.wat <&3 >run.out 2>run.err
      """
    let pipe = try FileDescriptor.pipe()
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", script], descriptors: [pipe.reading.descriptor])
    try whenStarted(child.processID)
    let status =
      switch try child.wait() {
      case .exited(let status): status
      case .killed(let signal): 128 + signal
      }
    // Open until then.
    _ = try pipe.writing.descriptor.status()
    return RunResult(
      status: status, output: try program.folder.contents(of: "run.out"),
      errors: try program.folder.contents(of: "run.err"))
  }

  /// The second thread ends in its own way, 300 ms after it was started.
  static func ending(_ end: String, while blocking: Blocking) -> String {
    program(
      """
      (data (i32.const 16) "\\40\\00\\00\\00\\01\\00\\00\\00")
      (func $ends (export "wasi_thread_start") (param i32 i32)
        ;; Until the other one is surely where it stays.
        (drop (memory.atomic.wait32 (i32.const 12) (i32.const 0) (i64.const 300000000)))
        \(end))
      (func (export "_start")
        (drop (call $spawn (i32.const 0)))
        \(blocking.rawValue)
        (call $exit (i32.const 1)))
      """)
  }

  @Test(arguments: Blocking.allCases, [["--compiler=baseline"], ["--no-cache", "--tier-up=0"]])
  func exitOfAThreadEndsAll(blocking: Blocking, options: [String]) throws {
    let text = Self.ending("(call $exit (i32.const 42))", while: blocking)
    #expect(try Self.runBlocked(text, options) == RunResult(status: 42, output: "", errors: ""))
  }

  @Test(arguments: Blocking.allCases, [["--compiler=llvm"], ["--no-cache", "--tier-up=0"]])
  func trapOfAThreadEndsAll(blocking: Blocking, options: [String]) throws {
    let text = Self.ending("(i32.store (i32.const -4) (i32.const 1))", while: blocking)
    let result = try Self.runBlocked(text, options)
    #expect(result.status == 134)
    #expect(
      result.errors.contains("out of bounds memory access at 0xfffffffc (the memory has 1 page)"),
      "\(result.errors)")
    #expect(result.errors.contains("ends"), "\(result.errors)")
  }

  /// The dump is of the thread that trapped: its stack, its globals, and the memory of all.
  @Test func trapOfAThreadLeavesACoreDump() throws {
    let program = try WasmrunProgram()
    let path = try program.add(
      "app.wat",
      Array(
        Self.program(
          """
          (global $own (mut i32) (i32.const 1))
          (func (export "wasi_thread_start") (param i32 i32)
            (global.set $own (i32.const 0x1234567))
            (i32.store (i32.const 64) (i32.const 0x65726568))
            unreachable)
          (func (export "_start") (drop (call $spawn (i32.const 0))) (call $await (i32.const 1)))
          """
        ).utf8))
    let core = program.folder.path + "/core"
    let result = try program.run(
      "-q", "--threads", "--compiler=baseline", "--coredump", core, path)
    #expect(result.status == 134)
    let dump = try Data(contentsOf: URL(fileURLWithPath: core))
    // i32.const 0x1234567, end; and what was stored.
    #expect(dump.range(of: Data([0x41, 0xE7, 0x8A, 0x8D, 0x09, 0x0B])) != nil)
    #expect(dump.range(of: Data("here".utf8)) != nil)
    #expect(dump.range(of: Data("corestack".utf8)) != nil)
  }

  /// The first thread's end is the program's, whatever the others do.
  @Test(arguments: Blocking.allCases) func endOfTheFirstThreadEndsAll(blocking: Blocking) throws {
    let text = Self.program(
      """
      (func (export "wasi_thread_start") (param i32 i32) (call $finish) \(blocking.rawValue))
      (func (export "_start") (drop (call $spawn (i32.const 0))) (call $await (i32.const 1)))
      """)
    let result = try Self.runBlocked(text, ["--compiler=baseline"])
    #expect(result == RunResult(status: 0, output: "", errors: ""))
  }

  /// Stack overflow of a thread is its trap; its stack is as large as the first one's.
  @Test func overflowOfAThreadIsATrap() throws {
    let text = Self.program(
      """
      (func $deep (param i32) (result i32)
        (if (result i32) (local.get 0)
          (then (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
          (else (i32.const 0))))
      (func (export "wasi_thread_start") (param i32 i32)
        (call $check (i32.eq (call $deep (i32.const 10000)) (i32.const 10000)))
        (drop (call $deep (i32.const -1))))
      (func (export "_start")
        (drop (call $spawn (i32.const 0)))
        (call $await (i32.const 1)))
      """)
    let result = try run(text, ["-q", "--threads", "--max-wasm-stack=2M", "--compiler=baseline"])
    #expect(result.status == 134)
    #expect(result.errors.contains("call stack exhausted"), "\(result.errors)")
  }

  // MARK: WASI.

  /// Four threads write 200 lines each and ask the time between; every line is whole.
  @Test(arguments: compilers) func threadsCallWASITogether(options: [String]) throws {
    let text = Self.program(
      """
      (data (i32.const 1024) "0000000000000000\\0a1111111111111111\\0a2222222222222222\\0a3333333333333333\\0a")
      (func (export "wasi_thread_start") (param $number i32) (param $own i32)
        (local $left i32) (local $place i32)
        (local.set $place (i32.add (i32.const 2048) (i32.mul (local.get $own) (i32.const 64))))
        (i32.store (local.get $place)
          (i32.add (i32.const 1024) (i32.mul (local.get $own) (i32.const 17))))
        (i32.store offset=4 (local.get $place) (i32.const 17))
        (local.set $left (i32.const 200))
        (loop $again
          (call $check (i32.eqz
            (call $write (i32.const 1) (local.get $place) (i32.const 1)
              (i32.add (local.get $place) (i32.const 8)))))
          (call $check (i32.eq (i32.load offset=8 (local.get $place)) (i32.const 17)))
          (call $check (i32.eqz
            (call $time (i32.const 1) (i64.const 0) (i32.add (local.get $place) (i32.const 16)))))
          (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (call $finish))
      (func (export "_start")
        (drop (call $spawn (i32.const 0)))
        (drop (call $spawn (i32.const 1)))
        (drop (call $spawn (i32.const 2)))
        (drop (call $spawn (i32.const 3)))
        (call $await (i32.const 4)))
      """)
    let result = try run(text, ["-q", "--threads"] + options)
    #expect(result.status == 0, "\(result.errors)")
    var counts: [Substring: Int] = [:]
    for line in result.output.split(separator: "\n") { counts[line, default: 0] += 1 }
    #expect(counts.count == 4)
    for digit in 0..<4 {
      #expect(counts[Substring(String(repeating: "\(digit)", count: 16))] == 200)
    }
  }

  /// The table of calls counts what all threads did.
  @Test func traceCountsAllThreads() throws {
    let text = Self.program(
      """
      (func (export "wasi_thread_start") (param i32 i32)
        (drop (call $time (i32.const 1) (i64.const 0) (i32.const 32)))
        (call $finish))
      (func (export "_start")
        (drop (call $time (i32.const 1) (i64.const 0) (i32.const 40)))
        (drop (call $spawn (i32.const 0)))
        (drop (call $spawn (i32.const 0)))
        (call $await (i32.const 2)))
      """)
    let result = try run(text, ["-q", "--threads", "--trace=summary", "--compiler=baseline"])
    #expect(result.status == 0)
    let line = result.errors.split(separator: "\n").first { $0.hasSuffix("clock_time_get") }
    #expect(line?.split(separator: " ").first == "3", "\(result.errors)")
  }

  // MARK: Refusals.

  @Test func threadsHaveToBeAllowed() throws {
    let text = Self.program(
      #"(func (export "_start")) (func (export "wasi_thread_start") (param i32 i32))"#)
    let result = try run(text, ["--compiler=baseline"])
    #expect(result.status == 126)
    #expect(result.errors.contains("hint: --threads"), "\(result.errors)")
    let own = try run(
      Self.program(#"(func (export "_start"))"#, ownsMemory: true), ["--compiler=baseline"])
    #expect(own.status == 126)
    #expect(
      own.errors.contains("it imports wasi.thread-spawn, and may not start threads")
        && own.errors.contains("hint: --threads lets it"), "\(own.errors)")
  }

  @Test(arguments: [
    (#"(func (export "_start"))"#, "does not export the function wasi_thread_start"),
    (
      #"(func (export "_start")) (func (export "wasi_thread_start") (param i32))"#,
      "does not export the function wasi_thread_start of the type"
    ),
  ])
  func whatThreadsNeedIsChecked(body: String, message: String) throws {
    let result = try run(Self.program(body), ["--threads", "--compiler=baseline"])
    #expect(result.status == 126)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func threadsAndLibrariesAreNotCombined() throws {
    let program = try WasmrunProgram()
    let library = try program.add("library.wat", Array("(module)".utf8))
    let path = try program.add(
      "app.wat",
      Array(
        Self.program(
          #"(func (export "_start")) (func (export "wasi_thread_start") (param i32 i32))"#
        ).utf8))
    let result = try program.run("--threads", "--preload", "a=\(library)", path)
    #expect(result.status == 64)
    #expect(result.errors.contains("cannot be linked with other modules"), "\(result.errors)")
  }

  @Test func theSandboxIsExplained() throws {
    let program = try WasmrunProgram()
    let with = try program.run("sandbox", "explain", "--threads")
    let without = try program.run("sandbox", "explain")
    #expect(with.output.contains("clone (a thread of this process)"))
    #expect(with.output.contains("It starts no process, but threads."))
    #expect(!without.output.contains("clone ("))
    #expect(without.output.contains("It starts no process and no thread."))
  }
}
