// What TOML and JSON documents have in common: values in a tree, each with its place.

/// A value and where it stands.
package struct Node: Sendable {
  /// The byte that the value begins at.
  package let offset: Int
  package let value: Value

  package enum Value: Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// A date, a time or both, as written; TOML only.
    case dateTime(String)
    /// JSON only.
    case null
    case array([Node])
    case table(Table)
  }

  package init(_ value: Value, at offset: Int) {
    self.offset = offset
    self.value = value
  }
}

/// Keys with values, in the order in which they are written. Each key stands once.
package struct Table: Sendable {
  package struct Entry: Sendable {
    package let key: String
    /// The byte that the key begins at.
    package let keyOffset: Int
    package let node: Node
  }

  package let entries: [Entry]

  package init(_ entries: [Entry] = []) { self.entries = entries }

  /// The entry of `key`. Looks at all of them: tables of people are short.
  package subscript(_ key: String) -> Entry? { entries.first { $0.key == key } }
}

/// A place as editors count it.
package struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  package let line: Int
  /// From 1, in Unicode scalars.
  package let column: Int

  /// The place of byte `offset`, which may be the end of `bytes`.
  package init(of offset: Int, in bytes: [UInt8]) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
  }

  package var description: String { "\(line):\(column)" }
}

/// What is wrong with a document, and where.
package struct StructuredTextError: Error, Hashable, Sendable {
  package let offset: Int
  package let message: String

  init(_ message: String, at offset: Int) {
    self.offset = offset
    self.message = message
  }
}

extension Node.Value {
  /// The kind in words, such as `a string`.
  package var kind: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .float: "a float"
    case .boolean: "a boolean"
    case .dateTime: "a date or time"
    case .null: "null"
    case .array: "an array"
    case .table: "a table"
    }
  }
}
