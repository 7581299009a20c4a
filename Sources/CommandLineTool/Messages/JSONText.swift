// Writing JSON.

/// Pieces of JSON text.
enum JSONText {
  /// A string in quotes.
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A string in quotes, or `null`.
  static func string(_ text: String?) -> String { text.map { string($0) } ?? "null" }

  /// An array of values that are JSON already.
  static func array(_ values: some Sequence<String>) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  /// An object; the values are JSON already.
  static func object(_ members: some Sequence<(String, String)>) -> String {
    "{" + members.map { string($0) + ":" + $1 }.joined(separator: ",") + "}"
  }

  /// The same, in a literal's order.
  static func object(_ members: KeyValuePairs<String, String>) -> String {
    object(members.map { ($0.key, $0.value) })
  }
}
