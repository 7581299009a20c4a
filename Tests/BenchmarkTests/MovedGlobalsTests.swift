// Modules changed for measurements do what they did before.

import Benchmark
import Testing
import WasmRuntime
import WasmText

@Suite struct MovedGlobalsTests {
  private static func bytes(_ text: String) throws -> [UInt8] {
    var text = text
    return try text.withUTF8 { try WasmText.module(from: UnsafeRawBufferPointer($0)) }
  }

  /// Globals of all numeric types, some exported, used by functions, and with constants of several
  /// bytes.
  private static let program = """
    (module
      (import "host" "next" (func $next (result i32)))
      (memory 1)
      (global $count (export "count") (mut i32) (i32.const -70000))
      (global $wide (mut i64) (i64.const 0x123456789abcdef0))
      (global $base i32 (i32.const 16))
      (global $single (mut f32) (f32.const 0.5))
      (global $double f64 (f64.const -2.25))
      (data (global.get $base) "\\2a")
      (func (export "step") (param i32) (result i32)
        (global.set $count
          (i32.add (global.get $count) (i32.add (local.get 0) (call $next))))
        (global.set $single (f32.add (global.get $single) (f32.const 1)))
        (global.set $wide (i64.add (global.get $wide) (i64.const 1)))
        (i32.add
          (global.get $count)
          (i32.load8_u (global.get $base))))
      (func (export "values") (result i64 f32 f64)
        (global.get $wide) (global.get $single) (global.get $double)))
    """

  /// What an instance answers, and its exported global.
  private static func answers(_ linker: Linker, _ program: [UInt8]) throws -> [Value] {
    try linker.define("host", "next", FunctionType([], [.i32])) { _, _ in [.i32(7)] }
    let instance = try linker.instantiate(try Module(program))
    let step = try #require(instance.function("step"))
    let values = try #require(instance.function("values"))
    let count = try #require(instance.global("count"))
    let steps = try step(.i32(3)) + step(.i32(-100))
    return try steps + values() + [count.value]
  }

  @Test func aProgramWithMovedGlobalsAnswersAsBefore() throws {
    let bytes = try Self.bytes(Self.program)
    let moved = try MovedGlobals(of: bytes)
    let linker = Linker(try Store())
    let library = try linker.instantiate(try Module(moved.library))
    try linker.define(MovedGlobals.libraryName, library)
    let expected: [Value] = [
      .i32(-70000 + 10 + 42), .i32(-70000 + 10 - 93 + 42), .i64(0x1234_5678_9abc_def2), .f32(2.5),
      .f64(-2.25), .i32(-70000 + 10 - 93),
    ]
    #expect(try Self.answers(Linker(try Store()), bytes) == expected)
    #expect(try Self.answers(linker, moved.program) == expected)
    // They are the library's now: it has the value that the program left.
    #expect(library.global("0")?.value == .i32(-70000 + 10 - 93))
  }

  @Test func thereIsNoGlobalLeftInTheProgram() throws {
    let moved = try MovedGlobals(of: Self.bytes(Self.program))
    let imports = try Module(moved.program).imports
    #expect(imports.map(\.name) == ["next", "0", "1", "2", "3", "4"])
    #expect(try Module(moved.library).exports.map(\.name) == ["0", "1", "2", "3", "4"])
    // A second time there is nothing that could be moved, and the module says so.
    #expect(throws: RewritingError.self) { try MovedGlobals(of: moved.program) }
  }

  @Test func aModuleWithoutGlobalsOrImportsStaysAsItIs() throws {
    let bytes = try Self.bytes("(module (func (export \"one\") (result i32) (i32.const 1)))")
    let moved = try MovedGlobals(of: bytes)
    #expect(moved.program == bytes)
    #expect(try Module(moved.library).exports.isEmpty)
  }

  @Test func whatCannotBeMovedIsRefused() throws {
    for text in [
      "(module (import \"a\" \"b\" (global i32)))",
      "(module (func $f) (global funcref (ref.func $f)))",
      "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
    ] {
      let bytes = try Self.bytes(text)
      #expect(throws: RewritingError.self) { try MovedGlobals(of: bytes) }
    }
    let bytes = try Self.bytes(Self.program)
    #expect(throws: RewritingError.self) { try MovedGlobals(of: Array(bytes.dropLast())) }
    #expect(throws: RewritingError.self) { try MovedGlobals(of: Array("no module".utf8)) }
  }
}

@Suite struct ReactorProgramTests {
  /// Tells its host each word of the command line, as the sum of its bytes after its length, and how
  /// it was called.
  private static let reactor = """
    (module
      (import "host" "tell" (func $tell (param i32)))
      (memory (export "memory") 1)
      (func (export "_initialize") (call $tell (i32.const -1)))
      (func (export "malloc") (param i32) (result i32) (i32.const 1024))
      (func (export "qjs_destroy") (call $tell (i32.const -2)))
      (func (export "qjs_init_argv") (param $count i32) (param $words i32) (result i32)
        (local $at i32) (local $sum i32) (local $length i32)
        (call $tell (local.get $count))
        (loop $word
          (local.set $at (i32.load (local.get $words)))
          (local.set $sum (i32.const 0))
          (local.set $length (i32.const 0))
          (loop $byte
            (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $at))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $length (i32.add (local.get $length) (i32.const 1)))
            (br_if $byte (i32.load8_u (local.get $at))))
          (call $tell (local.get $length))
          (call $tell (local.get $sum))
          (local.set $words (i32.add (local.get $words) (i32.const 4)))
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (br_if $word (local.get $count)))
        (i32.const STATUS)))
    """

  /// What the host was told in a run that the reactor ends with `status`.
  private static func told(_ words: [String], status: Int) throws -> [Value] {
    var text = reactor.replacing("STATUS", with: "\(status)")
    let bytes = try text.withUTF8 { try WasmText.module(from: UnsafeRawBufferPointer($0)) }
    let linker = Linker(try Store())
    var told: [Value] = []
    try linker.define("host", "tell", FunctionType([.i32], [])) { _, arguments in
      told += arguments
      return []
    }
    let program = try Module(try ReactorProgram.program(of: bytes, running: words))
    let instance = try linker.instantiate(program)
    try instance.function("_start")?()
    return told
  }

  @Test func theCommandLineArrives() throws {
    // A word with bytes beyond ASCII, in a block whose words are negative numbers.
    let words = ["qjs", "/bench/ä.js", "x"]
    let sums = words.map { $0.utf8.reduce(Int32(0)) { $0 + Int32($1) } }
    #expect(
      try Self.told(words, status: 0)
        == [
          .i32(-1), .i32(3), .i32(3), .i32(sums[0]), .i32(12), .i32(sums[1]), .i32(1),
          .i32(sums[2]), .i32(-2),
        ])
  }

  @Test func aFailureTraps() throws {
    #expect(throws: (any Error).self) { try Self.told(["qjs"], status: 1) }
  }

  @Test func otherModulesAreRefused() throws {
    var text = "(module (func (export \"_start\")))"
    let bytes = try text.withUTF8 { try WasmText.module(from: UnsafeRawBufferPointer($0)) }
    #expect(throws: RewritingError.self) {
      try ReactorProgram.program(of: bytes, running: ["qjs"])
    }
  }
}
