// Names out of the name section, for messages and backtraces.

/// Names by function index, or by tag index. Reads nothing until a name is asked for but the names' places.
package struct FunctionNames {
  private struct Entry {
    var index: UInt32
    /// Where the name's UTF-8 lies in the module.
    var start: UInt32
    var count: UInt32
  }

  /// The module's bytes; the caller keeps them alive.
  private let bytes: UnsafeRawBufferPointer
  /// Ascending by index.
  private var entries: [Entry] = []

  /// The name of function (or tag) `index`; nil if it has none or an empty one. Wrong UTF-8 is repaired.
  ///
  /// Whoever made the module chose the name: print `printableName(of:)` instead.
  package func name(of index: UInt32) -> String? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].index < index { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].index == index, entries[low].count > 0 else {
      return nil
    }
    let start = Int(entries[low].start)
    return String(decoding: bytes[start..<start + Int(entries[low].count)], as: UTF8.self)
  }

  /// The name of function `index` with control characters as escapes.
  package func printableName(of index: UInt32) -> String? { name(of: index).map(printable) }
}

extension Module {
  /// The functions' names. A name section that is malformed is ignored, as the specification
  /// demands: names never make a module invalid. Spec: core 3.0 §7.4.1.
  package func functionNames(bytes: UnsafeRawBufferPointer) -> FunctionNames {
    names(.functions, bytes)
  }

  /// The tags' names, likewise.
  package func tagNames(bytes: UnsafeRawBufferPointer) -> FunctionNames { names(.tags, bytes) }

  private func names(
    _ subsection: FunctionNames.Subsection, _ bytes: UnsafeRawBufferPointer
  ) -> FunctionNames {
    let section = customSections.first { $0.name == "name" }
    guard let section else { return FunctionNames(bytes: bytes) }
    return (try? FunctionNames(section, subsection, bytes: bytes)) ?? FunctionNames(bytes: bytes)
  }
}

extension FunctionNames {
  /// Spec: core 3.0 §7.4.1.
  fileprivate enum Subsection: UInt8 {
    case functions = 1
    case tags = 11
  }

  fileprivate init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  fileprivate init(
    _ section: CustomSection, _ subsection: Subsection, bytes: UnsafeRawBufferPointer
  ) throws(ModuleError) {
    self.bytes = bytes
    var input = ByteReader(bytes: bytes, range: section.bytes)
    while !input.isAtEnd {
      let id = try input.readByte()
      let content = try input.skip(try input.readUnsigned32())
      guard id == subsection.rawValue else { continue }
      try readEntries(ByteReader(bytes: bytes, range: content))
      return
    }
  }

  /// Spec: core 3.0 §7.4.2 (name maps).
  private mutating func readEntries(_ content: ByteReader) throws(ModuleError) {
    var input = content
    let count = try input.readCount(limit: ImplementationLimits.functions, "function names")
    entries.reserveCapacity(count)
    var isAscending = true
    for _ in 0..<count {
      let index = try input.readUnsigned32()
      let range = try input.skip(try input.readUnsigned32())
      if let last = entries.last, index <= last.index { isAscending = false }
      entries.append(
        Entry(index: index, start: UInt32(range.lowerBound), count: UInt32(range.count)))
    }
    // The order is prescribed, but a tool that breaks it deserves its names too.
    if !isAscending { entries.sort { ($0.index, $0.start) < ($1.index, $1.start) } }
  }
}
