// What identifiers of a module stand for.

/// The kinds of things that have indices of their own. Spec: core 3.0 §2.5.1.
enum IndexSpace: Int, CaseIterable {
  case type, function, table, memory, global, tag, element, data

  /// The kind in a message.
  var noun: String {
    switch self {
    case .type: "type"
    case .function: "function"
    case .table: "table"
    case .memory: "memory"
    case .global: "global"
    case .tag: "tag"
    case .element: "element segment"
    case .data: "data segment"
    }
  }
}

/// The indices that identifiers of one kind stand for.
struct IdentifierMap {
  /// By identifier; `Token.unknown` for one that stands for nothing. Empty before the first one.
  private var indices: [UInt32] = []

  subscript(identifier: UInt32) -> UInt32? {
    guard Int(identifier) < indices.count else { return nil }
    let index = indices[Int(identifier)]
    return index == Token.unknown ? nil : index
  }

  /// Lets `identifier`, one of `count`, stand for `index`; false if it stands for something.
  mutating func define(_ identifier: UInt32, _ index: UInt32, of count: Int) -> Bool {
    if indices.isEmpty { indices = Array(repeating: Token.unknown, count: count) }
    guard indices[Int(identifier)] == Token.unknown else { return false }
    indices[Int(identifier)] = index
    return true
  }
}
