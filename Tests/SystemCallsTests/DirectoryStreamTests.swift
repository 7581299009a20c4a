// Every entry once, in linear time, from any cookie on.

import SystemCalls
import TestSupport
import Testing

@Suite struct DirectoryStreamTests {
  private static func directory(fileCount: Int) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    for index in 0..<fileCount { try directory.write("file-\(index)") }
    return directory
  }

  private static func stream(_ directory: TemporaryDirectory) throws -> DirectoryStream {
    DirectoryStream(try directory.descriptor.open(".", [.readOnly, .directory]))
  }

  @Test func aDirectoryHoldsItselfItsParentAndItsFiles() throws {
    let directory = try Self.directory(fileCount: 3)
    try directory.descriptor.makeDirectory("sub")
    try directory.descriptor.makeSymbolicLink("link", holding: "file-0")
    var stream = try Self.stream(directory)
    var kinds: [String: FileKind] = [:]
    while let entry = try stream.next() {
      let name = String(decoding: entry.name, as: UTF8.self)
      kinds[name] = entry.kind
      if name != ".." {
        #expect(try directory.descriptor.status(of: name).inode == entry.inode)
      }
    }
    #expect(
      kinds == [
        ".": .directory, "..": .directory, "file-0": .regular, "file-1": .regular,
        "file-2": .regular, "sub": .directory, "link": .symbolicLink,
      ])
  }

  @Test func anyCookieLeadsBackToItsPlace() throws {
    let directory = try Self.directory(fileCount: 3_000)
    var stream = try Self.stream(directory)
    var cookies: [Int64] = [0]
    var names: [String] = []
    while let entry = try stream.next() {
      names.append(String(decoding: entry.name, as: UTF8.self))
      cookies.append(entry.nextCookie)
    }
    #expect(Set(names).count == 3_002)
    for index in stride(from: 0, to: names.count, by: 37).reversed() {
      try stream.seek(to: cookies[index])
      let entry = try #require(try stream.next())
      #expect(String(decoding: entry.name, as: UTF8.self) == names[index])
      #expect(entry.nextCookie == cookies[index + 1])
    }
    try stream.seek(to: cookies[names.count])
    #expect(try stream.next() == nil)
  }

  @Test func startingOverSeesWhatIsNew() throws {
    let directory = try Self.directory(fileCount: 2)
    var stream = try Self.stream(directory)
    while try stream.next() != nil {}
    try directory.write("later")
    try stream.seek(to: 0)
    var count = 0
    while try stream.next() != nil { count += 1 }
    #expect(count == 5)
  }

  #if DEBUG
    @Test func goingBackAnEntryAtATimeReadsNothingTwice() throws {
      let directory = try Self.directory(fileCount: 10_000)
      // 10,002 entries of 32 bytes fill ten buffers, and the end is an eleventh reading. Going back
      // over a buffer's edge by reading again would make it more than twenty.
      try FaultInjection.withFault(.getdents, .inputOutput, callsBefore: 15) {
        var stream = try Self.stream(directory)
        var cookie: Int64 = 0
        var count = 0
        while let entry = try stream.next() {
          count += 1
          // As a guest's full buffer makes it: the entry did not fit and comes again.
          let next = entry.nextCookie
          if cookie != 0 {
            try stream.seek(to: cookie)
            let again = try #require(try stream.next())
            #expect(again.nextCookie == next)
          }
          cookie = next
        }
        #expect(count == 10_002)
      }
    }

    @Test func anErrorIsThrownAndNotTakenForTheEnd() throws {
      let directory = try Self.directory(fileCount: 1)
      try FaultInjection.withFault(.getdents, .inputOutput) {
        var stream = try Self.stream(directory)
        do throws(Errno) {
          _ = try stream.next()
          Issue.record("no error")
        } catch {
          #expect(error == .inputOutput)
        }
      }
    }
  #endif
}
