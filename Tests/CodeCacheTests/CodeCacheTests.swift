// Lookup and insertion: what is put in comes out, and nothing else does.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

@Suite struct CodeCacheTests {
  private static let key = CacheFixture.key()

  @Test func aFolderIsMadeOnlyForInserting() throws {
    let fixture = try CacheFixture()
    #expect(try !fixture.isThere())
    _ = try fixture.open()
    #expect(try fixture.parent.descriptor.status(of: "wasmrun").permissions == 0o700)
    #expect(try fixture.isThere())
  }

  @Test func theFolderOfAllCachesIsMadeToo() throws {
    let fixture = try CacheFixture()
    let home = OSString(fixture.parent.path)
    let location = try #require(CacheLocation(variable: { $0 == "HOME" ? home : nil }))
    _ = try CodeCache.open(location, creating: true)
    #expect(try fixture.parent.descriptor.status(of: ".cache").permissions == 0o700)
  }

  @Test func anInsertedImageIsFound() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    #expect(cache.outcome(Self.key) == .miss)
    let image = CacheFixture.image(Self.key)
    try image.withUnsafeBytes { try cache.insert($0, for: Self.key) }
    #expect(cache.outcome(Self.key) == .hit(byteCount: image.count))
    #expect(cache.outcome(CacheFixture.key(module: 7)) == .miss)
    #expect(cache.outcome(CacheFixture.key { $0.passParameters = false }) == .miss)
  }

  @Test func anEntryIsReadOnlyAndNothingElseIsLeft() throws {
    let fixture = try CacheFixture()
    _ = try fixture.openWithImage(Self.key)
    #expect(try fixture.names() == [Self.key.entryName, "CACHEDIR.TAG"].sorted())
    let status = try fixture.parent.descriptor.status(of: "wasmrun/\(Self.key.entryName)")
    #expect(status.permissions == 0o400)
    let tag = try fixture.parent.contents(of: "wasmrun/CACHEDIR.TAG")
    #expect(tag.hasPrefix("Signature: 8a477f597d28d172789f06886806bc55\n"))
  }

  @Test func insertingTwiceReplaces() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(Self.key)
    let longer = CacheFixture.image(Self.key, textByteCount: 9_000)
    try longer.withUnsafeBytes { try cache.insert($0, for: Self.key) }
    #expect(cache.outcome(Self.key) == .hit(byteCount: longer.count))
    #expect(try fixture.names().count == 2)
  }

  @Test func anOpenedEntryOutlivesItsName() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(Self.key)
    guard case .hit(let entry) = cache.lookup(Self.key) else {
      Issue.record("no entry")
      return
    }
    #expect(try cache.clear().fileCount == 1)
    var bytes = Array(repeating: UInt8(0), count: entry.byteCount)
    let count = try bytes.withUnsafeMutableBytes {
      try entry.file.descriptor.readAll(into: $0, at: 0)
    }
    #expect(count == entry.byteCount)
    #expect(bytes == CacheFixture.image(Self.key))
  }

  @Test(arguments: [
    (SystemCall.write, Errno.noSpace), (.openat, .readOnlyFileSystem), (.fchmod, .notPermitted),
    (.fsync, .inputOutput), (.renameat, .noSpace),
  ])
  func aFailedInsertionLeavesNothing(call: SystemCall, error: Errno) throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    let image = CacheFixture.image(Self.key)
    #expect(throws: CacheFailure.system(doing: "write to the folder", error)) {
      try FaultInjection.withFault(call, error) {
        try image.withUnsafeBytes { try cache.insert($0, for: Self.key) }
      }
    }
    #expect(try fixture.names() == [])
    #expect(cache.outcome(Self.key) == .miss)
  }

  @Test func aFailedInsertionKeepsTheOldEntry() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(Self.key)
    let image = CacheFixture.image(Self.key, textByteCount: 9_000)
    #expect(throws: CacheFailure.self) {
      try FaultInjection.withFault(.write, .noSpace) {
        try image.withUnsafeBytes { try cache.insert($0, for: Self.key) }
      }
    }
    #expect(cache.outcome(Self.key) == .hit(byteCount: CacheFixture.image(Self.key).count))
  }

  @Test func whatWasAbandonedIsRemovedByTheNextInsertion() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    for name in ["old.temporary", "new.temporary", "old.other"] {
      try fixture.parent.write("wasmrun/\(name)", "half an image")
    }
    for name in ["old.temporary", "old.other"] {
      let longAgo = FileTime.nanoseconds(1_000_000_000 * 1_000_000_000)
      try fixture.change(name) { try $0.setTimes(access: longAgo, modification: longAgo) }
    }
    try CacheFixture.image(Self.key).withUnsafeBytes { try cache.insert($0, for: Self.key) }
    #expect(
      try fixture.names()
        == [Self.key.entryName, "CACHEDIR.TAG", "new.temporary", "old.other"].sorted())
  }

  @Test func manyMayUseItAtOnce() async throws {
    let fixture = try CacheFixture()
    _ = try fixture.open()
    let location = fixture.location
    let image = CacheFixture.image(Self.key, textByteCount: 300_000)
    let outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
      for _ in 0..<8 {
        group.addTask {
          guard let cache = try CodeCache.open(location, creating: true) else { return [] }
          return try (0..<40).map { round in
            if round % 4 == 0 {
              try image.withUnsafeBytes { try cache.insert($0, for: Self.key) }
            }
            return cache.outcome(Self.key)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(outcomes.count == 320)
    #expect(outcomes.allSatisfy { $0 == .hit(byteCount: image.count) })
    #expect(try fixture.names().count == 2)
  }
}
