// Joins objects to position-independent text without a relocation left.

/// Where calls between objects go.
package enum CallLinkage: Sendable {
  /// Straight to the callee.
  case direct
  /// To a stub that jumps to the address in the callee's slot of a dispatch table: 8 bytes a
  /// defined function, the first at `tableOffset` from the text's start (a table that precedes the
  /// text has a negative one). Calls within an object stay direct.
  case dispatchSlots(tableOffset: Int)
}

/// Why objects cannot be linked.
package enum LinkingError: Error, Hashable, Sendable {
  case undefined(symbol: String)
  case definedTwice(symbol: String)
  /// The distance does not fit in the relocation's width.
  case outOfRange(symbol: String)
  /// A relocation does not lie in its section.
  case badRelocation(symbol: String)
}

/// Text and where things are in it.
package struct LinkedText: Sendable {
  package var bytes: [UInt8] = []
  /// By place among the defined functions; nil where no object defines it.
  package var functions: [FunctionRecord?] = []
  /// Text offset of every other symbol that objects share.
  package var symbols: [ImageSymbol: UInt32] = [:]
  package var pads: [PadRecord] = []
  package var positions: [PositionRecord] = []
  package var inlinings: [InliningRecord] = []
}

/// Lays out code first, each function 16-aligned with its table entry directly before it, then
/// call stubs, then read-only data, which so stays out of the instruction cache's way.
package struct ImageLinker {
  private static let functionAlignment = 16
  /// `int3`: what lies between functions stops whoever runs into it.
  private static let padding: UInt8 = 0xCC

  let objects: [LinkableObject]
  /// What a table entry does before it falls into the body.
  private let entryCode: [UInt8]
  var linked = LinkedText()
  /// Text offset of each section, by object.
  var places: [[Int]]
  /// Text offset of the stub of each function that is called through one.
  var stubs: [UInt32: Int] = [:]
  /// Text offset of each symbol that objects share.
  var shared: [ImageSymbol: Int] = [:]

  /// Links `objects`. `tableEntries` says for each defined function whether it needs a table entry,
  /// which is `entryCode`.
  package static func link(
    _ objects: [LinkableObject], _ linkage: CallLinkage, importedFunctionCount: Int,
    tableEntries: [Bool], entryCode: [UInt8]
  ) throws(LinkingError) -> LinkedText {
    var linker = ImageLinker(objects, entryCode, functionCount: tableEntries.count)
    let imported = UInt32(importedFunctionCount)
    linker.placeSections(isCode: true, imported, tableEntries)
    if case .dispatchSlots(let tableOffset) = linkage { linker.addStubs(tableOffset, imported) }
    linker.placeSections(isCode: false, imported, tableEntries)
    try linker.collectSymbols(imported, tableEntries)
    for index in objects.indices { try linker.relocate(index) }
    linker.collectPads()
    linker.collectPositions()
    return linker.linked
  }

  private init(_ objects: [LinkableObject], _ entryCode: [UInt8], functionCount: Int) {
    self.objects = objects
    self.entryCode = entryCode
    places = objects.map { Array(repeating: 0, count: $0.sections.count) }
    linked.functions = Array(repeating: nil, count: functionCount)
    let byteCount = objects.reduce(0) { sum, object in
      sum + object.sections.reduce(0) { $0 + $1.bytes.count + Self.functionAlignment }
    }
    linked.bytes.reserveCapacity(byteCount)
  }

  // MARK: Layout.

  private mutating func placeSections(isCode: Bool, _ imported: UInt32, _ tableEntries: [Bool]) {
    for (index, object) in objects.enumerated() {
      let entries =
        isCode ? Self.sectionsWithTableEntry(object, imported, tableEntries) : Set<Int>()
      for (place, section) in object.sections.enumerated() where section.isCode == isCode {
        let hasEntry = entries.contains(place)
        let alignment = max(section.alignment, isCode ? Self.functionAlignment : 1)
        align(to: alignment, after: hasEntry ? entryCode.count : 0)
        if hasEntry { linked.bytes += entryCode }
        places[index][place] = linked.bytes.count
        linked.bytes += section.bytes
      }
    }
  }

  /// Pads so that `byteCount` more bytes end at a multiple of `alignment`.
  private mutating func align(to alignment: Int, after byteCount: Int) {
    let excess = (linked.bytes.count + byteCount) & (alignment - 1)
    if excess != 0 { linked.bytes += repeatElement(Self.padding, count: alignment - excess) }
  }

  /// The sections that begin with a function that needs a table entry.
  private static func sectionsWithTableEntry(
    _ object: LinkableObject, _ imported: UInt32, _ tableEntries: [Bool]
  ) -> Set<Int> {
    var sections: Set<Int> = []
    for symbol in object.symbols {
      guard case .function(let index) = symbol.name, let definition = symbol.definition,
        definition.offset == 0, index >= imported, tableEntries[Int(index - imported)]
      else { continue }
      sections.insert(definition.section)
    }
    return sections
  }

  /// A stub for every function that an object calls and does not define: `jmp [rip + slot]`.
  private mutating func addStubs(_ tableOffset: Int, _ imported: UInt32) {
    for symbol in objects.lazy.flatMap(\.symbols) where symbol.definition == nil {
      guard case .function(let index) = symbol.name, stubs[index] == nil else { continue }
      align(to: 8, after: 0)
      let slot = tableOffset + Int(index - imported) * 8
      stubs[index] = linked.bytes.count
      linked.bytes += [0xFF, 0x25]
      let distance = Int32(slot - (linked.bytes.count + 4))
      withUnsafeBytes(of: distance.littleEndian) { linked.bytes += $0 }
    }
  }

  /// The pads of all objects by their place in the text.
  private mutating func collectPads() {
    for (index, object) in objects.enumerated() {
      for pad in object.pads {
        let start = places[index][pad.section]
        linked.pads.append(
          PadRecord(
            start: UInt32(start + pad.start), end: UInt32(start + pad.end),
            pad: UInt32(start + pad.pad)))
      }
    }
    linked.pads.sort { $0.start < $1.start }
  }

  /// The positions of all objects by their place in the text, and the inlinings of all.
  private mutating func collectPositions() {
    for (index, object) in objects.enumerated() {
      let first = UInt32(linked.inlinings.count)
      for position in object.positions {
        linked.positions.append(
          PositionRecord(
            codeOffset: UInt32(places[index][position.section] + position.offset),
            wasmOffset: position.wasmOffset,
            inlining: position.inlining == 0 ? 0 : first + position.inlining))
      }
      for inlining in object.inlinings {
        linked.inlinings.append(
          InliningRecord(
            call: inlining.call, outer: inlining.outer == 0 ? 0 : first + inlining.outer))
      }
    }
    linked.positions.sort { $0.codeOffset < $1.codeOffset }
  }

  // MARK: Symbols.

  private mutating func collectSymbols(
    _ imported: UInt32, _ tableEntries: [Bool]
  ) throws(LinkingError) {
    for (index, object) in objects.enumerated() {
      for symbol in object.symbols {
        guard let definition = symbol.definition, definition.isGlobal else { continue }
        let offset = places[index][definition.section] + definition.offset
        guard shared.updateValue(offset, forKey: symbol.name) == nil else {
          throw .definedTwice(symbol: symbol.name.name)
        }
        guard case .function(let function) = symbol.name, function >= imported else {
          linked.symbols[symbol.name] = UInt32(offset)
          continue
        }
        let place = Int(function - imported)
        let entry = tableEntries[place] ? offset - entryCode.count : offset
        linked.functions[place] = FunctionRecord(
          body: UInt32(offset), tableEntry: UInt32(entry),
          byteCount: UInt32(definition.byteCount))
      }
    }
  }
}
