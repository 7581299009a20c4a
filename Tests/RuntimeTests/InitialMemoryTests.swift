// Pages of a file become a memory's, and writing to them changes no file.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import Runtime

@Suite struct InitialMemoryTests {
  private static let page = PageRun.pageByteCount

  /// A file of two pages full of 1 and 2, behind one of 9.
  private static func file() throws -> OwnedDescriptor {
    let file = try FileDescriptor.memoryFile(named: "pages")
    for byte: UInt8 in [9, 1, 2] {
      try file.descriptor.writeAll([UInt8](repeating: byte, count: page))
    }
    return file
  }

  private static func memory(_ store: Store) throws -> LinearMemory {
    try store.makeMemory(MemoryType(limits: Limits(minimum: 1)))
  }

  private static func run(_ offset: Int, pages: Int = 1) -> PageRun {
    PageRun(memory: 0, offset: UInt64(offset), byteCount: UInt64(pages * page))
  }

  private static func byte(_ memory: LinearMemory, _ offset: Int) -> UInt8? {
    memory.definition.pointee.base?.load(fromByteOffset: offset, as: UInt8.self)
  }

  @Test func pagesAreThereAndPrivate() throws {
    let file = try Self.file()
    let memory = try Self.memory(try Store())
    let initial = try InitialMemory(
      [Self.run(0), Self.run(3 * Self.page)], from: file.descriptor, at: Self.page)
    try initial.move(to: [memory])
    let places = [0, Self.page - 1, Self.page, 3 * Self.page - 1, 3 * Self.page, 4 * Self.page]
    #expect(places.map { Self.byte(memory, $0) } == [1, 1, 0, 0, 2, 0])
    memory.definition.pointee.base?.storeBytes(of: 7, toByteOffset: 0, as: UInt8.self)
    var first: [UInt8] = [0]
    _ = try first.withUnsafeMutableBytes {
      try file.descriptor.readAll(into: $0, at: Int64(Self.page))
    }
    #expect(first == [1] && Self.byte(memory, 0) == 7)
    // And it still grows.
    #expect(memory.grow(by: 1) == 1 && Self.byte(memory, 65_536) == 0)
  }

  @Test func aRunOutsideOfItsMemoryIsRefused() throws {
    let file = try Self.file()
    for run in [
      Self.run(16 * Self.page), Self.run(15 * Self.page, pages: 2), Self.run(1 << 61),
    ] {
      let memory = try Self.memory(try Store())
      let initial = try InitialMemory([run], from: file.descriptor, at: 0)
      #expect(throws: Errno.invalidArgument) { try initial.move(to: [memory]) }
    }
    let initial = try InitialMemory([Self.run(0)], from: file.descriptor, at: 0)
    #expect(throws: Errno.invalidArgument) { try initial.move(to: []) }
  }

  @Test func aMoveThatFailsLeavesTheMemory() throws {
    let file = try Self.file()
    let memory = try Self.memory(try Store())
    let initial = try InitialMemory([Self.run(0)], from: file.descriptor, at: 0)
    #expect(throws: Errno.noMemory) {
      try FaultInjection.withFault(.mremap, .noMemory) { try initial.move(to: [memory]) }
    }
    #expect(Self.byte(memory, 0) == 0)
  }
}
