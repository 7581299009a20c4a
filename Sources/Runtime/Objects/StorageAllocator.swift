// Who gives a store room for linear memories and for globals: the kernel, or whoever embeds it.

import SystemCalls
package import WasmModule

/// Gives a store room. Shared memories grow on any thread of the store's, all else happens on the
/// store's own. A store without an allocator takes from the kernel itself.
package protocol StorageAllocator: AnyObject, Sendable {
  /// Address space for a memory of `type`: from a page on, `least` bytes or more. What is not
  /// committed must fault; machine code rests on that.
  func reserve(
    _ type: MemoryType, least: Int, preferred: Int
  ) throws(ResourceError) -> UnsafeMutableRawBufferPointer

  /// Makes `range` of a reservation, whole pages, readable and writable, all zero.
  func commit(
    _ range: Range<Int>, of reservation: UnsafeMutableRawBufferPointer
  ) throws(ResourceError)

  /// Takes a reservation back, of which the first bytes are committed.
  func release(_ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int)

  /// A block for a global of the host, or for an instance with all globals that it defines. It stays
  /// where it is until it is taken back, which is after everything of the store.
  func allocateGlobals(
    _ types: [GlobalType], byteCount: Int, alignment: Int
  ) throws(ResourceError) -> UnsafeMutableRawBufferPointer

  func releaseGlobals(_ block: UnsafeMutableRawBufferPointer)
}

/// The room of one linear memory. Its owner gives it back by `release`.
struct MemoryRoom: ~Copyable {
  let start: UnsafeMutableRawPointer
  let byteCount: Int
  /// nil where an allocator has lent the room.
  private let own: VirtualMemory?
  private let allocator: (any StorageAllocator)?

  /// Between `least` and `preferred` bytes. Where address space is scarce, less room to grow is
  /// better than no memory.
  init(
    for type: MemoryType, least: UInt64, preferred: UInt64, _ allocator: (any StorageAllocator)?
  ) throws(ResourceError) {
    self.allocator = allocator
    if let allocator {
      let wanted = Int(clamping: max(1, least))
      let room = try allocator.reserve(
        type, least: wanted, preferred: Int(clamping: max(1, preferred)))
      guard let start = room.baseAddress, room.count >= wanted,
        UInt(bitPattern: start) % UInt(VirtualMemory.pageByteCount) == 0
      else {
        throw .refused(
          what: "a linear memory", why: "the allocator gave other room than it was asked for")
      }
      self.start = start
      byteCount = room.count
      own = nil
      return
    }
    let memory = try Self.reserve(least: least, preferred: preferred)
    start = memory.start
    byteCount = memory.byteCount
    own = consume memory
  }

  private static func reserve(
    least: UInt64, preferred: UInt64
  ) throws(ResourceError) -> VirtualMemory {
    var room = preferred - least
    while true {
      let byteCount = least + room
      do throws(Errno) {
        return try VirtualMemory(
          reserving: Int(clamping: max(1, byteCount)), alignment: VirtualMemory.hugePageByteCount)
      } catch {
        guard room > 0 else {
          throw .reservation(what: "a linear memory", byteCount: byteCount, error)
        }
        room /= 2
      }
    }
  }

  /// Gives lent room back; the kernel's goes with this value.
  func release(committedByteCount: Int) {
    allocator?.release(
      UnsafeMutableRawBufferPointer(start: start, count: byteCount),
      committedByteCount: committedByteCount)
  }

  func commit(_ range: Range<Int>) throws(ResourceError) {
    guard !range.isEmpty else { return }
    if let allocator {
      guard range.upperBound <= byteCount else {
        throw .refused(what: "a linear memory", why: "its room is full")
      }
      return try allocator.commit(
        range, of: UnsafeMutableRawBufferPointer(start: start, count: byteCount))
    }
    do throws(Errno) {
      try own?.commit(range)
    } catch {
      throw .commitment(
        what: "a linear memory", byteCount: UInt64(range.upperBound), error)
    }
  }

  func preferHugePages(_ range: Range<Int>) { own?.preferHugePages(range) }

  /// Puts `pages` in the place of those at `offset`, which are committed.
  func replace(at offset: Int, by pages: consuming VirtualMemory) throws(Errno) {
    switch own {
    case .some(let own): try pages.move(to: own, at: offset)
    // Another's room keeps its own pages.
    case nil: (start + offset).copyMemory(from: pages.start, byteCount: pages.byteCount)
    }
  }
}
