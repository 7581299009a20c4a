// The cache stays within its size, and what was not used for longest goes first.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

@Suite struct CacheEvictionTests {
  private static let keys = (1...4).map { CacheFixture.key(module: UInt8($0)) }
  private static let hour: Int64 = 3_600 * 1_000_000_000
  /// Bytes of an image's blocks.
  private static let imageBytes = UInt64((CacheFixture.image(keys[0]).count + 4_095) & ~4_095)

  private static func insert(_ keys: some Sequence<CacheKey>, _ cache: borrowing CodeCache) throws {
    for key in keys {
      try CacheFixture.image(key).withUnsafeBytes { try cache.insert($0, for: key) }
    }
  }

  /// Lets the entry of `key` look as if it was used so many hours ago.
  private static func age(_ key: CacheKey, hours: Int64, _ fixture: CacheFixture) throws {
    let time = Int64(clamping: try Clock.realtime.now()) - hours * hour
    try fixture.setTime(key.entryName, nanoseconds: UInt64(time))
  }

  private static func open(_ fixture: CacheFixture, images: Double) throws -> CodeCache {
    let limit = UInt64(Double(imageBytes) * images)
    guard let cache = try CodeCache.open(fixture.location, creating: true, byteLimit: limit) else {
      throw Errno.noSuchFileOrDirectory
    }
    return cache
  }

  @Test func theLongestUnusedGoesFirst() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 3.4)
    try Self.insert(Self.keys.prefix(3), cache)
    try Self.age(Self.keys[0], hours: 2, fixture)
    try Self.age(Self.keys[1], hours: 9, fixture)
    try Self.age(Self.keys[2], hours: 5, fixture)
    try Self.insert([Self.keys[3]], cache)
    #expect(Self.keys.map { cache.outcome($0) == .miss } == [false, true, false, false])
  }

  @Test func aUseCountsAsMuchAsAnInsertion() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 3.4)
    try Self.insert(Self.keys.prefix(3), cache)
    for (key, hours) in zip(Self.keys, [9, 8, 7] as [Int64]) {
      try Self.age(key, hours: hours, fixture)
    }
    guard case .hit = cache.lookup(Self.keys[0]) else {
      Issue.record("no entry")
      return
    }
    try Self.insert([Self.keys[3]], cache)
    #expect(Self.keys.map { cache.outcome($0) == .miss } == [false, true, false, false])
  }

  @Test func aUseIsNotedOnceAnHour() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 9)
    try Self.insert([Self.keys[0]], cache)
    let before = try #require(try cache.entries().first?.lastUse)
    _ = cache.outcome(Self.keys[0])
    #expect(try cache.entries().first?.lastUse == before)
    try Self.age(Self.keys[0], hours: 3, fixture)
    _ = cache.outcome(Self.keys[0])
    let after = try #require(try cache.entries().first?.lastUse)
    #expect(after >= before)
  }

  @Test func whatIsBeingWrittenStays() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 1.2)
    try fixture.parent.write("wasmrun/half.temporary", String(repeating: "x", count: 30_000))
    try Self.insert(Self.keys.prefix(2), cache)
    // It counts, so that only the entry that was just put there is left beside it.
    #expect(
      try fixture.names()
        == [Self.keys[1].entryName, "CACHEDIR.TAG", "half.temporary"].sorted())
  }

  @Test func anEntryLargerThanTheWholeCacheIsNotKept() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 1.9)
    try Self.insert([Self.keys[0]], cache)
    let image = CacheFixture.image(Self.keys[1], textByteCount: 100_000)
    #expect(
      throws: CacheFailure.tooLarge(byteCount: image.count, limit: cache.byteLimit)
    ) {
      try image.withUnsafeBytes { try cache.insert($0, for: Self.keys[1]) }
    }
    // Nothing made room for it.
    #expect(cache.outcome(Self.keys[0]) != .miss)
  }

  @Test func pruningSaysWhatItDid() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 9)
    try Self.insert(Self.keys, cache)
    for (place, key) in Self.keys.enumerated() {
      try Self.age(key, hours: Int64(place + 1), fixture)
    }
    var expected = CodeCache.Removal()
    expected.fileCount = 2
    expected.byteCount = 2 * Self.imageBytes
    expected.leftByteCount = 2 * Self.imageBytes
    #expect(try cache.prune(to: 2 * Self.imageBytes) == expected)
    #expect(Self.keys.map { cache.outcome($0) == .miss } == [false, false, true, true])
    #expect(try cache.prune(to: 0).fileCount == 2)
    #expect(try fixture.names() == ["CACHEDIR.TAG"])
  }

  @Test func whatNoRunCanUseIsRemoved() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 9)
    try Self.insert(Self.keys.prefix(3), cache)
    try fixture.alterByte(Self.keys[0].entryName, at: 60)
    try fixture.change(Self.keys[1].entryName) { try $0.setPermissions(0o420) }
    #expect(try cache.removeUnusable().fileCount == 2)
    #expect(try cache.entries().map(\.name) == [Self.keys[2].entryName])
  }

  @Test func entriesThatCannotBeRemovedDoNoHarm() throws {
    let fixture = try CacheFixture()
    let cache = try Self.open(fixture, images: 1.5)
    try Self.insert([Self.keys[0]], cache)
    try FaultInjection.withFault(.unlinkat, .permissionDenied) {
      try Self.insert([Self.keys[1]], cache)
    }
    #expect(try cache.entries().count == 2)
  }
}
