// Reads LLVM's relocatable ELF objects into what the linker takes.
//
// Source: System V ABI, chapter 4 (object files), and the x86-64 psABI §4.4 (relocations).

internal import CompilerInterface

/// Reads an ELF object in memory. Only what a relocation-free image can hold is accepted: anything
/// else (writable data, absolute addresses, a GOT) is an error that says so.
struct ELFObject {
  enum SectionType {
    static let symbolTable: UInt32 = 2
    static let relocationsWithAddend: UInt32 = 4
    static let noBits: UInt32 = 8
  }

  private enum SectionFlag {
    static let write: UInt64 = 1
    static let allocate: UInt64 = 2
    static let execute: UInt64 = 4
  }

  private enum RelocationType {
    static let pc32: UInt32 = 2
    static let plt32: UInt32 = 4
    static let pc64: UInt32 = 24
  }

  struct SectionHeader {
    let name: Int
    let type: UInt32
    let flags: UInt64
    let offset: Int
    let byteCount: Int
    let link: Int
    let info: Int
    let alignment: Int
  }

  /// Sections that are for unwinders, or only there for the sake of those.
  static let frameSection = ".eh_frame"
  private static let unwindingSections = [frameSection, ".gcc_except_table", ".data.DW.ref."]

  private let bytes: UnsafeRawBufferPointer
  private(set) var headers: [SectionHeader] = []
  private(set) var sectionNames = 0
  /// Our section of each ELF section; nil where it is not part of the image.
  private(set) var sections: [Int?] = []
  var object = LinkableObject()

  /// The object's content; `bytes` is the whole file, `inlinings` are those of its functions.
  static func read(
    _ bytes: UnsafeRawBufferPointer, inlinings: [UInt32: [InliningRecord]]
  ) throws(CompilationError) -> LinkableObject {
    var reader = ELFObject(bytes)
    try reader.readHeaders()
    try reader.readSections()
    try reader.readSymbols()
    try reader.readRelocations()
    try reader.readPads()
    try reader.readPositions(inlinings)
    return reader.object
  }

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  // MARK: Sections.

  private mutating func readHeaders() throws(CompilationError) {
    let (magic, fileClass) = (try value(0, UInt32.self), try value(4, UInt8.self))
    let machine = try value(18, UInt16.self)
    guard magic == 0x464C_457F, fileClass == 2, machine == 62 else {
      throw .failed("not an x86-64 object")
    }
    let start = Int(try value(0x28, UInt64.self))
    let count = Int(try value(0x3C, UInt16.self))
    let byteCount = Int(try value(0x3A, UInt16.self))
    sectionNames = Int(try value(0x3E, UInt16.self))
    for index in 0..<count { headers.append(try readHeader(at: start + index * byteCount)) }
    guard sectionNames < headers.count else { throw .failed("object without section names") }
  }

  private func readHeader(at offset: Int) throws(CompilationError) -> SectionHeader {
    let header = SectionHeader(
      name: Int(try value(offset, UInt32.self)), type: try value(offset + 4, UInt32.self),
      flags: try value(offset + 8, UInt64.self), offset: Int(try value(offset + 24, UInt64.self)),
      byteCount: Int(try value(offset + 32, UInt64.self)),
      link: Int(try value(offset + 40, UInt32.self)),
      info: Int(try value(offset + 44, UInt32.self)),
      alignment: max(1, Int(try value(offset + 48, UInt64.self))))
    guard
      header.type == SectionType.noBits || header.offset + header.byteCount <= bytes.count
    else { throw .failed("object is truncated") }
    return header
  }

  private mutating func readSections() throws(CompilationError) {
    for header in headers {
      guard header.flags & SectionFlag.allocate != 0, header.byteCount > 0 else {
        sections.append(nil)
        continue
      }
      let name = try text(header.name, in: headers[sectionNames])
      if Self.unwindingSections.contains(where: name.hasPrefix) {
        sections.append(nil)
        continue
      }
      guard header.flags & SectionFlag.write == 0, header.type != SectionType.noBits else {
        throw .failed("object with writable section \(name)")
      }
      sections.append(object.sections.count)
      object.sections.append(
        .init(
          bytes: [UInt8](bytes[header.offset..<header.offset + header.byteCount]),
          alignment: header.alignment, isCode: header.flags & SectionFlag.execute != 0))
    }
  }

  // MARK: Symbols and relocations.

  private mutating func readSymbols() throws(CompilationError) {
    guard let table = headers.first(where: { $0.type == SectionType.symbolTable }) else { return }
    guard table.link < headers.count else { throw .failed("object without symbol names") }
    let names = headers[table.link]
    for start in stride(from: table.offset, to: table.offset + table.byteCount, by: 24) {
      let name = try text(Int(try value(start, UInt32.self)), in: names)
      let info = try value(start + 4, UInt8.self)
      let section = Int(try value(start + 6, UInt16.self))
      let offset = Int(try value(start + 8, UInt64.self))
      let byteCount = Int(try value(start + 16, UInt64.self))
      let place = section < sections.count ? sections[section] : nil
      object.symbols.append(
        .init(
          name: ImageSymbol(name: name),
          definition: place.map {
            .init(section: $0, offset: offset, byteCount: byteCount, isGlobal: info >> 4 != 0)
          }))
    }
  }

  private mutating func readRelocations() throws(CompilationError) {
    for header in headers where header.type == SectionType.relocationsWithAddend {
      guard header.info < sections.count, let section = sections[header.info] else { continue }
      for start in stride(from: header.offset, to: header.offset + header.byteCount, by: 24) {
        let info = try value(start + 8, UInt64.self)
        let symbol = Int(info >> 32)
        guard symbol < object.symbols.count else { throw .failed("relocation without symbol") }
        let width: LinkableObject.Relocation.Width
        switch UInt32(truncatingIfNeeded: info) {
        case RelocationType.pc32, RelocationType.plt32: width = .bits32
        case RelocationType.pc64: width = .bits64
        case let type:
          throw .failed(
            "relocation of type \(type) to \(object.symbols[symbol].name.name) in an image that "
              + "is position-independent")
        }
        object.sections[section].relocations.append(
          .init(
            offset: Int(try value(start, UInt64.self)), width: width, symbol: symbol,
            addend: Int(try value(start + 16, Int64.self))))
      }
    }
  }

  // MARK: Reading.

  func value<Value: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, _ type: Value.Type
  ) throws(CompilationError) -> Value {
    guard offset >= 0, offset + MemoryLayout<Value>.size <= bytes.count else {
      throw .failed("object is truncated")
    }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  func content(of header: SectionHeader) throws(CompilationError) -> [UInt8] {
    guard header.type != SectionType.noBits else { throw .failed("object is truncated") }
    return [UInt8](bytes[header.offset..<header.offset + header.byteCount])
  }

  func text(_ offset: Int, in table: SectionHeader) throws(CompilationError) -> String {
    guard offset < table.byteCount else { throw .failed("object is truncated") }
    let start = table.offset + offset
    let end = bytes[start..<table.offset + table.byteCount].firstIndex(of: 0) ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
