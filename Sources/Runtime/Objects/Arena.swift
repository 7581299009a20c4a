// Memory that lives as long as the store: VMContexts, host records, cells.

import SystemCalls
import WasmModule

/// Hands out zeroed memory that never moves; all of it is given back at once.
final class Arena {
  private final class Chunk {
    let memory: VirtualMemory
    /// Older chunks, kept alive.
    private let rest: Chunk?

    init(byteCount: Int, rest: Chunk?) throws(Errno) {
      memory = try VirtualMemory(reserving: byteCount)
      self.rest = rest
      try memory.commit(0..<memory.byteCount)
    }
  }

  /// Gives the blocks of globals; nil for the arena itself.
  private let allocator: (any StorageAllocator)?
  private var lentBlocks: [UnsafeMutableRawBufferPointer] = []
  private var chunk: Chunk?
  /// Bytes handed out of `chunk`.
  private var used = 0

  private static let chunkByteCount = 256 * 1_024

  init(_ allocator: (any StorageAllocator)? = nil) { self.allocator = allocator }

  deinit {
    for block in lentBlocks { allocator?.releaseGlobals(block) }
  }

  /// Zeroed memory for what holds globals of these types: a cell, or a whole VMContext.
  func allocateGlobals(
    _ types: @autoclosure () -> [GlobalType], byteCount: Int, alignment: Int
  ) throws(ResourceError) -> UnsafeMutableRawPointer {
    guard let allocator else { return try allocate(byteCount: byteCount, alignment: alignment) }
    let block = try allocator.allocateGlobals(
      types(), byteCount: byteCount, alignment: alignment)
    lentBlocks.append(block)
    guard let start = block.baseAddress, block.count >= byteCount,
      UInt(bitPattern: start) % UInt(alignment) == 0
    else {
      throw .refused(what: "globals", why: "the allocator gave other room than it was asked for")
    }
    start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return start
  }

  /// Zeroed memory, aligned to `alignment` (a power of two, at most a page).
  func allocate(byteCount: Int, alignment: Int) throws(ResourceError) -> UnsafeMutableRawPointer {
    let start = (used + alignment - 1) & ~(alignment - 1)
    if let chunk, start <= chunk.memory.byteCount, byteCount <= chunk.memory.byteCount - start {
      used = start + byteCount
      return chunk.memory.start + start
    }
    let wanted = max(byteCount, Self.chunkByteCount)
    do throws(Errno) {
      let fresh = try Chunk(byteCount: wanted, rest: chunk)
      chunk = fresh
      used = byteCount
      return fresh.memory.start
    } catch {
      throw .commitment(what: "the store", byteCount: UInt64(wanted), error)
    }
  }

  /// Zeroed memory for `count` values of a C type.
  func allocate<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int = 1
  ) throws(ResourceError) -> UnsafeMutablePointer<Element> {
    try allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 16
    ).bindMemory(to: Element.self, capacity: count)
  }

  /// A copy of `elements` that stays.
  func copy<Element: BitwiseCopyable>(
    _ elements: [Element]
  ) throws(ResourceError) -> UnsafeMutablePointer<Element> {
    let copy = try allocate(Element.self, count: elements.count)
    elements.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { copy.update(from: start, count: source.count) }
    }
    return copy
  }
}
