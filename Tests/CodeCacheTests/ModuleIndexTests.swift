// The index: a file that has not changed since it was read is known, and no other.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

@Suite struct ModuleIndexTests {
  private static let hash = Hash256(bytes: repeatElement(7, count: 32))

  /// A status that a real file could have, long settled.
  private static func status(
    device: UInt64 = 1, inode: UInt64 = 2, byteCount: Int64 = 3, modified: Int64 = 4_000,
    changed: Int64 = 5_000
  ) -> FileStatus {
    FileStatus(
      device: device, inode: inode, kind: .regular, byteCount: byteCount,
      modificationTime: modified, changeTime: changed)
  }

  private static func entryName(_ fixture: CacheFixture) throws -> String {
    try #require(try fixture.names().first { $0.hasSuffix(".index") })
  }

  @Test func whatWasNotedIsKnown() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    #expect(cache.moduleHash(ofFileWith: Self.status()) == nil)
    try cache.noteModule(Self.hash, ofFileWith: Self.status())
    #expect(cache.moduleHash(ofFileWith: Self.status()) == Self.hash)
    #expect(try cache.moduleHash(of: try Self.entryName(fixture)) == Self.hash)
    try cache.verify(try Self.entryName(fixture))
  }

  @Test func aChangeShows() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try cache.noteModule(Self.hash, ofFileWith: Self.status())
    let others = [
      Self.status(device: 9), Self.status(inode: 9), Self.status(byteCount: 9),
      Self.status(modified: 9), Self.status(changed: 9),
    ]
    for other in others { #expect(cache.moduleHash(ofFileWith: other) == nil) }
    #expect(cache.moduleHash(ofFileWith: Self.status()) == Self.hash)
  }

  @Test func whatChangedLatelyIsNotTrusted() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    let now = Int64(clamping: try Clock.realtime.now())
    let second: Int64 = 1_000_000_000
    for (modified, changed) in [
      (now - second, now - 9 * second), (now - 9 * second, now - second),
      (now + 9 * second, now - 9 * second),
    ] {
      let status = Self.status(modified: modified, changed: changed)
      try cache.noteModule(Self.hash, ofFileWith: status)
      #expect(cache.moduleHash(ofFileWith: status) == nil)
    }
    #expect(try fixture.names() == [])
    let settled = Self.status(modified: now - 3 * second, changed: now - 3 * second)
    try cache.noteModule(Self.hash, ofFileWith: settled)
    #expect(cache.moduleHash(ofFileWith: settled) == Self.hash)
  }

  @Test func anEntryThatOthersMayWriteIsNotUsed() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try cache.noteModule(Self.hash, ofFileWith: Self.status())
    try fixture.change(try Self.entryName(fixture)) { try $0.setPermissions(0o420) }
    #expect(cache.moduleHash(ofFileWith: Self.status()) == nil)
  }

  @Test(.enabled(if: ProcessEnvironment.effectiveUserID == 0, "only root can give files away"))
  func anEntryOfAnotherUserIsNotUsed() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try cache.noteModule(Self.hash, ofFileWith: Self.status())
    try fixture.giveAway(try Self.entryName(fixture))
    #expect(cache.moduleHash(ofFileWith: Self.status()) == nil)
  }

  @Test(arguments: 0..<ModuleRecord.byteCount)
  func anAlteredEntryIsNotUsed(offset: Int) throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try cache.noteModule(Self.hash, ofFileWith: Self.status())
    try fixture.alterByte(try Self.entryName(fixture), at: Int64(offset))
    #expect(cache.moduleHash(ofFileWith: Self.status()) == nil)
  }

  @Test(arguments: [SystemCall.write, .openat, .renameat])
  func whereItCannotBeWrittenNothingIsLeft(call: SystemCall) throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    #expect(throws: CacheFailure.system(doing: "write to the folder", .noSpace)) {
      try FaultInjection.withFault(call, .noSpace) {
        try cache.noteModule(Self.hash, ofFileWith: Self.status())
      }
    }
    #expect(try fixture.names() == [])
  }
}
