// Reads which code is of which instruction out of the lines that LLVM has made of `PositionNotes`.

internal import CompilerInterface
internal import DWARF

extension ELFObject {
  private static let lineSection = ".debug_line"
  private static let absolute64: UInt32 = 1

  /// Fills in `object.positions` and `object.inlinings`.
  mutating func readPositions(_ inlinings: [UInt32: [InliningRecord]]) throws(CompilationError) {
    for (index, header) in headers.enumerated()
    where try text(header.name, in: headers[sectionNames]) == Self.lineSection {
      let lines = try relocatedLines(index)
      lines.withUnsafeBytes { bytes in
        var sections = DebugSections()
        sections.lines = bytes
        addPositions(LineTable(sections) { _ in true }, addInlinings(inlinings))
      }
    }
  }

  /// The bytes of section `index`, where an address is the number of a section of `object` in the
  /// upper half, and the offset in it in the lower.
  private func relocatedLines(_ index: Int) throws(CompilationError) -> [UInt8] {
    var lines = try content(of: headers[index])
    for header in headers where header.type == SectionType.relocationsWithAddend {
      guard header.info == index else { continue }
      for start in stride(from: header.offset, to: header.offset + header.byteCount, by: 24) {
        let place = Int(try value(start, UInt64.self))
        let info = try value(start + 8, UInt64.self)
        guard UInt32(truncatingIfNeeded: info) == Self.absolute64 else { continue }
        let symbol = try symbolPlace(Int(info >> 32), header)
        guard symbol.section < sections.count, let section = sections[symbol.section],
          place >= 0, place + 8 <= lines.count
        else { throw .failed("unknown form of lines") }
        let offset = symbol.offset + Int(try value(start + 16, Int64.self))
        let address = UInt64(section) << 32 | UInt64(UInt32(truncatingIfNeeded: offset))
        lines.withUnsafeMutableBytes {
          $0.storeBytes(of: address.littleEndian, toByteOffset: place, as: UInt64.self)
        }
      }
    }
    return lines
  }

  /// Appends the inlinings of all functions; by section, where those of its function begin.
  private mutating func addInlinings(_ inlinings: [UInt32: [InliningRecord]]) -> [Int: UInt32] {
    var starts: [Int: UInt32] = [:]
    for symbol in object.symbols {
      guard case .function(let index) = symbol.name, let definition = symbol.definition,
        let own = inlinings[index]
      else { continue }
      let first = UInt32(object.inlinings.count)
      starts[definition.section] = first
      object.inlinings += own.map {
        InliningRecord(call: $0.call, outer: $0.outer == 0 ? 0 : first + $0.outer)
      }
    }
    return starts
  }

  private mutating func addPositions(_ table: LineTable, _ inlinings: [Int: UInt32]) {
    for sequence in table.sequences {
      let section = Int(sequence.addresses.lowerBound >> 32)
      for row in table.rows[sequence.rows] {
        let offset = Int(UInt32(truncatingIfNeeded: row.address))
        guard Int(row.address >> 32) == section, offset < object.sections[section].bytes.count
        else { continue }
        let inlining = row.column == 0 ? 0 : inlinings[section].map { $0 + row.column }
        object.positions.append(
          .init(
            section: section, offset: offset, wasmOffset: row.line, inlining: inlining ?? 0))
      }
    }
  }
}
