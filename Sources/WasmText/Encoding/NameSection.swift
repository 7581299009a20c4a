// The name section, from identifiers and `@name` annotations.

/// The names of a module's parts. Spec: core 3.0 §7.4.1, and the extended name section proposal.
struct ModuleNames {
  /// The name of the thing with an index.
  struct Entry {
    var index: UInt32
    /// A number in the table of names.
    var name: UInt32
  }

  /// The name of something that belongs to the thing with index `owner`.
  struct InnerEntry {
    var owner: UInt32
    var entry: Entry
  }

  var module: UInt32?
  /// By index space; ascending.
  var entries: [[Entry]] = Array(repeating: [], count: IndexSpace.allCases.count)
  var locals: [InnerEntry] = []
  var labels: [InnerEntry] = []
  var fields: [InnerEntry] = []

  /// The section's content; empty where nothing has a name.
  func content(_ names: ByteTable) -> [UInt8] {
    var content: [UInt8] = []
    func add(_ id: UInt8, _ subsection: [UInt8]) {
      guard !subsection.isEmpty else { return }
      content.append(id)
      content.appendSized(subsection)
    }
    if let module {
      var name: [UInt8] = []
      name.appendSized(names[module])
      add(0, name)
    }
    add(1, map(.function, names))
    add(2, map(locals, names))
    add(3, map(labels, names))
    add(4, map(.type, names))
    add(5, map(.table, names))
    add(6, map(.memory, names))
    add(7, map(.global, names))
    add(8, map(.element, names))
    add(9, map(.data, names))
    add(10, map(fields, names))
    add(11, map(.tag, names))
    return content
  }

  private func map(_ space: IndexSpace, _ names: ByteTable) -> [UInt8] {
    let entries = entries[space.rawValue]
    return entries.isEmpty ? [] : map(entries[...], names)
  }

  private func map(_ entries: ArraySlice<Entry>, _ names: ByteTable) -> [UInt8] {
    var map: [UInt8] = []
    map.appendUnsigned(UInt(entries.count))
    for entry in entries {
      map.appendUnsigned(entry.index)
      map.appendSized(names[entry.name])
    }
    return map
  }

  private func map(_ entries: [InnerEntry], _ names: ByteTable) -> [UInt8] {
    var map: [UInt8] = []
    var ownerCount: UInt = 0
    var start = 0
    while start < entries.count {
      let owner = entries[start].owner
      let end = entries[start...].firstIndex { $0.owner != owner } ?? entries.count
      map.appendUnsigned(owner)
      map += self.map(ArraySlice(entries[start..<end].map(\.entry)), names)
      ownerCount += 1
      start = end
    }
    guard ownerCount > 0 else { return [] }
    var counted: [UInt8] = []
    counted.appendUnsigned(ownerCount)
    return counted + map
  }
}
