// Module images: what is in them, and that damage is found.

import Testing
import WasmModule

@testable import CompilerInterface

@Suite struct ModuleImageTests {
  private static let page = PageRun.pageByteCount

  /// A module of memories of so many pages of 64 KiB, and active segments.
  private static func pages(
    memories: [UInt64] = [64], imported: Int = 0,
    _ segments: [(memory: UInt32, offset: [UInt8], bytes: [UInt8])]
  ) -> InitialMemoryPages? {
    var module = Module()
    module.memories = memories.map { MemoryType(limits: Limits(minimum: $0)) }
    module.importedMemoryCount = imported
    var bytes: [UInt8] = []
    for segment in segments {
      let start = bytes.count
      bytes += segment.offset + [0x0B]
      let offset = ConstantExpression(bytes: start..<bytes.count)
      module.data.append(
        DataSegment(
          mode: .active(index: segment.memory, offset: offset),
          bytes: bytes.count..<bytes.count + segment.bytes.count))
      bytes += segment.bytes
    }
    return bytes.withUnsafeBytes { InitialMemoryPages(module, bytes: $0) }
  }

  /// `i32.const` of a number.
  private static func at(_ offset: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x41]
    var rest = offset
    while rest >= 0x40 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  @Test func laterSegmentsOverwriteEarlierOnes() throws {
    let found = Self.pages([
      (0, Self.at(Self.page + 10), [1, 2, 3, 4]), (0, Self.at(Self.page + 11), [8, 9]),
      (0, Self.at(2 * Self.page - 1), [5, 6]),
    ])
    let pages = try #require(found)
    #expect(
      pages.runs == [
        PageRun(memory: 0, offset: UInt64(Self.page), byteCount: UInt64(2 * Self.page))
      ])
    #expect(Array(pages.bytes[10..<14]) == [1, 8, 9, 4])
    #expect(Array(pages.bytes[Self.page - 1...Self.page]) == [5, 6])
    #expect(pages.bytes.count == 2 * Self.page)
  }

  @Test func whatIsFarApartHasRunsOfItsOwn() throws {
    let found = Self.pages(
      memories: [64, 64],
      [
        (1, Self.at(8), [7]), (0, Self.at(40 * Self.page), [1]), (0, Self.at(3), [2]),
        (0, Self.at(5 * Self.page), [3]),
      ])
    let pages = try #require(found)
    // Five pages between two are not worth a mapping.
    #expect(
      pages.runs == [
        PageRun(memory: 0, offset: 0, byteCount: UInt64(6 * Self.page)),
        PageRun(memory: 0, offset: UInt64(40 * Self.page), byteCount: UInt64(Self.page)),
        PageRun(memory: 1, offset: 0, byteCount: UInt64(Self.page)),
      ])
  }

  @Test func zerosTakeNoPages() throws {
    var bytes = [UInt8](repeating: 0, count: 100 * Self.page)
    bytes[0] = 1
    bytes[99 * Self.page] = 2
    let found = Self.pages([(0, Self.at(0), bytes)])
    let pages = try #require(found)
    #expect(pages.runs.map(\.offset) == [0, UInt64(99 * Self.page)])
    #expect(pages.bytes.count == 2 * Self.page)
  }

  @Test func whatHasToBeCopiedIsNotMapped() {
    let isMapped = { (pages: InitialMemoryPages?) in pages != nil }
    // Reaches the memory's last byte, and one more.
    #expect(isMapped(Self.pages(memories: [1], [(0, Self.at(65_534), [1, 2])])))
    #expect(!isMapped(Self.pages(memories: [1], [(0, Self.at(65_535), [1, 2])])))
    #expect(!isMapped(Self.pages(memories: [1], [(0, Self.at(65_537), [])])))
    // global.get 0, and an offset of -1.
    #expect(!isMapped(Self.pages([(0, [0x23, 0], [1])])))
    #expect(!isMapped(Self.pages([(0, [0x41, 0x7F], [1])])))
    #expect(!isMapped(Self.pages(imported: 1, [(0, Self.at(0), [1])])))
    #expect(isMapped(Self.pages([])))
  }

  @Test func sparseDataDoesNotBlowUp() {
    let sparse = (0..<400).map { (UInt32(0), Self.at($0 * 20 * Self.page), [UInt8(1)]) }
    #expect(Self.pages(memories: [1_000], sparse) == nil)
  }

  // MARK: The format.

  private static let image: [UInt8] = {
    var bytes: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    bytes += [5, 3, 1, 0, 2]
    bytes += [11, 8, 1, 0, 0x41, 5, 0x0B, 2, 7, 8]
    bytes += [0, 11, 4] + Array("name".utf8) + [1, 4, 1, 0, 1, 0x67]
    return bytes.withUnsafeBytes { bytes in
      let contents = (try? Module.decode(bytes)).flatMap {
        try? ModuleImageContents(
          $0, bytes: bytes, moduleHash: Hash256(bytes: repeatElement(3, count: 32)))
      }
      return contents?.encoded() ?? []
    }
  }()

  private static func check(_ image: [UInt8]) -> CodeImageError? {
    image.withUnsafeBytes { bytes in
      do throws(CodeImageError) {
        try ModuleImageView(bytes, fileByteCount: bytes.count).verify()
        return nil
      } catch {
        return error
      }
    }
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(Self.check(Self.image) == nil)
    try Self.image.withUnsafeBytes { bytes in
      let view = try ModuleImageView(bytes, fileByteCount: bytes.count)
      #expect(view.header.moduleHash == Hash256(bytes: repeatElement(3, count: 32)))
      #expect(view.runCount == 1)
      #expect(view.run(0) == PageRun(memory: 0, offset: 0, byteCount: UInt64(Self.page)))
      let module = try Module.decode(skeleton: view.skeleton)
      #expect(module.memories.count == 1 && module.data.isEmpty)
      let place = Int(view.header.pages.offset)
      #expect(bytes[place + 5] == 7 && bytes[place + 6] == 8)
    }
  }

  @Test func everyAlteredByteIsFound() {
    for place in Self.image.indices {
      // A page holds thousands of equal bytes; some of them are enough.
      if place > 1_024, place % 61 != 0 { continue }
      var altered = Self.image
      altered[place] ^= 0x10
      #expect(Self.check(altered) != nil, "byte \(place)")
    }
  }

  @Test(arguments: [0, 1, 255, 256, 300, 4_096, 8_191])
  func anImageThatIsCutOffIsRefused(byteCount: Int) {
    #expect(Self.check(Array(Self.image.prefix(byteCount))) == .truncated)
  }
}
