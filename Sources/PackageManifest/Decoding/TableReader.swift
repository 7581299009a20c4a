// Reading a table key by key: types are checked, and what nobody asked for is told.

import StructuredText

/// A table that is being understood. Wrong types become problems; ask for all keys, then `finish`.
struct TableReader {
  let table: Table
  /// The table in words, such as `[package]`.
  let name: String
  /// Where the table begins, for what is missing in it.
  let offset: Int
  let problems: ProblemList
  private var knownKeys: [String] = []

  init(_ table: Table, _ name: String, at offset: Int, _ problems: ProblemList) {
    self.table = table
    self.name = name
    self.offset = offset
    self.problems = problems
  }

  private mutating func entry(_ key: String) -> Table.Entry? {
    knownKeys.append(key)
    return table[key]
  }

  /// What `convert` makes of the key's value; nil, and a problem, where it makes nothing of it.
  mutating func value<Value>(
    _ key: String, _ expectation: String, _ convert: (Node.Value) -> Value?
  ) -> Located<Value>? {
    guard let entry = entry(key) else { return nil }
    guard let value = convert(entry.node.value) else {
      problems.error(
        "'\(key)' must be \(expectation), not \(entry.node.value.kind)", at: entry.node.offset)
      return nil
    }
    return Located(value, at: problems.place(entry.node.offset))
  }

  mutating func string(_ key: String) -> Located<String>? {
    value(key, "a string") { if case .string(let text) = $0 { text } else { nil } }
  }

  mutating func boolean(_ key: String) -> Located<Bool>? {
    value(key, "true or false") { if case .boolean(let value) = $0 { value } else { nil } }
  }

  mutating func integer(_ key: String) -> Located<Int64>? {
    value(key, "an integer") { if case .integer(let value) = $0 { value } else { nil } }
  }

  /// A string that may be neither missing nor empty.
  mutating func requiredString(_ key: String) -> Located<String>? {
    guard table[key] != nil else {
      knownKeys.append(key)
      problems.error("\(name) needs '\(key)'", at: offset)
      return nil
    }
    guard let text = string(key) else { return nil }
    guard !text.value.isEmpty else {
      problems.error("'\(key)' is empty", at: text.place)
      return nil
    }
    return text
  }

  /// One of `words`.
  mutating func word(_ key: String, _ words: [String], what: String) -> Located<String>? {
    guard let text = string(key) else { return nil }
    guard words.contains(text.value) else {
      problems.error(
        "unknown \(what) '\(text.value)'", at: text.place,
        hint: suggestion(text.value, words) ?? "known are \(words.joined(separator: ", "))")
      return nil
    }
    return text
  }

  /// An array's strings, each with its place.
  mutating func strings(_ key: String) -> [Located<String>] {
    guard let entry = entry(key) else { return [] }
    guard case .array(let nodes) = entry.node.value else {
      problems.error(
        "'\(key)' must be an array of strings, not \(entry.node.value.kind)",
        at: entry.node.offset)
      return []
    }
    return nodes.compactMap { node in
      guard case .string(let text) = node.value else {
        problems.error("'\(key)' holds strings, not \(node.value.kind)", at: node.offset)
        return nil
      }
      return Located(text, at: problems.place(node.offset))
    }
  }

  /// The table below `key`, ready to be read; `name` is that of it, in words.
  mutating func table(_ key: String, _ name: String) -> TableReader? {
    guard let entry = entry(key) else { return nil }
    guard case .table(let table) = entry.node.value else {
      problems.error(
        "'\(key)' must be a table, not \(entry.node.value.kind)", at: entry.node.offset)
      return nil
    }
    return TableReader(table, name, at: entry.keyOffset, problems)
  }

  /// The elements of an array of tables.
  mutating func tables(_ key: String) -> [TableReader] {
    guard let entry = entry(key) else { return [] }
    guard case .array(let nodes) = entry.node.value else {
      problems.error(
        "'\(key)' must be an array of tables, not \(entry.node.value.kind)",
        at: entry.node.offset, hint: "its headers are written [[\(key)]]")
      return []
    }
    return nodes.compactMap { node in
      guard case .table(let table) = node.value else {
        problems.error("'\(key)' holds tables, not \(node.value.kind)", at: node.offset)
        return nil
      }
      return TableReader(table, "[[\(key)]]", at: node.offset, problems)
    }
  }

  /// Says that a key has no effect here.
  mutating func ignore(_ key: String, because why: String? = nil) {
    guard let entry = entry(key), let why else { return }
    problems.warn("'\(key)' \(why)", at: entry.keyOffset)
  }

  /// Warns of the keys that nobody has asked for.
  func finish() {
    for entry in table.entries where !knownKeys.contains(entry.key) {
      problems.warn(
        "unknown key '\(entry.key)' in \(name)", at: entry.keyOffset,
        hint: suggestion(entry.key, knownKeys))
    }
  }
}

/// A hint that names the one of `words` that was probably meant; nil where none is near.
func suggestion(_ word: String, _ words: some Sequence<String>) -> String? {
  nearestWord(to: word, among: words).map { "did you mean '\($0)'?" }
}
