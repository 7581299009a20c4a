// Writing and reading the code format.

extension CodeImageContents {
  /// The whole file: header, metadata, padding, text.
  package func encoded() -> [UInt8] {
    var metadata: [UInt8] = []
    var header = CodeImageHeader()
    func section(_ append: (inout [UInt8]) -> Void) -> CodeImageHeader.Section {
      let start = metadata.count
      append(&metadata)
      return .init(
        offset: UInt64(CodeImageHeader.byteCount + start),
        byteCount: UInt64(metadata.count - start))
    }
    header.functions = section { bytes in
      for record in functions {
        for field in [record.body, record.tableEntry, record.byteCount, 0] { bytes.append(field) }
      }
    }
    header.entryThunks = section { bytes in
      for offset in entryThunks { bytes.append(offset ?? .max) }
    }
    header.hostThunks = section { bytes in for offset in hostThunks { bytes.append(offset ?? .max) }
    }
    header.positions = section { bytes in
      bytes.reserveCapacity(bytes.count + positions.count * PositionRecord.byteCount)
      for record in positions {
        bytes.append(record.codeOffset)
        bytes.append(record.wasmOffset)
        bytes.append(record.inlining)
      }
    }
    header.inlinings = section { bytes in
      for record in inlinings {
        bytes.append(record.call)
        bytes.append(record.outer)
      }
    }
    header.pads = section { bytes in
      for record in pads {
        for field in [record.start, record.end, record.pad] { bytes.append(field) }
      }
    }
    let page = CodeImageHeader.pageByteCount
    let textOffset = (CodeImageHeader.byteCount + metadata.count + page - 1) / page * page
    header.text = .init(offset: UInt64(textOffset), byteCount: UInt64(text.count))
    header.fileByteCount = UInt64(textOffset + text.count)
    header.moduleHash = moduleHash
    header.compilerBuild = compilerBuild
    header.optionsFingerprint = options.fingerprint
    header.cpuFeatures = options.cpuFeatures.rawValue
    header.metadataChecksum = metadata.withUnsafeBytes { checksum($0) }
    header.textChecksum = text.withUnsafeBytes { checksum($0) }

    var file = header.encoded()
    file.reserveCapacity(textOffset + text.count)
    file += metadata
    file += repeatElement(0, count: textOffset - file.count)
    file += text
    return file
  }
}

extension CodeImageHeader {
  /// The header's 256 bytes; the last eight are the checksum of those before.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(Self.magic)
    bytes.append(formatVersion)
    bytes.append(abiVersion)
    bytes.append(fileByteCount)
    for hash in [moduleHash, compilerBuild] {
      for word in [hash.words.0, hash.words.1, hash.words.2, hash.words.3] { bytes.append(word) }
    }
    bytes.append(optionsFingerprint)
    bytes.append(cpuFeatures)
    for section in [functions, entryThunks, hostThunks, positions, inlinings, pads, text] {
      bytes.append(section.offset)
      bytes.append(section.byteCount)
    }
    bytes.append(metadataChecksum)
    bytes.append(textChecksum)
    bytes += repeatElement(0, count: Self.byteCount - 8 - bytes.count)
    bytes.append(bytes.withUnsafeBytes { checksum($0) })
    return bytes
  }

  /// Reads and checks a header. `file` is at least the header's bytes; `fileByteCount` the whole
  /// file's size, which every section is checked against.
  package init(
    _ file: UnsafeRawBufferPointer, fileByteCount actualByteCount: Int
  ) throws(CodeImageError) {
    guard file.count >= Self.byteCount else { throw .truncated }
    var reader = LittleEndianReader(bytes: file)
    guard reader.uint64() == Self.magic else { throw .notAnImage }
    let stored = file.loadUnaligned(fromByteOffset: Self.byteCount - 8, as: UInt64.self)
    let sound = stored == checksum(UnsafeRawBufferPointer(rebasing: file[..<(Self.byteCount - 8)]))
    formatVersion = reader.uint32()
    abiVersion = reader.uint32()
    guard formatVersion == Self.formatVersion else {
      throw .otherVersion("format \(formatVersion), this is \(Self.formatVersion)")
    }
    guard sound else { throw .damaged("header checksum") }
    guard abiVersion == CallingConvention.abiVersion else {
      throw .otherVersion("ABI \(abiVersion), this is \(CallingConvention.abiVersion)")
    }
    fileByteCount = reader.uint64()
    moduleHash.words = (reader.uint64(), reader.uint64(), reader.uint64(), reader.uint64())
    compilerBuild.words = (reader.uint64(), reader.uint64(), reader.uint64(), reader.uint64())
    optionsFingerprint = reader.uint64()
    cpuFeatures = reader.uint64()
    functions = reader.section()
    entryThunks = reader.section()
    hostThunks = reader.section()
    positions = reader.section()
    inlinings = reader.section()
    pads = reader.section()
    text = reader.section()
    metadataChecksum = reader.uint64()
    textChecksum = reader.uint64()
    guard fileByteCount == UInt64(actualByteCount) else { throw .truncated }
    for section in [functions, entryThunks, hostThunks, positions, inlinings, pads, text] {
      let (end, overflow) = section.offset.addingReportingOverflow(section.byteCount)
      guard !overflow, end <= fileByteCount, section.offset >= UInt64(Self.byteCount) else {
        throw .damaged("section out of range")
      }
    }
    guard text.offset % UInt64(Self.pageByteCount) == 0, text.byteCount < UInt64(UInt32.max) else {
      throw .damaged("text section")
    }
  }

  /// Where the metadata ends: from the header's end to here is what `metadataChecksum` covers.
  package var metadataEnd: Int {
    Int(
      [functions, entryThunks, hostThunks, positions, inlinings, pads].map {
        $0.offset + $0.byteCount
      }.max()
        ?? 0)
  }
}

/// A mapped image: header checked, tables read in place.
package struct CodeImageView {
  package let header: CodeImageHeader
  /// The whole file.
  package let file: UnsafeRawBufferPointer

  /// Checks the header and the metadata's checksum. The caller keeps `file` mapped.
  package init(_ file: UnsafeRawBufferPointer) throws(CodeImageError) {
    self.file = file
    header = try CodeImageHeader(file, fileByteCount: file.count)
    let metadata = file[
      CodeImageHeader.byteCount..<max(CodeImageHeader.byteCount, header.metadataEnd)]
    guard checksum(UnsafeRawBufferPointer(rebasing: metadata)) == header.metadataChecksum else {
      throw .damaged("metadata checksum")
    }
  }

  package var text: UnsafeRawBufferPointer { content(header.text) }
  package var functionCount: Int { Int(header.functions.byteCount) / FunctionRecord.byteCount }
  package var positionCount: Int { Int(header.positions.byteCount) / PositionRecord.byteCount }
  package var inliningCount: Int { Int(header.inlinings.byteCount) / InliningRecord.byteCount }
  package var padCount: Int { Int(header.pads.byteCount) / PadRecord.byteCount }
  /// `padCount` records.
  package var pads: UnsafeRawBufferPointer { content(header.pads) }
  package var entryThunkCount: Int { Int(header.entryThunks.byteCount) / 4 }
  package var hostThunkCount: Int { Int(header.hostThunks.byteCount) / 4 }

  /// The record of defined function `index`, which must be below `functionCount`.
  package func function(_ index: Int) -> FunctionRecord {
    let base = index * FunctionRecord.byteCount
    let bytes = content(header.functions)
    return FunctionRecord(
      body: bytes.loadUnaligned(fromByteOffset: base, as: UInt32.self),
      tableEntry: bytes.loadUnaligned(fromByteOffset: base + 4, as: UInt32.self),
      byteCount: bytes.loadUnaligned(fromByteOffset: base + 8, as: UInt32.self))
  }

  /// Pad record `index`, which must be below `padCount`.
  package func pad(_ index: Int) -> PadRecord {
    let base = index * PadRecord.byteCount
    return PadRecord(
      start: pads.loadUnaligned(fromByteOffset: base, as: UInt32.self),
      end: pads.loadUnaligned(fromByteOffset: base + 4, as: UInt32.self),
      pad: pads.loadUnaligned(fromByteOffset: base + 8, as: UInt32.self))
  }

  /// The text offset of type `index`'s entry thunk; nil where the image has none.
  package func entryThunk(_ index: Int) -> Int? { thunk(header.entryThunks, index) }

  /// The text offset of type `index`'s host thunk; nil where the image has none.
  package func hostThunk(_ index: Int) -> Int? { thunk(header.hostThunks, index) }

  /// Position record `index`, which must be below `positionCount`.
  package func position(_ index: Int) -> PositionRecord {
    let base = index * PositionRecord.byteCount
    let bytes = content(header.positions)
    return PositionRecord(
      codeOffset: bytes.loadUnaligned(fromByteOffset: base, as: UInt32.self),
      wasmOffset: bytes.loadUnaligned(fromByteOffset: base + 4, as: UInt32.self),
      inlining: bytes.loadUnaligned(fromByteOffset: base + 8, as: UInt32.self))
  }

  /// Inlining record `index`, which must be below `inliningCount`.
  package func inlining(_ index: Int) -> InliningRecord {
    let base = index * InliningRecord.byteCount
    let bytes = content(header.inlinings)
    return InliningRecord(
      call: bytes.loadUnaligned(fromByteOffset: base, as: UInt32.self),
      outer: bytes.loadUnaligned(fromByteOffset: base + 4, as: UInt32.self))
  }

  /// The last position record at or before `codeOffset`; its index too.
  package func lastPosition(upTo codeOffset: UInt32) -> (index: Int, record: PositionRecord)? {
    var low = 0
    var high = positionCount
    while low < high {
      let middle = (low + high) / 2
      if position(middle).codeOffset <= codeOffset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? (low - 1, position(low - 1)) : nil
  }

  /// Reads all of the text and compares its checksum; throws `damaged` where it differs.
  package func verifyText() throws(CodeImageError) {
    guard checksum(text) == header.textChecksum else { throw .damaged("text checksum") }
  }

  private func thunk(_ section: CodeImageHeader.Section, _ index: Int) -> Int? {
    guard index < Int(section.byteCount) / 4 else { return nil }
    let offset = content(section).loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
    return offset == .max ? nil : Int(offset)
  }

  private func content(_ section: CodeImageHeader.Section) -> UnsafeRawBufferPointer {
    let start = Int(section.offset)
    return UnsafeRawBufferPointer(rebasing: file[start..<start + Int(section.byteCount)])
  }
}

/// A 64-bit checksum against accidents (not against forgers): FNV-1a over 8-byte words, then the
/// rest by bytes, with a final mix so that every bit counts.
package func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
  let wordEnd = bytes.count & ~7
  var offset = 0
  while offset < wordEnd {
    hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x100_0000_01B3
    hash ^= hash >> 29
    offset += 8
  }
  while offset < bytes.count {
    hash = (hash ^ UInt64(bytes[offset])) &* 0x100_0000_01B3
    offset += 1
  }
  return (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
}

private struct LittleEndianReader {
  let bytes: UnsafeRawBufferPointer
  var offset = 0

  mutating func uint64() -> UInt64 {
    defer { offset += 8 }
    return bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  mutating func uint32() -> UInt32 {
    defer { offset += 4 }
    return bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  mutating func section() -> CodeImageHeader.Section {
    let offset = uint64()
    return .init(offset: offset, byteCount: uint64())
  }
}
