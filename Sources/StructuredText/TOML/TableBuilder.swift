// Tables that are still being written, and TOML's rules about writing one in several places.

/// A table under construction. Spec: TOML 1.0.0, "Table" and "Array of Tables".
final class TableBuilder {
  /// How a table came to be, which decides what may be added to it later.
  enum Origin {
    /// Named on the way to another one, as `a` in `[a.b]`; may still get a header of its own.
    case implicit
    /// It has its header; others may be put into it.
    case header
    /// Made by a dotted key: no header may name it, but dotted keys may go on with it.
    case dotted
  }

  enum Item {
    case node(Node)
    case table(TableBuilder)
    /// An array of tables, each with a header `[[…]]`. Never empty.
    case tables([TableBuilder], offset: Int)
  }

  private struct Entry {
    let key: String
    let keyOffset: Int
    var item: Item
  }

  let offset: Int
  var origin: Origin
  private var entries: [Entry] = []
  private var places: [String: Int] = [:]

  init(_ origin: Origin, at offset: Int) {
    self.origin = origin
    self.offset = offset
  }

  subscript(_ key: TOMLKey) -> Item? { places[key.text].map { entries[$0].item } }

  /// Puts in `item`, or puts it in the place of what the key has.
  func set(_ key: TOMLKey, _ item: Item) {
    if let place = places[key.text] {
      entries[place].item = item
    } else {
      places[key.text] = entries.count
      entries.append(Entry(key: key.text, keyOffset: key.offset, item: item))
    }
  }

  /// The finished table.
  var table: Table {
    Table(
      entries.map {
        Table.Entry(key: $0.key, keyOffset: $0.keyOffset, node: Self.node($0.item))
      })
  }

  private static func node(_ item: Item) -> Node {
    switch item {
    case .node(let node): node
    case .table(let builder): Node(.table(builder.table), at: builder.offset)
    case .tables(let builders, let offset):
      Node(.array(builders.map { Node(.table($0.table), at: $0.offset) }), at: offset)
    }
  }

  // MARK: Headers.

  /// The table that `keys`, all of a header but its last one, lead to.
  func parent(_ keys: some Sequence<TOMLKey>) throws(StructuredTextError) -> TableBuilder {
    var table = self
    for key in keys {
      switch table[key] {
      case nil:
        let child = TableBuilder(.implicit, at: key.offset)
        table.set(key, .table(child))
        table = child
      case .table(let child): table = child
      case .tables(let children, _): table = children[children.count - 1]
      case .node(let node): throw key.isTaken("it is \(node.value.kind), and nothing can be added")
      }
    }
    return table
  }

  /// The table of the header `[… key]`.
  func beginTable(_ key: TOMLKey) throws(StructuredTextError) -> TableBuilder {
    switch self[key] {
    case nil:
      let child = TableBuilder(.header, at: key.offset)
      set(key, .table(child))
      return child
    case .table(let child):
      guard child.origin == .implicit else { throw key.isTaken("the table is defined already") }
      child.origin = .header
      return child
    case .tables: throw key.isTaken("it is an array of tables, whose headers have '[['")
    case .node(let node): throw key.isTaken("it is \(node.value.kind) already")
    }
  }

  /// The new table of the header `[[… key]]`.
  func beginElement(_ key: TOMLKey) throws(StructuredTextError) -> TableBuilder {
    let child = TableBuilder(.header, at: key.offset)
    switch self[key] {
    case nil: set(key, .tables([child], offset: key.offset))
    case .tables(let children, let offset): set(key, .tables(children + [child], offset: offset))
    case .table: throw key.isTaken("it is a table already, and no array of tables")
    case .node(let node): throw key.isTaken("it is \(node.value.kind) already")
    }
    return child
  }

  // MARK: Keys with values.

  /// The table that the last one of `keys` belongs into.
  func owner(_ keys: some Sequence<TOMLKey>) throws(StructuredTextError) -> TableBuilder {
    var table = self
    for key in keys {
      switch table[key] {
      case nil:
        let child = TableBuilder(.dotted, at: key.offset)
        table.set(key, .table(child))
        table = child
      case .table(let child):
        guard child.origin != .header else {
          throw key.isTaken("the table has its own header, and nothing can be added elsewhere")
        }
        child.origin = .dotted
        table = child
      case .tables: throw key.isTaken("it is an array of tables")
      case .node(let node): throw key.isTaken("it is \(node.value.kind), and nothing can be added")
      }
    }
    return table
  }

  func add(_ key: TOMLKey, _ node: Node) throws(StructuredTextError) {
    guard self[key] == nil else {
      throw StructuredTextError("the key '\(key.text)' stands here a second time", at: key.offset)
    }
    set(key, .node(node))
  }
}

/// A key, or a part of a dotted one.
struct TOMLKey {
  let text: String
  let offset: Int

  func isTaken(_ why: String) -> StructuredTextError {
    StructuredTextError("the key '\(text)' cannot stand here: \(why)", at: offset)
  }
}
