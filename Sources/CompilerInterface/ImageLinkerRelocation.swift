// Writes the distances between code and what it refers to.

extension ImageLinker {
  /// Resolves all relocations of object `index`.
  mutating func relocate(_ index: Int) throws(LinkingError) {
    let object = objects[index]
    for (place, section) in object.sections.enumerated() {
      for relocation in section.relocations {
        let symbol = object.symbols[relocation.symbol]
        let target = try target(of: symbol, object: index)
        let byteCount = relocation.width == .bits32 ? 4 : 8
        guard relocation.offset >= 0, relocation.offset + byteCount <= section.bytes.count else {
          throw .badRelocation(symbol: symbol.name.name)
        }
        let offset = places[index][place] + relocation.offset
        try write(target + relocation.addend - offset, relocation.width, at: offset, symbol.name)
      }
    }
  }

  /// The text offset that `symbol` stands for in object `index`.
  private func target(
    of symbol: LinkableObject.Symbol, object index: Int
  ) throws(LinkingError) -> Int {
    if let definition = symbol.definition {
      return places[index][definition.section] + definition.offset
    }
    if case .function(let function) = symbol.name, let stub = stubs[function] { return stub }
    guard let offset = shared[symbol.name] else { throw .undefined(symbol: symbol.name.name) }
    return offset
  }

  private mutating func write(
    _ distance: Int, _ width: LinkableObject.Relocation.Width, at offset: Int,
    _ symbol: ImageSymbol
  ) throws(LinkingError) {
    switch width {
    case .bits32:
      guard let short = Int32(exactly: distance) else { throw .outOfRange(symbol: symbol.name) }
      linked.bytes.withUnsafeMutableBytes {
        $0.storeBytes(of: short.littleEndian, toByteOffset: offset, as: Int32.self)
      }
    case .bits64:
      linked.bytes.withUnsafeMutableBytes {
        $0.storeBytes(of: Int64(distance).littleEndian, toByteOffset: offset, as: Int64.self)
      }
    }
  }
}
