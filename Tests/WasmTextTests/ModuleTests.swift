// Modules and their fields.

import Testing

@testable import WasmText

@Suite struct ModuleTests {
  private static let empty: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

  @Test(arguments: [
    "", "(module)", " (module ) ;; x", "(module binary \"\\00asm\" \"\\01\\00\\00\\00\")",
    "(module quote)", "(module quote \"(module)\")", "(module quote \"(mod\" \"ule)\")",
    "(module quote \"(;;)\")",
  ])
  func modulesMayBeEmpty(text: String) throws {
    #expect(try module(text) == Self.empty)
  }

  @Test func binaryModulesAreTakenAsTheyAre() throws {
    #expect(try module("(module $x binary \"\\00as\" \"\")") == [0, 0x61, 0x73])
  }

  @Test(arguments: [
    ("x", "1:1: expected a field of the module, or ')', found 'x'"),
    ("(module) (module)", "1:10: expected the end of the text, found '('"),
    ("(modul)", "1:2: expected a field of the module, found 'modul'"),
    ("(module (param))", "1:10: expected a field of the module, found 'param'"),
    ("(component)", "1:1: this is a component, not a module"),
    ("(module binary \"\" x)", "1:19: expected ')', found 'x'"),
    (
      "(module quote \"(module quote)\")",
      "1:15: in the quoted text, 1:9: expected a field of the module, or ')', found 'quote'"
    ),
    (
      "(module quote \"(func\" \" $f)(func $f)\")",
      "1:15: in the quoted text, 1:16: duplicate function '$f'"
    ),
    (
      "(func)\n(import \"a\" \"b\" (func))",
      "2:1: imports must come before what the module itself defines"
    ),
    (
      "(memory 1) (global (import \"a\" \"b\") i32)",
      "1:12: imports must come before what the module itself defines"
    ),
    ("(func $f) (start $f) (start $f)", "1:29: multiple start sections"),
    ("(start $f)", "1:8: unknown function '$f'"),
    ("(export \"a\" (func $f))", "1:19: unknown function '$f'"),
    ("(export \"a\" (elem 0))", "1:13: expected what is exported, such as '(func …)', found '('"),
    ("(import \"a\" (func))", "1:13: expected a string, found '('"),
    ("(import \"\\ff\" \"\" (func))", "1:9: malformed UTF-8 encoding"),
    ("(func $f (param $x i32) (local $x i32))", "1:32: duplicate local '$x'"),
    ("(func (param $x i32 i32))", "1:21: expected ')', found 'i32'"),
    ("(func (result $x i32))", "1:15: expected a type, found '$x'"),
    ("(func (local i32) (param i32))", "1:19: expected an instruction, found '(' and 'param'"),
    ("(type $t (func)) (type $t (func))", "1:24: duplicate type '$t'"),
    ("(type (struct (field $x i32) (field $x i32)))", "1:37: duplicate field '$x'"),
    (
      "(type $t (func)) (func (type $t) (param i32))",
      "1:34: the inline function type is not that of type 0"
    ),
    ("(type (func (param i8)))", "1:20: expected a type, found 'i8'"),
    ("(type i32)", "1:7: expected '(func', '(struct', '(array' or '(sub', found 'i32'"),
    ("(rec (func))", "1:6: expected '(type', found '('"),
    ("(memory)", "1:8: expected a size, found ')'"),
    ("(memory 0 (pagesize 3))", "1:21: invalid custom page size: it is not a power of two"),
    ("(memory -1)", "1:9: expected a size, found '-1'"),
    ("(memory 0x1_0000_0000_0000_0000)", "1:9: constant out of range: '0x1_0000_0000_0000_0000'"),
    ("(table 1)", "1:9: expected a reference type, found ')'"),
    ("(table funcref)", "1:15: expected '(elem', found ')'"),
    ("(global i32 (i32.const 0) x)", "1:27: unknown instruction 'x'"),
    ("(global i32 (local.get $x))", "1:24: unknown local '$x'"),
    ("(elem $f)", "1:9: expected a reference type, found ')'"),
    ("(elem declare $f)", "1:15: expected a reference type, found '$f'"),
    ("(data (i32.const 0) \"\" x)", "1:24: expected ')', found 'x'"),
    (
      "(data (memory 0) \"\")",
      "1:18: expected '(offset', or an instruction in parentheses, found \"\""
    ),
    ("(func (export \"a\") (import \"a\" \"b\") (local i32))", "1:37: expected ')', found '('"),
  ])
  func wrongModulesAreRefusedWithAPlace(text: String, error: String) {
    #expect(refusal(of: text)?.description == error)
  }

  // MARK: Types.

  @Test(arguments: [
    ("(type (func))", [1, 0x60, 0, 0]),
    (
      "(type (func (param $x i32) (param i64 f32) (result f64) (result v128)))",
      [1, 0x60, 3, 0x7F, 0x7E, 0x7D, 2, 0x7C, 0x7B]
    ),
    (
      "(type $t (struct (field $a i8) (field (mut i16) (ref null $t)) (field)))",
      [1, 0x5F, 3, 0x78, 0, 0x77, 1, 0x63, 0, 0]
    ),
    ("(type (array (mut (ref extern))))", [1, 0x5E, 0x64, 0x6F, 1]),
    ("(type (sub (func)))", [1, 0x50, 0, 0x60, 0, 0]),
    ("(type (sub final (func)))", [1, 0x60, 0, 0]),
    (
      "(type $a (sub (func))) (type (sub final $a (func)))",
      [2, 0x50, 0, 0x60, 0, 0, 0x4F, 1, 0, 0x60, 0, 0]
    ),
    ("(rec)", [1, 0x4E, 0]),
    (
      "(rec (type $a (array (ref $b))) (type $b (array (ref null $a))))",
      [1, 0x4E, 2, 0x5E, 0x64, 1, 0, 0x5E, 0x63, 0, 0]
    ),
    (
      "(type (func (param anyref eqref i31ref structref arrayref nullref funcref nullfuncref)))",
      [1, 0x60, 8, 0x6E, 0x6D, 0x6C, 0x6B, 0x6A, 0x71, 0x70, 0x73, 0]
    ),
    (
      "(type (func (param externref nullexternref exnref nullexnref (ref none) (ref null noexn))))",
      [1, 0x60, 6, 0x6F, 0x72, 0x69, 0x74, 0x64, 0x71, 0x74, 0]
    ),
  ])
  func typesAreEncoded(text: String, section: [UInt8]) throws {
    #expect(try sections(text)[1] == section)
  }

  @Test func functionTypesAreAddedWhereNoneFits() throws {
    let text = """
      (func $f (param i32)) (func (result i64) (block (param f32)))
      (type $a (func (param i32))) (type (sub (func (result i64)))) (func (param $x i32))
      """
    let found = try sections(text)
    #expect(
      found[1] == [
        4, 0x60, 1, 0x7F, 0, 0x50, 0, 0x60, 0, 1, 0x7E, 0x60, 0, 1, 0x7E, 0x60, 1, 0x7D, 0,
      ])
    #expect(found[3] == [3, 0, 2, 0])
  }

  @Test func aGroupOfOneIsATypeAloneAndOneOfMoreIsNot() throws {
    #expect(try sections("(rec (type (func))) (func)")[3] == [1, 0])
    #expect(try sections("(rec (type (func)) (type (struct))) (func)")[3] == [1, 2])
  }

  @Test func typesMayBeUsedBeforeTheirDefinition() throws {
    let found = try sections(
      "(func (type $t) (local $l i32) local.get $l) (type $t (func (param i32 i32)))")
    #expect(found[10] == [1, 6, 1, 1, 0x7F, 0x20, 2, 0x0B])
  }

  // MARK: Imports, exports, definitions.

  @Test func importsAreWrittenInBothForms() throws {
    let plain = """
      (import "a" "f" (func $f (param i32))) (import "a" "t" (table $t i64 1 2 funcref))
      (import "a" "m" (memory $m 1 2 shared)) (import "a" "g" (global $g (mut i32)))
      (import "a" "e" (tag $e (param i32)))
      """
    let inline = """
      (func $f (import "a" "f") (param i32)) (table $t (import "a" "t") i64 1 2 funcref)
      (memory $m (import "a" "m") 1 2 shared) (global $g (import "a" "g") (mut i32))
      (tag $e (import "a" "e") (param i32))
      """
    #expect(try module(plain) == module(inline))
    let section: [UInt8] = [
      5, 1, 0x61, 1, 0x66, 0, 0, 1, 0x61, 1, 0x74, 1, 0x70, 5, 1, 2, 1, 0x61, 1, 0x6D, 2, 3, 1, 2,
      1, 0x61, 1, 0x67, 3, 0x7F, 1, 1, 0x61, 1, 0x65, 4, 0, 0,
    ]
    #expect(try sections(plain)[2] == section)
  }

  @Test func exportsAreWrittenInBothForms() throws {
    let plain = """
      (func) (table 0 funcref) (memory 0) (global i32 i32.const 0) (tag)
      (export "f" (func 0)) (export "e" (func 0)) (export "t" (table 0)) (export "m" (memory 0))
      (export "g" (global 0)) (export "x" (tag 0))
      """
    let inline = """
      (func (export "f") (export "e")) (table (export "t") 0 funcref) (memory (export "m") 0)
      (global (export "g") i32 (i32.const 0)) (tag (export "x"))
      """
    #expect(try module(plain) == module(inline))
    #expect(
      try sections(inline)[7] == [
        6, 1, 0x66, 0, 0, 1, 0x65, 0, 0, 1, 0x74, 1, 0, 1, 0x6D, 2, 0, 1, 0x67, 3, 0, 1, 0x78, 4, 0,
      ])
  }

  @Test func indicesCountImportsFirst() throws {
    let text = """
      (export "a" (func $b)) (import "a" "b" (func $a)) (func $b call $a call $c)
      (func $c) (start $c)
      """
    let found = try sections(text)
    #expect(found[7] == [1, 1, 0x61, 0, 1])
    #expect(found[10]?.starts(with: [2, 6, 0, 0x10, 0, 0x10, 2, 0x0B]) == true)
    #expect(found[8] == [2])
  }

  @Test(arguments: [
    ("(memory 1)", [1, 0, 1]), ("(memory i32 1 2)", [1, 1, 1, 2]),
    ("(memory i64 1 0x100 shared)", [1, 7, 1, 0x80, 2]),
    ("(memory 0 (pagesize 1))", [1, 8, 0, 0]),
    ("(memory 1 2 (pagesize 0x1_0000))", [1, 9, 1, 2, 16]),
    ("(memory (data))", [1, 1, 0, 0]), ("(memory i64 (data \"a\"))", [1, 5, 1, 1]),
    ("(memory (pagesize 1) (data \"abc\"))", [1, 9, 3, 3, 0]),
  ])
  func memoriesAreEncoded(text: String, section: [UInt8]) throws {
    #expect(try sections(text)[5] == section)
  }

  @Test(arguments: [
    ("(table 1 funcref)", [1, 0x70, 0, 1]), ("(table i64 1 2 externref)", [1, 0x6F, 5, 1, 2]),
    ("(table 1 (ref 0) ref.func 0)", [1, 0x40, 0, 0x64, 0, 0, 1, 0xD2, 0, 0x0B]),
    ("(table funcref (elem 0 0))", [1, 0x70, 1, 2, 2]),
    ("(table i64 anyref (elem (ref.null any)))", [1, 0x6E, 5, 1, 1]),
  ])
  func tablesAreEncoded(text: String, section: [UInt8]) throws {
    #expect(try sections("(func) " + text)[4] == section)
  }

  @Test(arguments: [
    ("(elem (i32.const 1) $f 0)", [1, 0, 0x41, 1, 0x0B, 2, 0, 0]),
    ("(elem (offset i32.const 1))", [1, 0, 0x41, 1, 0x0B, 0]),
    ("(elem func $f)", [1, 1, 0, 1, 0]),
    ("(elem (table $t) (i32.const 1) func)", [1, 2, 0, 0x41, 1, 0x0B, 0, 0]),
    ("(elem 0 (i32.const 1) $f)", [1, 2, 0, 0x41, 1, 0x0B, 0, 1, 0]),
    ("(elem declare func $f)", [1, 3, 0, 1, 0]),
    (
      "(elem (i32.const 1) funcref (ref.func $f) (item ref.null func))",
      [1, 4, 0x41, 1, 0x0B, 2, 0xD2, 0, 0x0B, 0xD0, 0x70, 0x0B]
    ),
    ("(elem externref)", [1, 5, 0x6F, 0]),
    (
      "(elem (i32.const 1) (ref func) (ref.func 0))",
      [1, 6, 0, 0x41, 1, 0x0B, 0x64, 0x70, 1, 0xD2, 0, 0x0B]
    ),
    ("(elem $e declare (ref null func) (item (ref.func 0)))", [1, 7, 0x70, 1, 0xD2, 0, 0x0B]),
  ])
  func elementSegmentsAreEncoded(text: String, section: [UInt8]) throws {
    #expect(try sections("(func $f) (table $t 9 funcref) " + text)[9] == section)
  }

  /// The short form, whose type is that of all functions, is not valid for such a table.
  @Test func elementsOfATableOfOneFunctionTypeHaveThatType() throws {
    let text = "(type $t (func)) (func $f) (table (ref null $t) (elem $f $f))"
    #expect(
      try sections(text)[9] == [
        1, 6, 0, 0x41, 0, 0x0B, 0x63, 0, 2, 0xD2, 0, 0x0B, 0xD2, 0, 0x0B,
      ])
  }

  @Test(arguments: [
    ("(data)", [1, 1, 0]), ("(data \"a\" \"b\")", [1, 1, 2, 0x61, 0x62]),
    ("(data (i32.const 1) \"a\")", [1, 0, 0x41, 1, 0x0B, 1, 0x61]),
    ("(data $d (memory $n) (offset global.get 0) \"a\")", [1, 2, 1, 0x23, 0, 0x0B, 1, 0x61]),
    ("(data 1 (i32.const 1))", [1, 2, 1, 0x41, 1, 0x0B, 0]),
  ])
  func dataSegmentsAreEncoded(text: String, section: [UInt8]) throws {
    #expect(try sections("(memory 1) (memory $n 1) " + text)[11] == section)
    #expect(try sections(text.contains("$n") ? "" : text)[12] == nil)
  }

  @Test func segmentsAreCountedWhereInstructionsNameThem() throws {
    #expect(try sections("(data) (data) (func data.drop 1)")[12] == [2])
    let constant =
      "(type $a (array i8)) (data) (global (ref $a) i32.const 0 i32.const 0 array.new_data $a 0)"
    #expect(try sections(constant)[12] == nil)
    let inline = try sections(
      """
      (memory (data "x")) (table funcref (elem)) (elem $e func) (data $d)
      (func elem.drop $e data.drop $d)
      """
    )
    #expect(inline[10] == [1, 8, 0, 0xFC, 13, 1, 0xFC, 9, 1, 0x0B])
  }

  @Test func equalLocalsAreOneRun() throws {
    #expect(
      try body("(local i32 i32) (local $a i32) (local) (local i64) (local i32) local.get $a")
        == [3, 3, 0x7F, 1, 0x7E, 1, 0x7F, 0x20, 2, 0x0B])
  }
}
