// Objects as bytes, so that unfinished work can be kept.
//
// Counts, places and offsets are u32, addends i64, all little-endian; a text is its byte count and
// its UTF-8. In this order: sections (bytes, alignment, whether code, relocations), symbols, pads,
// positions, inlinings.

extension LinkableObject {
  /// A larger alignment than a page's is none that code could rely on.
  private static let maximumAlignment = 4_096
  /// Beyond it distances would not fit anyway, and sums might not.
  private static let maximumAddend: Int64 = 1 << 40

  /// The object as bytes.
  package func coded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(number: sections.count)
    for section in sections {
      bytes.append(number: section.bytes.count)
      bytes += section.bytes
      bytes.append(number: section.alignment)
      bytes.append(number: section.isCode ? 1 : 0)
      bytes.append(number: section.relocations.count)
      for relocation in section.relocations {
        bytes.append(number: relocation.offset)
        bytes.append(number: relocation.width == .bits64 ? 8 : 4)
        bytes.append(number: relocation.symbol)
        bytes.append(Int64(relocation.addend))
      }
    }
    bytes.append(number: symbols.count)
    for symbol in symbols {
      let name = Array(symbol.name.name.utf8)
      bytes.append(number: name.count)
      bytes += name
      bytes.append(number: symbol.definition == nil ? 0 : 1)
      guard let definition = symbol.definition else { continue }
      bytes.append(number: definition.section)
      bytes.append(number: definition.offset)
      bytes.append(number: definition.byteCount)
      bytes.append(number: definition.isGlobal ? 1 : 0)
    }
    bytes.append(number: pads.count)
    for pad in pads {
      for number in [pad.section, pad.start, pad.end, pad.pad] { bytes.append(number: number) }
    }
    bytes.append(number: positions.count)
    for position in positions {
      bytes.append(number: position.section)
      bytes.append(number: position.offset)
      bytes.append(position.wasmOffset)
      bytes.append(position.inlining)
    }
    bytes.append(number: inlinings.count)
    for inlining in inlinings {
      bytes.append(inlining.call)
      bytes.append(inlining.outer)
    }
    return bytes
  }

  /// The object that `bytes` are; nil unless they are one whose places all exist.
  package init?(coded bytes: UnsafeRawBufferPointer) {
    self.init()
    var reader = CodedReader(bytes)
    do throws(Damaged) {
      for _ in 0..<(try reader.number()) { sections.append(try Self.section(&reader)) }
      for _ in 0..<(try reader.number()) { symbols.append(try Self.symbol(&reader)) }
      for _ in 0..<(try reader.number()) {
        pads.append(
          Pad(
            section: try reader.number(), start: try reader.number(), end: try reader.number(),
            pad: try reader.number()))
      }
      for _ in 0..<(try reader.number()) {
        positions.append(
          Position(
            section: try reader.number(), offset: try reader.number(),
            wasmOffset: try reader.value(), inlining: try reader.value()))
      }
      for _ in 0..<(try reader.number()) {
        inlinings.append(
          InliningRecord(call: try reader.value(), outer: try reader.value()))
      }
    } catch {
      return nil
    }
    guard reader.isAtEnd, isSound else { return nil }
  }

  private static func section(_ reader: inout CodedReader) throws(Damaged) -> Section {
    let content = try reader.bytes()
    var section = Section(
      bytes: content, alignment: try reader.number(), isCode: try reader.number() != 0)
    for _ in 0..<(try reader.number()) {
      let offset = try reader.number()
      let width: Relocation.Width
      switch try reader.number() {
      case 4: width = .bits32
      case 8: width = .bits64
      default: throw Damaged()
      }
      let symbol = try reader.number()
      let addend: Int64 = try reader.value()
      guard addend.magnitude <= maximumAddend.magnitude else { throw Damaged() }
      section.relocations.append(
        Relocation(offset: offset, width: width, symbol: symbol, addend: Int(addend)))
    }
    return section
  }

  private static func symbol(_ reader: inout CodedReader) throws(Damaged) -> Symbol {
    let name = ImageSymbol(name: String(decoding: try reader.bytes(), as: UTF8.self))
    guard try reader.number() != 0 else { return Symbol(name: name, definition: nil) }
    return Symbol(
      name: name,
      definition: Definition(
        section: try reader.number(), offset: try reader.number(), byteCount: try reader.number(),
        isGlobal: try reader.number() != 0))
  }

  /// Whether everything that is referred to is there.
  private var isSound: Bool {
    let hasSoundSections = sections.allSatisfy { section in
      section.alignment > 0 && section.alignment & (section.alignment - 1) == 0
        && section.alignment <= Self.maximumAlignment
        && section.relocations.allSatisfy { relocation in
          relocation.symbol < symbols.count
            && relocation.offset + (relocation.width == .bits32 ? 4 : 8) <= section.bytes.count
        }
    }
    let hasSoundSymbols = symbols.allSatisfy { symbol in
      guard let definition = symbol.definition else { return true }
      return definition.section < sections.count
        && definition.offset + definition.byteCount <= sections[definition.section].bytes.count
    }
    let hasSoundPads = pads.allSatisfy { pad in
      guard pad.section < sections.count, pad.start < pad.end else { return false }
      let byteCount = sections[pad.section].bytes.count
      return pad.end <= byteCount && pad.pad < byteCount
    }
    let hasSoundPositions = positions.allSatisfy { position in
      position.section < sections.count && position.offset < sections[position.section].bytes.count
        && Int(position.inlining) <= inlinings.count
    }
    let hasSoundInlinings = inlinings.enumerated().allSatisfy { $1.outer <= $0 }
    return hasSoundSections && hasSoundSymbols && hasSoundPads && hasSoundPositions
      && hasSoundInlinings
  }
}

/// The bytes are no object.
private struct Damaged: Error {}

private struct CodedReader {
  private let input: UnsafeRawBufferPointer
  private var offset = 0

  init(_ input: UnsafeRawBufferPointer) { self.input = input }

  var isAtEnd: Bool { offset == input.count }

  mutating func value<Value: FixedWidthInteger & BitwiseCopyable>() throws(Damaged) -> Value {
    guard input.count - offset >= MemoryLayout<Value>.size else { throw Damaged() }
    defer { offset += MemoryLayout<Value>.size }
    return Value(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  mutating func number() throws(Damaged) -> Int { Int(try value() as UInt32) }

  mutating func bytes() throws(Damaged) -> [UInt8] {
    let count = try number()
    guard count <= input.count - offset else { throw Damaged() }
    defer { offset += count }
    return Array(input[offset..<offset + count])
  }
}

extension [UInt8] {
  /// Adds a number of any width, little-endian.
  package mutating func append(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Adds what is stored in 32 bits.
  fileprivate mutating func append(number: Int) { append(UInt32(number)) }
}
