// TOML: values, places, and what is refused.

import StructuredText
import Testing

@Suite struct TOMLTests {
  private static func value(_ text: String) throws -> Node.Value {
    try #require(try TOMLParser.parse(Array("x = \(text)".utf8))["x"]).node.value
  }

  @Test(arguments: [
    (#""a\tb\u00e9\U0001F600""#, "a\tb\u{e9}\u{1F600}"), ("'C:\\x'", "C:\\x"),
    ("\"\"\"\none \\\n   two\"\"\"", "one two"), ("'''a'b''c'''''", "a'b''c''"),
    ("\"\"", ""), ("\"\"\"\r\na\r\nb\"\"\"", "a\nb"),
  ])
  func stringsAreRead(text: String, expected: String) throws {
    guard case .string(let value) = try Self.value(text) else {
      Issue.record("\(text) is no string")
      return
    }
    #expect(value == expected)
  }

  @Test(
    arguments: [
      ("1_000", 1000), ("-17", -17), ("+0", 0), ("0xdead_BEEF", 0xDEAD_BEEF), ("0o755", 0o755),
      ("0b101", 5), ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ] as [(String, Int64)])
  func integersAreRead(text: String, expected: Int64) throws {
    guard case .integer(let value) = try Self.value(text) else {
      Issue.record("\(text) is no integer")
      return
    }
    #expect(value == expected)
  }

  @Test func placesAreThoseOfKeysAndValues() throws {
    let bytes = Array("# é\n[a.b]\n'ü' = [1,\n  {c = 2}]\n".utf8)
    let table = try TOMLParser.parse(bytes)
    guard case .table(let a) = table["a"]?.node.value, case .table(let b) = a["b"]?.node.value,
      let entry = b["ü"], case .array(let nodes) = entry.node.value,
      case .table(let inner) = nodes[1].value, let c = inner["c"]
    else {
      Issue.record("the document is read wrongly")
      return
    }
    func place(_ offset: Int) -> String { "\(SourcePlace(of: offset, in: bytes))" }
    #expect(place(entry.keyOffset) == "3:1")
    #expect(place(entry.node.offset) == "3:7")
    #expect(place(nodes[1].offset) == "4:3")
    #expect(place(c.keyOffset) == "4:4")
    #expect(place(c.node.offset) == "4:8")
  }

  @Test(arguments: [
    ("a = 1\na = 2", "2:1", "a second time"), ("[a]\n[a]", "2:2", "defined already"),
    ("a = b", "1:5", "must stand in quotes"), ("a = \"x\ny\"", "1:5", "does not end on its line"),
    ("a", "1:2", "'=' is expected, not the end of the file"), ("a = 1 b", "1:7", "not 'b'"),
    ("a = [1, 2", "1:10", "',' or ']'"), ("a = {b = 1,\n}", "1:12", "a key is expected"),
    ("[[a]]\n[a]", "2:2", "array of tables"), ("a = 01", "1:5", "no value"),
    ("a = \"\\x\"", "1:6", "escape"), ("\n\n = 1", "3:2", "a key is expected"),
    ("a = {b = 1}\n[a.c]", "2:2", "nothing can be added"),
    ("a = 9223372036854775808", "1:5", "no value"),
  ])
  func mistakesHaveAPlace(text: String, place: String, message: String) {
    let bytes = Array(text.utf8)
    do throws(StructuredTextError) {
      _ = try TOMLParser.parse(bytes)
      Issue.record("accepted: \(text)")
    } catch {
      #expect("\(SourcePlace(of: error.offset, in: bytes))" == place)
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

  /// The parser is recursive, and its stack is not.
  @Test func depthIsLimited() throws {
    for text in [
      "a = " + String(repeating: "[", count: 100_000),
      "a = " + String(repeating: "{b = ", count: 100_000),
      "[" + String(repeating: "a.", count: 100_000) + "a]",
      String(repeating: "a.", count: 100_000) + "a = 1",
    ] {
      #expect(throws: StructuredTextError.self) { try TOMLParser.parse(Array(text.utf8)) }
    }
    _ = try TOMLParser.parse(
      Array(
        ("a = " + String(repeating: "[", count: 90)
          + String(repeating: "]", count: 90)).utf8))
  }

  @Test func textThatIsNotUTF8IsRefused() {
    do throws(StructuredTextError) {
      _ = try TOMLParser.parse(Array("a = \"".utf8) + [0xC3, 0x28])
      Issue.record("accepted")
    } catch {
      #expect(error.offset == 5)
    }
  }
}
