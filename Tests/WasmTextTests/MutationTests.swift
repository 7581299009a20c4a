// Texts that are damaged at random: whatever the text, the answer is a module or an error.

import Testing

@testable import WasmText

/// SplitMix64: a small generator whose sequence a seed determines.
private struct Random: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite struct MutationTests {
  /// Texts that between them have every kind of field and most kinds of instructions.
  private static let seeds = [
    """
    (module $m (@name "M")
      (rec (type $s (sub (struct (field $x (mut i8)) (field (ref null $a))))) (type $a (array f64)))
      (type $f (func (param i32) (result i64)))
      (import "a" "b" (func $i (type $f))) (table $t 1 9 funcref) (memory $n i64 1 2 shared)
      (memory (pagesize 1) (data "a\\u{1F600}\\00")) (tag $e (export "e") (param i32))
      (global $g (mut i32) (i32.const -0x8000_0000)) (table funcref (elem $i (item ref.func 0)))
      (@custom "c" (after type) "x") (elem $el declare func $i) (data $d (offset (i32.const 1)) "y")
      (start $h) (export "x" (func $i))
      (func $h (local $l f32) (local i64 i64)
        block $b (result i32) try_table (catch $e $b) (catch_all 0) end i32.const 1 end
        (if $q (then (br_table $q 0 1 (i32.const 0))) (else (call_indirect $t (param f32))))
        (struct.set $s $x (ref.cast (ref $s) (ref.null none)) (i32.const 1))
        (@metadata.code.branch_hint "\\01") (br_if 0 (i64.load offset=8 align=1 (i64.const 0)))))
    """,
    """
    (func (export "a") (import "b" "c") (param $x v128) (result funcref externref)) ;; (; 
    (func (result v128) (; (; ;) ;) v128.const f32x4 -nan:0x1 0x1.8p-3 inf 1_0.5e+1_0
      i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
      (v128.load8_lane 1 offset=1 3 (i32.const 0) (v128.const i64x2 0 -1))
      (select (result i32) (i32.const 1) (memory.init 0 1) (table.copy 0 1) drop))
    (func (try $l (do (throw 0)) (catch 0 (rethrow $l)) (catch_all)) try delegate 0)
    """,
  ]

  private static let pieces = [
    "(", ")", "\"", "(;", ";)", ";;", "(@a ", " 0 ", " $x ", "(then", "(else", " end ", " block ",
    "(if", "offset=", "align=3", "0x", "nan:0x", "-", "1e999", "(type", "(rec", "(param", "(result",
    " delegate ", "\\u{", "\\", "18446744073709551616", "ü", "(module", "(elem", " br_table ",
  ]

  @Test(arguments: 0..<seeds.count) func aModuleOrAnError(seed: Int) {
    var random = Random(state: UInt64(seed))
    let bytes = Array(Self.seeds[seed].utf8)
    for _ in 0..<2_000 {
      var text = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&text, &random) }
      check(text)
    }
    for count in bytes.indices { check(Array(bytes[..<count])) }
  }

  private static func mutate(_ text: inout [UInt8], _ random: inout Random) {
    let place = Int.random(in: 0...text.count, using: &random)
    let end = min(place + Int.random(in: 0...20, using: &random), text.count)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: text.removeSubrange(place..<end)
    case 1: text.insert(contentsOf: Self.pieces.randomElement(using: &random)!.utf8, at: place)
    case 2: text.insert(UInt8.random(in: 0...255, using: &random), at: place)
    case 3:
      let other = Int.random(in: 0...text.count, using: &random)
      text.insert(contentsOf: Array(text[place..<end]), at: other)
    default: text.removeSubrange(end...)
    }
  }

  private func check(_ text: [UInt8]) {
    text.withUnsafeBytes { text in
      do throws(TextError) {
        let module = try WasmText.module(from: text)
        #expect(module.starts(with: "\0asm".utf8))
      } catch {
        let lineCount = text.count { $0 == UInt8(ascii: "\n") } + 1
        #expect(!error.message.isEmpty && error.column > 0)
        #expect((1...lineCount).contains(error.line))
      }
    }
  }
}
