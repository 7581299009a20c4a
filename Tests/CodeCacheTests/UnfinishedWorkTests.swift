// Unfinished work: handed to one process at a time, and an entry once it is whole.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

@Suite struct UnfinishedWorkTests {
  private static let key = CacheFixture.key()

  private enum Found: Equatable {
    case unfinished(byteCount: Int64)
    case finished
    case busy
  }

  private static func found(_ work: consuming CodeCache.Work) throws -> Found {
    switch work {
    case .unfinished(let file): .unfinished(byteCount: try file.descriptor.status().byteCount)
    case .finished: .finished
    case .busy: .busy
    }
  }

  /// Leaves `content` as what a compiler has written.
  private static func leave(_ content: [UInt8], _ cache: borrowing CodeCache) throws {
    guard case .unfinished(let file) = try cache.work(key) else {
      Issue.record("somebody is at work")
      return
    }
    try content.withUnsafeBytes { try file.descriptor.writeAll($0) }
  }

  @Test func whatIsNotWholeIsGoneOnWith() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    #expect(try Self.found(try cache.work(Self.key)) == .unfinished(byteCount: 0))
    try Self.leave([1, 2, 3], cache)
    #expect(try Self.found(try cache.work(Self.key)) == .unfinished(byteCount: 3))
    #expect(cache.outcome(Self.key) == .miss)
  }

  @Test func onlyOneIsAtWork() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    let work = try cache.work(Self.key)
    #expect(try Self.found(try cache.work(Self.key)) == .busy)
    #expect(try Self.found(try cache.work(CacheFixture.key(module: 9))) != .busy)
    _ = consume work
    #expect(try Self.found(try cache.work(Self.key)) == .unfinished(byteCount: 0))
  }

  @Test func aWholeImageBecomesAnEntry() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    let image = CacheFixture.image(Self.key)
    try Self.leave(image, cache)
    #expect(try Self.found(try cache.work(Self.key)) == .finished)
    #expect(cache.outcome(Self.key) == .hit(byteCount: image.count))
    #expect(!(try fixture.names().contains(Self.key.workName)))
  }

  @Test(arguments: [70, 260, 5_000])
  func aDamagedOrForeignImageDoesNot(offset: Int) throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    var image = CacheFixture.image(Self.key)
    image[offset] ^= 1
    try Self.leave(image, cache)
    #expect(try Self.found(try cache.work(Self.key)) != .finished)
    try fixture.change(Self.key.workName) { try $0.truncate(to: 0) }
    try Self.leave(CacheFixture.image(CacheFixture.key(module: 9)), cache)
    #expect(try Self.found(try cache.work(Self.key)) != .finished)
    #expect(cache.outcome(Self.key) == .miss)
  }

  @Test func whatOthersMayHaveWrittenIsNotUsed() throws {
    let fixture = try CacheFixture()
    let cache = try fixture.open()
    try Self.leave(CacheFixture.image(Self.key), cache)
    try fixture.change(Self.key.workName) { try $0.setPermissions(0o620) }
    #expect(throws: CacheFailure.self) { _ = try Self.found(try cache.work(Self.key)) }
    #expect(try Self.found(try cache.work(Self.key)) == .unfinished(byteCount: 0))
  }
}
