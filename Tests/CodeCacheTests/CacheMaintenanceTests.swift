// Listing, verifying and clearing a cache.

import CompilerInterface
import TestSupport
import Testing

@testable import CodeCache

@Suite struct CacheMaintenanceTests {
  private static let key = CacheFixture.key()

  @Test func entriesAreListedWithTheirHeaders() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(Self.key)
    let other = CacheFixture.key(module: 3)
    try CacheFixture.image(other).withUnsafeBytes { try cache.insert($0, for: other) }
    let entries = try cache.entries()
    #expect(entries.map(\.name) == [Self.key, other].map(\.entryName).sorted())
    for entry in entries {
      #expect(entry.byteCount == Int64(CacheFixture.image(Self.key).count))
      let hash = try #require(try cache.moduleHash(of: entry.name))
      #expect([Self.key.moduleHash, other.moduleHash].contains(hash))
      try cache.verify(entry.name)
    }
  }

  @Test func verifyingReadsMetadataAndText() throws {
    let image = CacheFixture.image(Self.key)
    let textOffset = Int64(image.count - 5_000)
    // The first and last bytes of the metadata, and of the text.
    let places: [(Int64, CodeImageError)] = [
      (256, .damaged("metadata checksum")), (275, .damaged("metadata checksum")),
      (textOffset, .damaged("text checksum")),
      (Int64(image.count) - 1, .damaged("text checksum")),
    ]
    for (offset, error) in places {
      let fixture = try CacheFixture()
      let cache = try fixture.openWithImage(Self.key)
      try fixture.alterByte(Self.key.entryName, at: offset)
      #expect(throws: CacheFailure.image(error), "byte \(offset)") {
        try cache.verify(Self.key.entryName)
      }
      // Metadata is checked where it is loaded, text by verifying alone.
      #expect(cache.outcome(Self.key) == .hit(byteCount: image.count))
    }
  }

  @Test func verifyingComparesTheNameWithTheHeader() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    let other = CacheFixture.key(module: 3)
    try CacheFixture.image(other).withUnsafeBytes { try cache.insert($0, for: Self.key) }
    #expect(throws: CacheFailure.image(CacheKey.mismatch)) { try cache.verify(Self.key.entryName) }
  }

  @Test func clearingTakesWhatIsOursAndLeavesTheRest() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(Self.key)
    try fixture.parent.write("wasmrun/half.temporary")
    try fixture.parent.write("wasmrun/notes.txt")
    #expect(try cache.clear().fileCount == 1)
    #expect(try fixture.names() == ["CACHEDIR.TAG", "notes.txt"])
    #expect(try cache.entries().isEmpty)
    #expect(cache.outcome(Self.key) == .miss)
  }
}
