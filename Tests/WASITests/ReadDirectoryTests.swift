// fd_readdir: every entry once, resumable at each, in linear time.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct ReadDirectoryTests {
  private struct Entry: Equatable {
    var cookie: UInt64
    var inode: UInt64
    var type: UInt8
    var name: String
  }

  private static let rights = Rights.fdReadDirectory.rawValue

  /// One call, and the whole entries that it stored.
  private static func entries(
    _ guest: Guest, _ directory: Int, _ cookie: UInt64, bufferByteCount: Int
  ) throws -> (entries: [Entry], isEnd: Bool) {
    let buffer = Guest.bufferAddress
    try #require(guest.call("fd_readdir", directory, buffer, bufferByteCount, cookie, 64) == 0)
    let filled = Int(guest.load(64, as: UInt32.self))
    var entries: [Entry] = []
    var place = 0
    while place + 24 <= filled {
      let at = buffer + place
      let nameByteCount = Int(guest.load(at + 16, as: UInt32.self))
      guard place + 24 + nameByteCount <= filled else { break }
      entries.append(
        Entry(
          cookie: guest.load(at), inode: guest.load(at + 8), type: guest.load(at + 20),
          name: guest.text(at: at + 24, count: nameByteCount)))
      place += 24 + nameByteCount
    }
    return (entries, filled < bufferByteCount)
  }

  /// All entries, as wasi-libc's readdir asks for them.
  private static func all(
    _ guest: Guest, _ directory: Int, bufferByteCount: Int
  ) throws -> [Entry] {
    var found: [Entry] = []
    while true {
      let part = try entries(
        guest, directory, found.last?.cookie ?? 0, bufferByteCount: bufferByteCount)
      found += part.entries
      if part.isEnd { return found }
    }
  }

  @Test func entriesTellKindAndInode() throws {
    let directory = try TemporaryDirectory()
    try directory.write("f")
    try directory.descriptor.makeDirectory("d")
    try directory.descriptor.makeSymbolicLink("s", holding: "f")
    let guest = try Guest(directory)
    let found = try Self.all(guest, 3, bufferByteCount: 4_096)
    #expect(found.count == 5)
    let types = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.type) })
    #expect(types == [".": 3, "..": 3, "f": 4, "d": 3, "s": 7])
    for entry in found where entry.name != ".." {
      #expect(entry.inode == (try directory.descriptor.status(of: entry.name)).inode)
    }
    // What is above the grant is not told.
    let own = try directory.descriptor.status().inode
    #expect(found.first { $0.name == ".." }?.inode == own)
  }

  @Test func tenThousandEntriesComeOnceEachInLinearTime() throws {
    let directory = try TemporaryDirectory()
    for index in 0..<10_000 { try directory.write("file-number-\(index)") }
    let guest = try Guest(directory)
    // A bound on the kernel's readings that a quadratic listing passes by far.
    try FaultInjection.withFault(.getdents, .inputOutput, callsBefore: 120) {
      for bufferByteCount in [4_096, 60, 4_097] {
        let found = try Self.all(guest, 3, bufferByteCount: bufferByteCount)
        #expect(found.count == 10_002)
        #expect(Set(found.map(\.name)).count == 10_002)
      }
    }
  }

  @Test func anyEntrysCookieResumesBehindIt() throws {
    let directory = try TemporaryDirectory()
    for index in 0..<500 { try directory.write("file-\(index)") }
    let guest = try Guest(directory)
    let found = try Self.all(guest, 3, bufferByteCount: 4_096)
    for index in stride(from: 0, to: found.count - 1, by: 7) {
      let rest = try Self.entries(guest, 3, found[index].cookie, bufferByteCount: 300)
      #expect(rest.entries.first == found[index + 1])
    }
    let end = try Self.entries(guest, 3, found.last!.cookie, bufferByteCount: 300)
    #expect(end.entries.isEmpty && end.isEnd)
  }

  @Test func startingOverSeesWhatIsNew() throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory)
    #expect(try Self.all(guest, 3, bufferByteCount: 4_096).count == 2)
    try directory.write("new")
    #expect(try Self.all(guest, 3, bufferByteCount: 4_096).count == 3)
  }

  @Test func anEntryThatDoesNotFitIsCutOff() throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory)
    for byteCount in [0, 1, 23, 24] {
      #expect(guest.call("fd_readdir", 3, Guest.bufferAddress, byteCount, UInt64(0), 64) == 0)
      #expect(guest.load(64, as: UInt32.self) == byteCount)
    }
    #expect(guest.call("fd_readdir", 3, 0x8000, 100, UInt64.max, 64) == Expected.inval)
  }

  @Test func aSecondDescriptorHasItsOwnPlace() throws {
    let directory = try TemporaryDirectory()
    for index in 0..<200 { try directory.write("file-\(index)") }
    let guest = try Guest(directory)
    let second = try guest.descriptor(".", oflags: 2, rights: Self.rights)
    let part = try Self.entries(guest, 3, 0, bufferByteCount: 500)
    #expect(try Self.all(guest, second, bufferByteCount: 500).count == 202)
    let next = try Self.entries(guest, 3, part.entries.last!.cookie, bufferByteCount: 500)
    #expect(!next.entries.isEmpty && next.entries.first != part.entries.first)
  }
}
