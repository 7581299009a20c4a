// Memories and bulk memory instructions in compiled code.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledMemoryTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  /// A memory of 1 to 3 pages with functions for each instruction.
  private func builder() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1, maximum: 3), export: "memory")
    _ = builder.function([], [.i32], export: "size", Code(.memorySize, 0))
    _ = builder.function([.i32], [.i32], export: "grow", .local(0) + Code(.memoryGrow, 0))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load8U, 0, 0))
    let three = Code.local(0) + .local(1) + .local(2)
    _ = builder.function([.i32, .i32, .i32], [], export: "fill", three + Code(.memoryFill, 0))
    _ = builder.function([.i32, .i32, .i32], [], export: "copy", three + Code(.memoryCopy, 0, 0))
    let segment = builder.passiveData(Array(1...10))
    _ = builder.function(
      [.i32, .i32, .i32], [], export: "init", three + Code(.memoryInit, Int(segment), 0))
    _ = builder.function([], [], export: "drop", Code(.dataDrop, Int(segment)))
    return builder
  }

  private func bytes(_ instance: Instance, _ range: Range<Int>) throws -> [UInt8] {
    let memory = try #require(instance.memory("memory")).guestMemory
    return Array(try #require(memory.bytes(at: UInt32(range.lowerBound), count: range.count)))
  }

  @Test(arguments: [true, false]) func growth(passParameters: Bool) throws {
    let instance = try linker.instantiate(builder(), passParameters: passParameters)
    #expect(try instance.call("size") == [.i32(1)])
    #expect(try instance.trap("load", .i32(65_536))?.code == .memoryOutOfBounds)
    #expect(try instance.call("grow", .i32(1)) == [.i32(1)])
    #expect(try instance.call("size") == [.i32(2)])
    #expect(try instance.call("load", .i32(131_071)) == [.i32(0)])
    #expect(try instance.trap("load", .i32(131_072))?.code == .memoryOutOfBounds)
    #expect(try instance.call("grow", .i32(2)) == [.int(-1)])
    #expect(try instance.call("grow", .int(-1)) == [.int(-1)])
    #expect(try instance.call("grow", .i32(0)) == [.i32(2)])
    #expect(try instance.call("grow", .i32(1)) == [.i32(2)])
    #expect(try instance.call("size") == [.i32(3)])
  }

  @Test func fillAndCopy() throws {
    let instance = try linker.instantiate(builder())
    _ = try instance.call("fill", .i32(10), .i32(0x1_AB), .i32(3))
    #expect(try bytes(instance, 9..<14) == [0, 0xAB, 0xAB, 0xAB, 0])
    _ = try instance.call("init", .i32(20), .i32(0), .i32(10))
    // Overlapping, in both directions.
    _ = try instance.call("copy", .i32(22), .i32(20), .i32(8))
    #expect(try bytes(instance, 20..<30) == [1, 2, 1, 2, 3, 4, 5, 6, 7, 8])
    _ = try instance.call("copy", .i32(20), .i32(22), .i32(8))
    #expect(try bytes(instance, 20..<30) == [1, 2, 3, 4, 5, 6, 7, 8, 7, 8])
  }

  @Test func initializeAndDrop() throws {
    let instance = try linker.instantiate(builder())
    _ = try instance.call("init", .i32(0), .i32(8), .i32(2))
    #expect(try bytes(instance, 0..<3) == [9, 10, 0])
    #expect(try instance.trap("init", .i32(0), .i32(8), .i32(3))?.code == .memoryOutOfBounds)
    #expect(try instance.trap("init", .i32(65_535), .i32(0), .i32(2))?.code == .memoryOutOfBounds)
    _ = try instance.call("drop")
    // A dropped segment is an empty one.
    _ = try instance.call("init", .i32(0), .i32(0), .i32(0))
    #expect(try instance.trap("init", .i32(0), .i32(0), .i32(1))?.code == .memoryOutOfBounds)
    #expect(try instance.trap("init", .i32(0), .i32(1), .i32(0))?.code == .memoryOutOfBounds)
    _ = try instance.call("drop")
  }

  /// Nothing is written where anything would be out of bounds; bounds are without overflow.
  @Test(
    arguments: [
      (65_535, 2), (65_536, 1), (65_537, 0), (-1, 1), (1, -1), (-1, -1), (Int32.min, Int32.min),
    ] as [(Int32, Int32)])
  func bulkBounds(start: Int32, count: Int32) throws {
    let instance = try linker.instantiate(builder())
    let (start, count) = (Value.int(start), Value.int(count))
    #expect(try instance.trap("fill", start, .i32(1), count)?.code == .memoryOutOfBounds)
    #expect(try instance.trap("copy", start, .i32(0), count)?.code == .memoryOutOfBounds)
    #expect(try instance.trap("copy", .i32(0), start, count)?.code == .memoryOutOfBounds)
    #expect(try bytes(instance, 65_530..<65_536) == [0, 0, 0, 0, 0, 0])
    #expect(try bytes(instance, 0..<4) == [0, 0, 0, 0])
  }

  @Test func bulkAtTheEnd() throws {
    let instance = try linker.instantiate(builder())
    for name in ["fill", "copy"] {
      _ = try instance.call(name, .i32(65_536), .i32(0), .i32(0))
      _ = try instance.call(name, .i32(65_535), .i32(0), .i32(1))
    }
  }

  /// Two instances and the host look at one memory, grown by either.
  @Test(arguments: [true, false]) func sharedMemory(passParameters: Bool) throws {
    let memory = try store.makeMemory(MemoryType(limits: Limits(minimum: 1, maximum: 5)))
    linker.define("host", "memory", .memory(memory))
    var builder = WasmBuilder()
    _ = builder.importMemory("host", "memory", Limits(minimum: 1))
    _ = builder.function([], [.i32], export: "size", Code(.memorySize, 0))
    _ = builder.function([.i32], [.i32], export: "grow", .local(0) + Code(.memoryGrow, 0))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 0, 0))
    _ = builder.function(
      [.i32, .i32], [], export: "store", .local(0) + .local(1) + Code(.i32Store, 0, 0))
    let first = try linker.instantiate(builder, passParameters: passParameters)
    let second = try linker.instantiate(builder, passParameters: !passParameters)
    _ = try first.call("store", .i32(100), .i32(7))
    #expect(try second.call("load", .i32(100)) == [.i32(7)])
    #expect(try first.call("grow", .i32(2)) == [.i32(1)])
    #expect(try second.call("size") == [.i32(3)])
    #expect(memory.grow(by: 1) == 3)
    #expect(try first.call("size") == [.i32(4)])
    _ = try second.call("store", .i32(4 * 65_536 - 4), .i32(9))
    #expect(try first.call("load", .i32(4 * 65_536 - 4)) == [.i32(9)])
  }

  /// Memories other than the first: each access finds its own.
  @Test func severalMemories() throws {
    var builder = WasmBuilder()
    for name in ["first", "second", "third"] {
      _ = builder.memory(Limits(minimum: 1), export: name)
    }
    for index in 0..<3 {
      _ = builder.data([UInt8(index) + 1], at: .i32(0), memory: UInt32(index))
    }
    _ = builder.function(
      [.i32], [.i32], export: "copy",
      .local(0) + .i32(0) + .i32(1) + Code(.memoryCopy, 2, 1)
        + .local(0) + .local(0) + Code(.memorySize, 2) + Code(.i32Add)
        + Code(.memoryGrow, 1) + Code(.i32Add))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("copy", .i32(5)) == [.i32(6)])
    let third = try #require(instance.memory("third")).guestMemory
    #expect(third.bytes(at: 0, count: 6).map(Array.init) == [3, 0, 0, 0, 0, 2])
    #expect(instance.memory("second")?.pageCount == 7)
    #expect(instance.memory("first")?.pageCount == 1)
  }
}
