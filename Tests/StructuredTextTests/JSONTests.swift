// JSON: values, and what is refused.

import StructuredText
import Testing

@Suite struct JSONTests {
  @Test func valuesAreRead() throws {
    let text = #"{"a": [1, -2.5e3, true, null, "\u00e9\ud83d\ude00\/\n"], "b": {}}"#
    let node = try JSONParser.parse(Array(text.utf8))
    guard case .table(let table) = node.value, case .array(let nodes) = table["a"]?.node.value,
      case .integer(1) = nodes[0].value, case .float(-2500) = nodes[1].value,
      case .boolean(true) = nodes[2].value, case .null = nodes[3].value,
      case .string("é😀/\n") = nodes[4].value, case .table = table["b"]?.node.value
    else {
      Issue.record("the document is read wrongly")
      return
    }
  }

  @Test(arguments: [
    ("", "1:1", "a value is expected"), ("{", "1:2", "a key is expected"),
    ("{\"a\":1,}", "1:8", "a key is expected"), ("[1,]", "1:4", "a value is expected"),
    ("[1 2]", "1:4", "','"), ("{\"a\":1,\n\"a\":2}", "2:1", "a second time"),
    ("01", "1:2", "the end of the file"), ("\"\\x\"", "1:2", "escape"),
    ("\"a\nb\"", "1:3", "escape"),
    ("\"\\ud800\"", "1:2", "surrogates"), ("tru", "1:1", "a value"), ("1.", "1:3", "a digit"),
    ("\"a", "1:1", "no end"),
  ])
  func mistakesHaveAPlace(text: String, place: String, message: String) {
    let bytes = Array(text.utf8)
    do throws(StructuredTextError) {
      _ = try JSONParser.parse(bytes)
      Issue.record("accepted: \(text)")
    } catch {
      #expect("\(SourcePlace(of: error.offset, in: bytes))" == place)
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

  @Test func depthIsLimited() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: StructuredTextError.self) { try JSONParser.parse(Array(text.utf8)) }
  }
}
