// Instructions: their table, folding, labels, immediates.

import Testing
import WasmModule

@testable import WasmText

@Suite struct InstructionTests {
  /// Numeric and memory instructions, whose names follow from each other, cannot have the wrong
  /// opcode unnoticed. What is left out has several opcodes or none to itself.
  @Test func theTableAgreesWithTheDecoder() {
    var names: [UInt16: String] = [:]
    for row in InstructionRow.all {
      row.forEach { name, entry in
        guard let group: UInt16 = [0: 0, 0xFC: 1, 0xFD: 2][entry.prefix] else { return }
        names[group << 12 | entry.opcode] = Self.camelCase(name)
      }
    }
    let structured: Set<UInt16> = [0x05, 0x06, 0x07, 0x0B, 0x18, 0x19, 0x1C]
    for opcode in Opcode.allCases where opcode.rawValue >> 12 < 3 {
      guard !structured.contains(opcode.rawValue) else { continue }
      #expect(names[opcode.rawValue] == "\(opcode)")
    }
  }

  private static func camelCase(_ name: String) -> String {
    let words = name.split { $0 == "." || $0 == "_" }
    return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  @Test(arguments: [
    ("(i32.add (i32.const 1) (i32.const 2)) drop", "i32.const 1 i32.const 2 i32.add drop"),
    (
      "(drop (i32.add (i32.mul (i32.const 1) (i32.const 2)) (i32.const 3)))",
      "i32.const 1 i32.const 2 i32.mul i32.const 3 i32.add drop"
    ),
    ("i32.const 1 (drop)", "i32.const 1 drop"),
    (
      "(block $a (result i32) (br $a (i32.const 1))) drop",
      "block $a (result i32) i32.const 1 br 0 end drop"
    ),
    (
      "(loop $a (block $b (br_if $a (i32.const 0)) (br $b)))",
      "loop block i32.const 0 br_if 1 br 0 end end"
    ),
    (
      "(if $a (result i32) (i32.const 1) (then (i32.const 2) (br $a)) (else i32.const 3)) drop",
      "i32.const 1 if (result i32) i32.const 2 br 0 else i32.const 3 end drop"
    ),
    ("(i32.const 1) (if (then))", "i32.const 1 if end"),
    ("(if (i32.const 1) (i32.const 2) (then (drop)))", "i32.const 1 i32.const 2 if drop end"),
    ("(br_table 0 1 (i32.const 0))", "i32.const 0 br_table 0 1"),
    (
      "(local i32) (local.set 0 (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))",
      "(local i32) i32.const 1 i32.const 2 i32.const 3 select (result i32) local.set 0"
    ),
    ("block $a if $b (br $a) else $b (br $b) end $b end $a", "block if br 1 else br 0 end end"),
    ("(block $a (block $a (br $a)) (br $a))", "block block br 0 end br 0 end"),
    (
      "(block $a (try_table $b (catch_all $a) (br $b)))",
      "block try_table (catch_all 0) br 0 end end"
    ),
    (
      "(call_indirect (param i32) (i32.const 1) (i32.const 2))",
      "i32.const 1 i32.const 2 call_indirect 0 (param i32)"
    ),
    (
      "(i64.store offset=8 align=2 (i32.const 0) (i64.const 1))",
      "i32.const 0 i64.const 1 i64.store offset=8 align=2"
    ),
  ])
  func foldedInstructionsAreTheFlatOnesInOrder(folded: String, flat: String) throws {
    #expect(try body(folded) == body(flat))
  }

  @Test(arguments: [
    ("local.get 0", [0x20, 0]), ("i32.load", [0x28, 2, 0]), ("i64.load8_u align=1", [0x31, 0, 0]),
    ("v128.load offset=0x1_0000_0000", [0xFD, 0, 4, 0x80, 0x80, 0x80, 0x80, 0x10]),
    ("i32.load $n offset=4", [0x28, 0x42, 1, 4]), ("i32.load 0", [0x28, 2, 0]),
    ("v128.load8_lane 3", [0xFD, 84, 0, 0, 3]), ("v128.load8_lane 1 3", [0xFD, 84, 0x40, 1, 0, 3]),
    ("v128.store64_lane $n offset=1 align=4 1", [0xFD, 91, 0x42, 1, 1, 1]),
    ("v128.load8_lane 1 align=1 3", [0xFD, 84, 0x40, 1, 0, 3]),
    ("memory.size", [0x3F, 0]), ("memory.grow $n", [0x40, 1]), ("memory.copy", [0xFC, 10, 0, 0]),
    ("memory.copy $n $m", [0xFC, 10, 1, 0]), ("memory.init $d", [0xFC, 8, 1, 0]),
    ("memory.init $n $d", [0xFC, 8, 1, 1]), ("data.drop 1", [0xFC, 9, 1]),
    ("table.get", [0x25, 0]), ("table.init $e", [0xFC, 12, 0, 0]),
    ("table.init $u 0", [0xFC, 12, 0, 1]),
    ("table.copy $u $t", [0xFC, 14, 1, 0]), ("table.size $u", [0xFC, 16, 1]),
    ("call_indirect", [0x11, 0, 0]), ("call_indirect $u (type $s)", [0x11, 1, 1]),
    ("return_call_indirect (result i32)", [0x13, 2, 0]), ("call_ref $s", [0x14, 1]),
    ("ref.null func", [0xD0, 0x70]), ("ref.null $s", [0xD0, 1]), ("ref.func 0", [0xD2, 0]),
    ("ref.test (ref $s)", [0xFB, 20, 1]), ("ref.test (ref null any)", [0xFB, 21, 0x6E]),
    ("ref.test anyref", [0xFB, 21, 0x6E]), ("ref.cast i31ref", [0xFB, 23, 0x6C]),
    ("br_on_cast 0 anyref (ref $s)", [0xFB, 24, 1, 0, 0x6E, 1]),
    ("br_on_cast_fail 0 (ref null $s) eqref", [0xFB, 25, 3, 0, 1, 0x6D]),
    ("struct.new $p", [0xFB, 0, 3]), ("struct.get_s $p $y", [0xFB, 3, 3, 1]),
    ("struct.set 3 0", [0xFB, 5, 3, 0]),
    ("array.new_fixed $a 4", [0xFB, 8, 4, 4]), ("array.copy $a 4", [0xFB, 17, 4, 4]),
    ("array.new_data $a $d", [0xFB, 9, 4, 1]), ("array.init_elem $a $e", [0xFB, 19, 4, 0]),
    ("throw $x", [0x08, 0]), ("throw_ref", [0x0A]), ("atomic.fence", [0xFE, 3, 0]),
    ("i64.atomic.rmw32.cmpxchg_u", [0xFE, 0x4E, 2, 0]),
    ("memory.atomic.wait64 offset=8", [0xFE, 2, 3, 8]),
    ("i64.mul_wide_u", [0xFC, 22]), ("i8x16.relaxed_swizzle", [0xFD, 0x80, 2]),
    (
      "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31",
      [0xFD, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 31]
    ),
    ("f64x2.replace_lane 1", [0xFD, 34, 1]), ("select", [0x1B]),
    ("select (result) (result)", [0x1C, 0]),
    (
      "try_table (result i32) (catch $x 0) (catch_all_ref 0) end",
      [0x1F, 0x7F, 2, 0, 0, 0, 3, 0, 0x0B]
    ),
    ("block (param i32) end", [0x02, 1, 0x0B]), ("block (type $s) end", [0x02, 1, 0x0B]),
    ("block (result (ref null $s)) end", [0x02, 0x63, 1, 0x0B]),
  ])
  func immediatesAreEncoded(instruction: String, code: [UInt8]) throws {
    let fields = """
      (type (func)) (type $s (func (param i32))) (type (func (result i32)))
      (type $p (struct (field $x i32) (field $y i8))) (type $a (array (mut i32)))
      (memory $m 1) (memory $n 1) (table $t 0 funcref) (table $u 0 funcref)
      (tag $x) (elem $e func) (data) (data $d)
      """
    #expect(try body("(param i32) \(instruction)", fields: fields).dropFirst() == code + [0x0B])
  }

  @Test(arguments: [
    ("i32.ad", "unknown instruction 'i32.ad'"), ("(i32.ad)", "unknown instruction 'i32.ad'"),
    ("(drop (i32.ad))", "unknown instruction 'i32.ad'"),
    ("end", "expected an instruction, found 'end'"),
    ("block", "expected 'end' for 'block', found ')'"),
    ("(block block)", "expected 'end' for 'block', found ')'"),
    ("(block end)", "expected an instruction, found 'end'"),
    ("else", "expected an instruction, found 'else'"),
    ("block else end", "expected an instruction, found 'else'"),
    ("if else else end", "expected an instruction, found 'else'"),
    ("(then)", "expected an instruction, found '(' and 'then'"),
    ("(if)", "expected '(then', found ')'"),
    ("(if (else))", "expected '(then', found ')'"),
    ("(if (then) nop)", "expected '(else', or ')', found 'nop'"),
    ("(if (then) (else) (else))", "expected an instruction, found '(' and 'else'"),
    ("(if nop (then))", "expected '(then', found 'nop'"),
    (
      "(if (i32.const 0) nop (then))",
      "expected '(then', or an instruction in parentheses, found 'nop'"
    ),
    ("(if (param i32) (type 0) (then))", "expected an instruction, found '(' and 'type'"),
    ("(nop 1)", "expected an instruction in parentheses, or ')', found '1'"),
    ("(nop (nop) nop)", "expected an instruction in parentheses, or ')', found 'nop'"),
    ("(i32.const (nop))", "expected an integer of 32 bits, found '('"),
    ("block $a end $b", "mismatching label '$b'"), ("block end $b", "mismatching label '$b'"),
    ("if $a else $b end", "mismatching label '$b'"), ("(block $a) (br $a)", "unknown label '$a'"),
    ("(if $a (br $a) (then))", "unknown label '$a'"),
    ("try_table $a (catch_all $a) end", "unknown label '$a'"),
    ("local.get $a", "unknown local '$a'"), ("call $a", "unknown function '$a'"),
    ("i32.load align=3", "alignment must be a power of two"),
    ("i32.load align=0", "alignment must be a power of two"),
    ("i32.load offset=-1", "expected a number behind 'offset=', found 'offset=-1'"),
    ("i32.load align=1 offset=1", "unknown instruction 'offset=1'"),
    ("br_table", "expected the index or the identifier of a label, found ')'"),
    ("block (param $x i32) end", "expected a type, found '$x'"),
    ("call_indirect (result i32) (param i32)", "expected an instruction, found '(' and 'param'"),
    ("struct.get 0 $x", "unknown field '$x'"), ("\"a\"", "expected an instruction, found \"a\""),
    ("i32", "expected an instruction, found 'i32'"),
    ("i8x16.shuffle 256", "constant out of range: '256'"),
  ])
  func wrongInstructionsAreRefused(instruction: String, message: String) {
    #expect(refusal(of: "(func \(instruction))")?.message == message)
  }

  @Test(arguments: [
    ("i32.ad", "i32.add"), ("get_local", nil), ("i32.load32", "i32.load"),
    ("i64.atomic.rmw.cmpxchgg", "i64.atomic.rmw.cmpxchg"), ("xyzzy", nil), ("brif", "br_if"),
  ])
  func theNearestInstructionIsSuggested(word: String, nearest: String?) {
    for text in ["(func \(word))", "(func (\(word)))", "(func (drop (\(word))))"] {
      #expect(refusal(of: text)?.hint == nearest.map { "did you mean '\($0)'?" })
    }
  }

  @Test func legacyExceptionsAreEncodedFlatAndFolded() throws {
    let code: [UInt8] = [0, 0x06, 0x40, 0x08, 0, 0x07, 0, 0x09, 0, 0x19, 0x0B, 0x0B]
    #expect(try body("try throw $x catch $x rethrow 0 catch_all end", fields: "(tag $x)") == code)
    #expect(
      try body("(try $l (do (throw $x)) (catch $x (rethrow $l)) (catch_all))", fields: "(tag $x)")
        == code)
    let delegating: [UInt8] = [0, 0x06, 0x40, 0x06, 0x40, 0x18, 0, 0x19, 0x0B, 0x0B]
    #expect(try body("try $a try $b delegate $a catch_all end") == delegating)
    #expect(try body("(try $a (do (try $b (do) (delegate $a))) (catch_all))") == delegating)
    #expect(refusal(of: "(func (try $b (do) (delegate $b)))")?.message == "unknown label '$b'")
    #expect(refusal(of: "(func (try))")?.message == "expected '(do', found ')'")
  }

  /// A recursive parser would exhaust its stack.
  @Test func nestingIsOnlyLimitedByMemory() throws {
    let depth = 50_000
    func repeated(_ text: String) -> String { String(repeating: text, count: depth) }
    let folded = try body(repeated("(i32.eqz ") + "(i32.const 0)" + repeated(")"))
    #expect(folded.count == depth + 4)
    #expect(try body(repeated("(block ") + repeated(")")).count == 3 * depth + 2)
    #expect(try body(repeated("block ") + repeated("end ")).count == 3 * depth + 2)
    #expect(try body(repeated("(if (i32.const 0) (then ") + repeated("))")).count == 5 * depth + 2)
    #expect(refusal(of: repeated("("))?.column == depth)
    #expect(refusal(of: repeated("(;"))?.message == "unclosed comment")
    #expect(try module("(@a " + repeated("(") + repeated(")") + ")").count == 8)
  }
}
