// Writing and reading module images.

import WasmModule

extension ModuleImageContents {
  /// The whole file.
  package func encoded() -> [UInt8] {
    typealias Section = ModuleImageHeader.Section
    let page = PageRun.pageByteCount
    var header = ModuleImageHeader()
    header.moduleHash = moduleHash
    var metadata: [UInt8] = []
    for run in initialMemory.runs {
      metadata.append(littleEndian: UInt64(run.memory))
      metadata.append(littleEndian: run.offset)
      metadata.append(littleEndian: run.byteCount)
    }
    let start = ModuleImageHeader.byteCount
    header.runs = Section(offset: UInt64(start), byteCount: UInt64(metadata.count))
    header.skeleton = Section(
      offset: UInt64(start + metadata.count), byteCount: UInt64(skeleton.namesOffset))
    metadata += skeleton.bytes.prefix(skeleton.namesOffset)
    let names = skeleton.bytes.suffix(from: skeleton.namesOffset)
    header.names = Section(offset: UInt64(start + metadata.count), byteCount: UInt64(names.count))
    let end = start + metadata.count + names.count
    let pagesOffset = (end + page - 1) / page * page
    header.pages = Section(
      offset: UInt64(pagesOffset), byteCount: UInt64(initialMemory.bytes.count))
    header.fileByteCount = UInt64(pagesOffset + initialMemory.bytes.count)
    header.metadataChecksum = metadata.withUnsafeBytes { checksum($0) }

    var content: [UInt8] = []
    content.reserveCapacity(Int(header.fileByteCount))
    content += names
    content += repeatElement(0, count: pagesOffset - end)
    content += initialMemory.bytes
    header.contentChecksum = content.withUnsafeBytes { checksum($0) }
    return header.encoded() + metadata + content
  }
}

extension ModuleImageHeader {
  /// The header's 256 bytes; the last eight are the checksum of those before.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: Self.magic)
    bytes.append(littleEndian: UInt64(Self.formatVersion))
    bytes.append(littleEndian: fileByteCount)
    for word in [
      moduleHash.words.0, moduleHash.words.1, moduleHash.words.2, moduleHash.words.3,
    ] { bytes.append(littleEndian: word) }
    for section in [runs, skeleton, names, pages] {
      bytes.append(littleEndian: section.offset)
      bytes.append(littleEndian: section.byteCount)
    }
    bytes.append(littleEndian: metadataChecksum)
    bytes.append(littleEndian: contentChecksum)
    bytes += repeatElement(0, count: Self.byteCount - 8 - bytes.count)
    bytes.append(littleEndian: bytes.withUnsafeBytes { checksum($0) })
    return bytes
  }

  /// Reads and checks a header; `fileByteCount` is the whole file's size, which every section is
  /// checked against.
  package init(
    _ file: UnsafeRawBufferPointer, fileByteCount actualByteCount: Int
  ) throws(CodeImageError) {
    guard file.count >= Self.byteCount else { throw .truncated }
    let word = { (place: Int) in file.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self) }
    guard word(0) == Self.magic else { throw .notAnImage }
    guard word(1) == UInt64(Self.formatVersion) else {
      throw .otherVersion("module format \(word(1)), this is \(Self.formatVersion)")
    }
    let covered = UnsafeRawBufferPointer(rebasing: file[..<(Self.byteCount - 8)])
    guard word(Self.byteCount / 8 - 1) == checksum(covered) else {
      throw .damaged("header checksum")
    }
    fileByteCount = word(2)
    moduleHash.words = (word(3), word(4), word(5), word(6))
    runs = Section(offset: word(7), byteCount: word(8))
    skeleton = Section(offset: word(9), byteCount: word(10))
    names = Section(offset: word(11), byteCount: word(12))
    pages = Section(offset: word(13), byteCount: word(14))
    metadataChecksum = word(15)
    contentChecksum = word(16)
    guard fileByteCount == UInt64(actualByteCount) else { throw .truncated }
    // They follow each other, up to the file's end.
    var end = UInt64(Self.byteCount)
    for section in [runs, skeleton, names, pages] {
      let (next, overflow) = section.offset.addingReportingOverflow(section.byteCount)
      guard !overflow, section.offset >= end, next <= fileByteCount else {
        throw .damaged("section out of range")
      }
      end = next
    }
    guard names.offset == skeleton.offset + skeleton.byteCount, end == fileByteCount,
      pages.offset % UInt64(PageRun.pageByteCount) == 0
    else { throw .damaged("section out of place") }
  }
}

/// A module image's header and metadata in memory, checked.
package struct ModuleImageView {
  package let header: ModuleImageHeader
  /// The file up to its pages at least.
  private let file: UnsafeRawBufferPointer

  /// Checks the header, the metadata's checksum and the runs. `file` holds the file's beginning, up
  /// to its pages at least; the caller keeps it there.
  package init(
    _ file: UnsafeRawBufferPointer, fileByteCount: Int
  ) throws(CodeImageError) {
    header = try ModuleImageHeader(file, fileByteCount: fileByteCount)
    self.file = file
    guard header.pages.offset <= UInt64(file.count) else { throw .truncated }
    let metadata = file[ModuleImageHeader.byteCount..<Int(header.names.offset)]
    guard checksum(UnsafeRawBufferPointer(rebasing: metadata)) == header.metadataChecksum else {
      throw .damaged("metadata checksum")
    }
    let page = UInt64(PageRun.pageByteCount)
    var total: UInt64 = 0
    for index in 0..<runCount {
      let run = run(index)
      guard run.offset % page == 0, run.byteCount % page == 0, run.byteCount > 0,
        run.byteCount <= header.pages.byteCount - total, run.offset < 1 << 62
      else { throw .damaged("run \(index)") }
      total += run.byteCount
    }
    guard total == header.pages.byteCount else { throw .damaged("runs") }
  }

  package var runCount: Int { Int(header.runs.byteCount) / PageRun.byteCount }

  /// Run `index`, which must be below `runCount`.
  package func run(_ index: Int) -> PageRun {
    let place = Int(header.runs.offset) + index * PageRun.byteCount
    let word = { (offset: Int) in
      file.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self)
    }
    return PageRun(
      memory: UInt32(truncatingIfNeeded: word(0)), offset: word(8), byteCount: word(16))
  }

  /// The module's skeleton, its name section included, which is read only if names are asked for.
  package var skeleton: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: file[
        Int(header.skeleton.offset)..<Int(header.names.offset + header.names.byteCount)])
  }

  /// Compares the checksum of names and pages; the view must be of the whole file.
  package func verify() throws(CodeImageError) {
    guard file.count >= Int(header.fileByteCount) else { throw .truncated }
    let content = file[Int(header.names.offset)..<Int(header.fileByteCount)]
    guard checksum(UnsafeRawBufferPointer(rebasing: content)) == header.contentChecksum else {
      throw .damaged("checksum of names and pages")
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt64) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
