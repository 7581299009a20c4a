// Address space: reserved, committed, given back.

import SystemCalls
import Testing

@Suite struct VirtualMemoryTests {
  @Test func commitMakesPartsUsable() throws {
    let memory = try VirtualMemory(reserving: 10 * VirtualMemory.pageByteCount)
    #expect(memory.byteCount == 10 * VirtualMemory.pageByteCount)
    try memory.commit(VirtualMemory.pageByteCount..<3 * VirtualMemory.pageByteCount)
    let bytes = memory.start.assumingMemoryBound(to: UInt8.self)
    for place in [VirtualMemory.pageByteCount, 3 * VirtualMemory.pageByteCount - 1] {
      #expect(bytes[place] == 0)
      bytes[place] = 1
    }
    // What was written stays when more is committed.
    try memory.commit(3 * VirtualMemory.pageByteCount..<4 * VirtualMemory.pageByteCount)
    #expect(bytes[VirtualMemory.pageByteCount] == 1)
  }

  @Test func rangesMustBePagesInside() throws {
    let memory = try VirtualMemory(reserving: 1)
    #expect(memory.byteCount == VirtualMemory.pageByteCount)
    for range in [1..<4_096, 0..<100, 0..<8_192, -4_096..<0] {
      #expect(throws: Errno.invalidArgument) { try memory.commit(range) }
    }
    try memory.commit(0..<0)
  }

  @Test(arguments: [4_096, 65_536, 2 << 20, 1 << 30]) func alignment(alignment: Int) throws {
    for _ in 0..<4 {
      let memory = try VirtualMemory(reserving: 5_000, alignment: alignment)
      #expect(Int(bitPattern: memory.start) % alignment == 0)
      #expect(memory.byteCount == 8_192)
      try memory.commit(0..<8_192)
      memory.preferHugePages(0..<8_192)
      memory.start.storeBytes(of: 1, toByteOffset: 8_191, as: UInt8.self)
    }
  }

  @Test func impossibleSizes() {
    for byteCount in [Int.max, .max - 4_095, 1 << 60] {
      #expect(throws: Errno.noMemory) { _ = try VirtualMemory(reserving: byteCount) }
    }
  }

  @Test func mappedFile() throws {
    let file = try FileDescriptor.memoryFile(named: "test").take()
    defer { try? file.close() }
    let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
    try content.withUnsafeBytes { try file.writeAll($0) }
    let memory = try VirtualMemory(mapping: file, byteCount: content.count)
    #expect(memory.byteCount == 12_288)
    let seen = UnsafeRawBufferPointer(start: memory.start, count: content.count)
    #expect(seen.elementsEqual(content))
    // A page of the file in another place, now executable.
    try memory.mapCode(0..<100, from: file, fileOffset: 4_096)
    #expect(seen[0..<100].elementsEqual(content[4_096..<4_196]))
    #expect(throws: Errno.invalidArgument) {
      try memory.mapCode(10..<100, from: file, fileOffset: 0)
    }
    #expect(throws: Errno.invalidArgument) {
      _ = try VirtualMemory(mapping: file, byteCount: 0)
    }
  }

  @Test func plannedFaults() throws {
    try FaultInjection.withFault(.mmap, .noMemory, failures: 1) {
      #expect(throws: Errno.noMemory) { _ = try VirtualMemory(reserving: 1) }
      let memory = try VirtualMemory(reserving: 1)
      FaultInjection.withFault(.mprotect, .notPermitted) {
        #expect(throws: Errno.notPermitted) { try memory.commit(0..<4_096) }
      }
    }
    FaultInjection.withFault(.memfdCreate, .tooManyOpenFiles) {
      #expect(throws: Errno.tooManyOpenFiles) { _ = try FileDescriptor.memoryFile(named: "x") }
    }
  }
}
