// Names and annotations.

import Testing

@testable import WasmText

@Suite struct NameTests {
  @Test func identifiersBecomeTheNameSection() throws {
    let text = """
      (module $M (import "" "" (func $i (param $p i32)))
      (type $T (struct (field i32) (field $f i32)))
      (func $"a b" (param i32) (param $x i32) (local $y i32) block $l end block end loop $m end)
      (table $t 0 funcref) (memory $me 0) (global $g i32 i32.const 0) (elem $e func) (data $d)
      (tag $ta))
      """
    let found = try customSections(text)
    #expect(found.map(\.name) == ["name"])
    #expect(
      found.first?.content == [
        0, 2, 1, 0x4D, 1, 9, 2, 0, 1, 0x69, 1, 3, 0x61, 0x20, 0x62,
        2, 14, 2, 0, 1, 0, 1, 0x70, 1, 2, 1, 1, 0x78, 2, 1, 0x79,
        3, 9, 1, 1, 2, 0, 1, 0x6C, 2, 1, 0x6D, 4, 4, 1, 0, 1, 0x54, 5, 4, 1, 0, 1, 0x74,
        6, 5, 1, 0, 2, 0x6D, 0x65, 7, 4, 1, 0, 1, 0x67, 8, 4, 1, 0, 1, 0x65, 9, 4, 1, 0, 1, 0x64,
        10, 6, 1, 0, 1, 1, 1, 0x66, 11, 5, 1, 0, 2, 0x74, 0x61,
      ])
  }

  @Test func identifiersAreEqualWhereTheirNamesAre() throws {
    let text = #"(func $"\61b" call $ab call $"a\u{62}" call $"ab")"#
    #expect(try sections(text)[10] == [1, 8, 0, 0x10, 0, 0x10, 0, 0x10, 0, 0x0B])
  }

  @Test func annotationsNameWhatTheyFollow() throws {
    let found = try customSections(
      "(module (@name \"M\") (func $f (@name \"λ\") (local (@other) $x (@name \"y\") i32)))")
    #expect(
      found.first?.content == [0, 2, 1, 0x4D, 1, 5, 1, 0, 2, 0xCE, 0xBB, 2, 6, 1, 0, 1, 0, 1, 0x79])
  }

  @Test func customSectionsStandWhereTheySay() throws {
    let module = try module(
      """
      (@custom "last" "1" "2") (@custom "first" (before first)) (type (func))
      (@custom "t" (after type))
      (@custom "f" (before func) "x") (func) (@custom "last" (after last))
      """)
    #expect(
      module == [
        0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0, 6, 5, 0x66, 0x69, 0x72, 0x73, 0x74, 1, 4, 1, 0x60, 0, 0,
        0, 2, 1, 0x74, 0, 3, 1, 0x66, 0x78, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0B,
        0, 7, 4, 0x6C, 0x61, 0x73, 0x74, 0x31, 0x32, 0, 5, 4, 0x6C, 0x61, 0x73, 0x74,
      ])
  }

  @Test func branchHintsStandBeforeTheCode() throws {
    let text = """
      (func) (func (param i32)
        (@metadata.code.branch_hint "\\00") (if (local.get 0) (then))
        local.get 0 (@metadata.code.branch_hint "\\01") br_if 0
        (@metadata.code.branch_hint "\\01") (br_if 0 (local.get 0)))
      """
    let found = try customSections(text)
    #expect(found.map(\.name) == ["metadata.code.branch_hint"])
    // The instructions are at 3, 8 and 12, behind the count of locals.
    #expect(found.first?.content == [1, 1, 3, 3, 1, 0, 8, 1, 1, 12, 1, 1])
  }

  @Test(arguments: [
    ("(@custom)", "1:1: @custom annotation: missing section name"),
    ("(@custom x)", "1:1: @custom annotation: missing section name"),
    ("(@custom \"\\df\")", "1:1: @custom annotation: malformed UTF-8 encoding"),
    ("(@custom \"a\" x)", "1:1: @custom annotation: unexpected token"),
    ("(@custom \"a\" (after))", "1:1: @custom annotation: malformed placement"),
    ("(@custom \"a\" (inside type))", "1:1: @custom annotation: malformed placement"),
    ("(@custom \"a\" (before types))", "1:1: @custom annotation: malformed section kind"),
    ("(@custom \"a\" (before last))", "1:1: @custom annotation: malformed section kind"),
    ("(func (@custom \"a\"))", "1:7: misplaced @custom annotation"),
    ("(func) (@name \"a\")", "1:8: misplaced @name annotation"),
    ("(func (@name \"a\") (@name \"b\"))", "1:19: multiple @name annotations"),
    ("(func (@name a))", "1:7: a @name annotation holds one name"),
    (
      "(func (@metadata.code.branch_hint \"\\01\") nop)",
      "1:7: misplaced @metadata.code.branch_hint annotation"
    ),
    (
      "(func (@metadata.code.branch_hint \"\\02\") if end)",
      "1:7: a branch hint is \"\\00\" or \"\\01\""
    ),
    (
      "(func (@metadata.code.branch_hint \"\\00\") (@metadata.code.branch_hint \"\\00\") if end)",
      "1:42: duplicate branch hint"
    ),
  ])
  func wrongAnnotationsAreRefused(text: String, error: String) {
    #expect(refusal(of: text)?.description == error)
  }
}
