// Tokens, comments and strings.

import Testing

@testable import WasmText

@Suite struct LexerTests {
  @Test(arguments: [
    "(func)(func)", "( func )\t(\nfunc\r\n)", ";; a\n(func);; b\r(func)", "(;;)(func)(; ) ;)(func)",
    "(; (; deep ;) ( ;)(func)(func)", "(func (;(;;);))(func);;",
    "(func) (@a (b) \"c)\" ,[;]{}) (func)",
    "(func) (@\"a b\" @ (@) $\"x\"0) (func)", "(; \u{7}\u{0} Würstchen ;)(func)(func)",
  ])
  func whatMeansNothingIsSkipped(text: String) throws {
    #expect(try sections(text)[3] == [2, 0, 0])
  }

  @Test(arguments: [
    ("(func", "1:1: this '(' is never closed"),
    ("(func))", "1:7: unexpected ')': nothing is open"),
    ("\n\n  (; (; ;)", "3:3: unclosed comment"),
    ("(func \"a)", "1:7: unclosed string"),
    ("(data \"a\n\")", "1:7: unclosed string"),
    ("(data \"\u{1}\")", "1:8: illegal character in a string"),
    ("(data \"ä\\q\")", "1:9: malformed escape sequence in a string"),
    ("(data \"\\u{d800}\")", "1:8: malformed escape sequence in a string"),
    ("(data \"\\u{110000}\")", "1:8: malformed escape sequence in a string"),
    ("(data \"\\u{}\")", "1:8: malformed escape sequence in a string"),
    ("(data \"\\4\")", "1:8: malformed escape sequence in a string"),
    ("(data \"a\"\"b\")", "1:7: unknown token '\"a\"\"b\"'"),
    ("(func br 0\"l\")", "1:10: unknown token '0\"l\"'"),
    ("(func ,)", "1:7: unknown token ','"),
    ("(func $)", "1:7: empty identifier"),
    ("(func $\"\")", "1:7: empty identifier"),
    ("(func $\"\\ff\")", "1:8: malformed UTF-8 encoding"),
    ("(ä)", "1:2: illegal character 'ä'"),
    ("(@)", "1:1: empty annotation id"),
    ("(@ x)", "1:1: empty annotation id"),
    (" (@x ((y)", "1:2: unclosed annotation"),
    ("(@x ü)", "1:5: illegal character 'ü'"),
  ])
  func lexicalErrorsHaveTheirPlace(text: String, error: String) {
    #expect(refusal(of: text)?.description == error)
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3, 0x28], [0xFF],
  ])
  func whatIsNotUTF8IsRefusedEverywhere(bytes: [UInt8]) {
    for (before, after) in [
      ("", ""), (";;", "\n"), ("(;", ";)"), ("(data \"", "\")"), ("(@a ", ")"),
    ] {
      let text = Array(before.utf8) + bytes + Array(after.utf8)
      let error = text.withUnsafeBytes { text in
        #expect(throws: TextError.self) { try WasmText.module(from: text) }
      }
      #expect(error?.message == "malformed UTF-8 encoding")
    }
  }

  @Test func stringsStandForBytes() throws {
    let data = try sections(#"(data "a\t\n\r\"\'\\\00\fF\u{e9}\u{1F_600}ß" "" "!")"#)[11]
    let content: [UInt8] =
      [0x61, 0x09, 0x0A, 0x0D, 0x22, 0x27, 0x5C, 0x00, 0xFF] + Array("é😀ß!".utf8)
    #expect(data == [1, 1, UInt8(content.count)] + content)
  }

  @Test func columnsCountCharactersAndLinesEndWithNewlines() {
    #expect(refusal(of: "(; ä€😀 ;) x")?.description.hasPrefix("1:11: ") == true)
    #expect(refusal(of: "(module\r\n\r\n  (fun))")?.description.hasPrefix("3:4: ") == true)
  }

  @Test func textIsToldFromBinary() {
    func isText(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { WasmText.isText($0) } }
    for text in ["(module)", " \t\r\n(func)", ";; x", "(; x ;)"] {
      #expect(isText(Array(text.utf8)))
    }
    for text in ["", "\0asm", "module", "#!/bin/sh", "\n"] { #expect(!isText(Array(text.utf8))) }
  }
}
