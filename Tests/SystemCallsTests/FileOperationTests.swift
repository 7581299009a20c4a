// The wrappers say what the kernel says.

import SystemCalls
import TestSupport
import Testing

@Suite struct FileOperationTests {
  private let directory: TemporaryDirectory
  private var top: FileDescriptor { directory.descriptor }

  init() throws { directory = try TemporaryDirectory() }

  @Test func writtenBytesAreRead() throws {
    let file = try top.open("f", [.readWrite, .create])
    try Array("hello, world".utf8).withUnsafeBytes { try file.descriptor.writeAll($0) }
    #expect(try file.descriptor.seek(-5, from: .end) == 7)
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = try buffer.withUnsafeMutableBytes { try file.descriptor.read(into: $0) }
    #expect(buffer[..<count].elementsEqual("world".utf8))
    let all = try buffer.withUnsafeMutableBytes { try file.descriptor.readAll(into: $0, at: 1) }
    #expect(buffer[..<all].elementsEqual("ello, world".utf8))
  }

  @Test func statusTellsKindSizeAndTimes() throws {
    try directory.write("f", "12345")
    try top.makeDirectory("d")
    try top.makeSymbolicLink("l", holding: "f")
    #expect(try top.status(of: "f").kind == .regular)
    #expect(try top.status(of: "f").byteCount == 5)
    #expect(try top.status(of: "d").kind == .directory)
    #expect(try top.status(of: "l").kind == .symbolicLink)
    #expect(try top.status(of: "l", following: true).kind == .regular)
    let null = try FileDescriptor.currentDirectory.status(of: "/dev/null")
    #expect(null.kind == .characterDevice)
    #expect(null.deviceNumber == (1, 3))

    try top.setTimes(of: "f", access: .nanoseconds(1_000_000_001), modification: .unchanged)
    let before = try top.status(of: "f")
    #expect(before.accessTime == 1_000_000_001)
    let file = try top.open("f", .path)
    try file.descriptor.setTimesOfPath(access: .now, modification: .nanoseconds(7))
    #expect(try top.status(of: "f").modificationTime == 7)
    #expect(try top.status(of: "f").accessTime >= before.changeTime - 1_000_000_000)
  }

  @Test func namesAreMovedLinkedAndRemoved() throws {
    try directory.write("a", "1")
    try directory.write("b", "2")
    #expect(throws: Errno.fileExists) { try top.renameWithoutReplacing("a", to: top, "b") }
    try top.rename("a", to: top, "b")
    #expect(try directory.contents(of: "b") == "1")
    try top.link("b", to: top, "c")
    #expect(try top.status(of: "b").linkCount == 2)
    #expect(throws: Errno.notDirectory) { try top.removeDirectory("b") }
    try top.makeDirectory("d")
    #expect(throws: Errno.isDirectory) { try top.unlink("d") }
    try top.makeSymbolicLink("l", holding: "some/where")
    #expect(try String(decoding: top.readSymbolicLink("l"), as: UTF8.self) == "some/where")
  }

  @Test func aLockExcludesOthers() throws {
    let first = try top.open("lock", [.readWrite, .create])
    let second = try top.open("lock", .readWrite)
    try first.descriptor.lock(exclusive: true, blocking: false)
    #expect(throws: Errno.wouldBlock) {
      try second.descriptor.lock(exclusive: false, blocking: false)
    }
    try first.descriptor.unlock()
    try second.descriptor.lock(exclusive: true, blocking: false)
  }

  @Test func sizeAndSpace() throws {
    let file = try top.open("f", [.readWrite, .create])
    try file.descriptor.truncate(to: 100)
    try file.descriptor.allocate(offset: 90, byteCount: 20)
    #expect(try file.descriptor.status().byteCount == 110)
    #expect(throws: Errno.invalidArgument) {
      try file.descriptor.allocate(offset: 0, byteCount: 0)
    }
  }

  @Test func flagsOfTheOpenFileCanChange() throws {
    let file = try top.open("f", [.readWrite, .create, .append])
    #expect(try file.descriptor.statusFlags().contains(.append))
    try file.descriptor.setStatusFlags(.nonBlocking)
    let flags = try file.descriptor.statusFlags()
    #expect(!flags.contains(.append) && flags.contains(.nonBlocking))
  }

  @Test func clocksRunAndSleepLasts() throws {
    let start = try Clock.monotonic.now()
    try Clock.monotonic.sleep(until: start + 2_000_000)
    #expect(try Clock.monotonic.now() >= start + 2_000_000)
    // 2020 to 2100.
    #expect((1_577_836_800...4_102_444_800).contains(try Clock.realtime.now() / 1_000_000_000))
    #expect(try Clock.monotonic.resolution() >= 1)
    #expect(try Clock.threadTime.now() <= Clock.processTime.now())
  }

  @Test func randomBytesFillTheBuffer() throws {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    try bytes.withUnsafeMutableBytes { try RandomSource.fill($0) }
    #expect(bytes.suffix(64).contains { $0 != 0 })
    #expect(Set(bytes).count == 256)
  }

  #if DEBUG
    @Test func aPlannedFaultStrikesAsOftenAsPlannedAndOnThisThreadOnly() throws {
      try directory.write("f", "text")
      try FaultInjection.withFault(.openat, .tooManyOpenFiles, failures: 2, callsBefore: 1) {
        _ = try top.open("f", .readOnly)
        for _ in 0..<2 {
          #expect(throws: Errno.tooManyOpenFiles) { try top.open("f", .readOnly).close() }
        }
        _ = try top.open("f", .readOnly)
      }
    }

    @Test func aFullDiskIsReported() throws {
      let file = try top.open("f", [.writeOnly, .create])
      FaultInjection.withFault(.write, .noSpace, callsBefore: 1) {
        let bytes = [UInt8](repeating: 1, count: 10)
        #expect(throws: Errno.noSpace) {
          try bytes.withUnsafeBytes {
            try file.descriptor.writeAll($0)
            try file.descriptor.writeAll($0)
          }
        }
      }
    }
  #endif
}
