// What is stale, cut off, altered or could be somebody else's is never used.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

@Suite struct RefusedEntryTests {
  private static let key = CacheFixture.key()

  /// Inserts an image, lets `body` spoil the entry, looks it up, and looks it up again.
  private static func outcomes(
    _ body: (CacheFixture, _ name: String) throws -> Void
  ) throws -> (first: Outcome, second: Outcome) {
    let fixture = try CacheFixture()
    let cache = try fixture.openWithImage(key)
    try body(fixture, key.entryName)
    return (cache.outcome(key), cache.outcome(key))
  }

  @Test(arguments: [0, 1, 255, 256, 4_096, 9_000])
  func anEntryThatIsCutOffIsRemoved(byteCount: Int64) throws {
    let outcomes = try Self.outcomes { try $0.change($1) { try $0.truncate(to: byteCount) } }
    #expect(outcomes.first == .refused(.image(.truncated)))
    #expect(outcomes.second == .miss)
  }

  @Test func anEntryThatGrewIsRemoved() throws {
    let outcomes = try Self.outcomes { try $0.change($1) { try $0.truncate(to: 20_000) } }
    #expect(outcomes.first == .refused(.image(.truncated)))
    #expect(outcomes.second == .miss)
  }

  @Test(arguments: Array(stride(from: Int64(0), to: 256, by: 5)))
  func anAlteredHeaderIsFound(offset: Int64) throws {
    let outcomes = try Self.outcomes { try $0.alterByte($1, at: offset) }
    guard case .refused(.image) = outcomes.first else {
      Issue.record("an altered byte \(offset) gave \(outcomes.first)")
      return
    }
    #expect(outcomes.second == .miss)
  }

  @Test func anImageOfAnotherABIIsStale() throws {
    var header = CodeImageHeader()
    header.abiVersion += 1
    header.fileByteCount = 4_096
    header.text.offset = 4_096
    let content = header.encoded() + Array(repeating: 0, count: 4_096 - CodeImageHeader.byteCount)
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try content.withUnsafeBytes { try cache.insert($0, for: Self.key) }
    guard case .refused(.image(.otherVersion)) = cache.outcome(Self.key) else {
      Issue.record("an image of another ABI was not refused as such")
      return
    }
    #expect(cache.outcome(Self.key) == .miss)
  }

  @Test(arguments: [
    CacheFixture.key(module: 5), CacheFixture.key(compiler: 5),
    CacheFixture.key { $0.passParameters = false },
    CacheFixture.key { $0.cpuFeatures = [.sse41, .avx] },
  ])
  func anImageUnderAnothersNameIsRemoved(other: CacheKey) throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try CacheFixture.image(other).withUnsafeBytes { try cache.insert($0, for: Self.key) }
    #expect(cache.outcome(Self.key) == .refused(.image(CacheKey.mismatch)))
    #expect(cache.outcome(Self.key) == .miss)
  }

  @Test(arguments: [0o420, 0o402, 0o666])
  func anEntryThatOthersMayWriteIsRemoved(permissions: UInt32) throws {
    let outcomes = try Self.outcomes {
      try $0.change($1) { try $0.setPermissions(permissions) }
    }
    #expect(
      outcomes.first
        == .refused(.notTrusted(what: "the entry", why: "others may write to it")))
    #expect(outcomes.second == .miss)
  }

  @Test(.enabled(if: ProcessEnvironment.effectiveUserID == 0, "only root can give files away"))
  func anEntryOfAnotherUserIsRemoved() throws {
    let outcomes = try Self.outcomes { try $0.giveAway($1) }
    #expect(
      outcomes.first == .refused(.notTrusted(what: "the entry", why: "another user owns it")))
    #expect(outcomes.second == .miss)
  }

  @Test func aLinkIsNotFollowed() throws {
    let outcomes = try Self.outcomes { fixture, name in
      let folder = try fixture.parent.descriptor.open("wasmrun", [.readOnly, .directory])
      try folder.descriptor.rename(name, to: fixture.parent.descriptor, "moved")
      try folder.descriptor.makeSymbolicLink(name, holding: "../moved")
    }
    #expect(
      outcomes.first == .refused(.system(doing: "open the entry", .tooManySymbolicLinks)))
    #expect(outcomes.second == .miss)
  }

  @Test func aFolderThatOthersMayWriteIsNotUsed() throws {
    let fixture = try CacheFixture()
    _ = try fixture.open()
    let folder = try fixture.parent.descriptor.open("wasmrun", [.readOnly, .directory])
    try folder.descriptor.setPermissions(0o770)
    #expect(
      throws: CacheFailure.notTrusted(what: "the folder", why: "others may write to it")
    ) {
      _ = try CodeCache.open(fixture.location, creating: true)
    }
  }

  @Test(.enabled(if: ProcessEnvironment.effectiveUserID == 0, "only root can give files away"))
  func aFolderOfAnotherUserIsNotUsed() throws {
    let fixture = try CacheFixture()
    _ = try fixture.open()
    try fixture.giveAway(".")
    #expect(throws: CacheFailure.notTrusted(what: "the folder", why: "another user owns it")) {
      _ = try CodeCache.open(fixture.location, creating: true)
    }
  }

  @Test func whereNoFolderCanBeMadeTheReasonIsTold() throws {
    let fixture = try CacheFixture()
    try fixture.parent.write("file")
    let location = try #require(
      CacheLocation(variable: {
        $0 == "XDG_CACHE_HOME" ? OSString(fixture.parent.path + "/file") : nil
      }))
    #expect(throws: CacheFailure.system(doing: "make '\(location.path)'", .notDirectory)) {
      _ = try CodeCache.open(location, creating: true)
    }
  }
}
