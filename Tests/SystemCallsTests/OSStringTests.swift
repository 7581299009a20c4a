// Strings that are bytes.

import SystemCalls
import Testing

@Suite struct OSStringTests {
  @Test func bytesStayAsTheyAre() {
    let bytes: [UInt8] = [0x2F, 0xFF, 0x80, 0xC3, 0x28]
    let string = OSString(bytes: bytes)
    #expect(OSString(cString: string.cString).bytes == bytes)
    #expect((string + string).bytes == bytes + bytes)
    #expect(string.text == nil)
    #expect(string.description == "/\u{FFFD}\u{FFFD}\u{FFFD}(")
  }

  @Test(arguments: ["", "a", "prögram", "日本\u{10FFFF}"])
  func textIsUTF8(text: String) {
    let string = OSString(text)
    #expect(string.text == text)
    #expect(string.description == text)
    #expect(string.bytes == Array(text.utf8))
    #expect(string.isEmpty == text.isEmpty)
  }

  /// Swift's own strings compare equal where these two spellings of é meet.
  @Test func equalityIsThatOfBytes() { #expect(OSString("\u{E9}") != OSString("e\u{301}")) }

  @Test func variablesHaveBytes() throws {
    #expect(ProcessEnvironment.value(of: OSString(bytes: [0xFF, 0xFE])) == nil)
    let path = try #require(ProcessEnvironment.value(of: "PATH"))
    #expect(path.bytes.contains(UInt8(ascii: "/")))
  }
}
