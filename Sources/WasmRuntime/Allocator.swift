// Who gives room for memories and globals: the machine, or whoever embeds the runtime.

import Runtime
import Synchronization
import SystemCalls
import WasmModule

/// Gives stores room for linear memories and for globals, and may refuse it: to count, to limit, to
/// use room of its own.
///
/// All that is not implemented does what `SystemAllocator` does, so an allocator implements what it
/// wants different, and asks `SystemAllocator` for the rest. Errors that it throws reach the embedder
/// as `ResourceError` with `.allocator`, but for growth, which then just fails for the guest.
///
/// **Memories.** Machine code checks no address of a memory with 32-bit addresses and ordinary pages:
/// every address that it can form lies in the reservation, and what is not committed must fault. An
/// allocator that gives less is a hole in the sandbox.
///
/// **Globals.** An instance's own globals lie by value in the block that also holds what its code needs
/// at constant offsets, so that reading one is a single load. So an allocator does not place each
/// global, but the block of each instance (`GlobalsRequest.types` says what is in it), and the cell of
/// each global that the host makes. Blocks never move, and are released with the store: an importer
/// may use a cell longer than the instance that defines it.
///
/// One allocator may serve several stores, on several threads; and a shared memory grows on whatever
/// thread runs its guest.
public protocol Allocator: AnyObject, Sendable {
  /// Reserves address space for a new memory: from a page on (4,096 bytes), at least
  /// `request.byteCount` bytes long. None of it may be accessible yet.
  func reserveMemory(_ request: MemoryRequest) throws -> UnsafeMutableRawBufferPointer

  /// Makes more of `reservation` readable and writable, all zero: `range`, whole pages behind those
  /// that are committed already. Called for a memory's first pages, too.
  func commitMemory(_ reservation: UnsafeMutableRawBufferPointer, _ range: Range<Int>) throws

  /// Takes `reservation` back, which nobody uses any more. The first `committedByteCount` bytes of it
  /// are committed.
  func releaseMemory(_ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int)

  /// A block of `request.byteCount` bytes or more, aligned as the request says, readable and writable.
  func allocateGlobals(_ request: GlobalsRequest) throws -> UnsafeMutableRawBufferPointer

  /// Takes back what `allocateGlobals` gave.
  func releaseGlobals(_ block: UnsafeMutableRawBufferPointer)
}

/// A memory that needs room.
public struct MemoryRequest: Sendable {
  public let type: MemoryType
  /// Bytes of address space that it needs: more than 8 GiB where machine code rests on guard pages.
  public let byteCount: Int
  /// Bytes with which it could grow as far as it may; never fewer than `byteCount`.
  public let preferredByteCount: Int
}

/// Globals that need room.
public struct GlobalsRequest: Sendable {
  /// The types of the globals in the block: all that an instance defines, or a single one of the
  /// host's.
  public let types: [GlobalType]
  /// Bytes of the block, with what the instance's code needs besides.
  public let byteCount: Int
  /// A power of two, at most 64.
  public let alignment: Int
}

extension Allocator {
  public func reserveMemory(_ request: MemoryRequest) throws -> UnsafeMutableRawBufferPointer {
    try SystemAllocator.shared.reserveMemory(request)
  }

  public func commitMemory(
    _ reservation: UnsafeMutableRawBufferPointer, _ range: Range<Int>
  ) throws {
    try SystemAllocator.shared.commitMemory(reservation, range)
  }

  public func releaseMemory(
    _ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int
  ) {
    SystemAllocator.shared.releaseMemory(reservation, committedByteCount: committedByteCount)
  }

  public func allocateGlobals(_ request: GlobalsRequest) throws -> UnsafeMutableRawBufferPointer {
    try SystemAllocator.shared.allocateGlobals(request)
  }

  public func releaseGlobals(_ block: UnsafeMutableRawBufferPointer) {
    SystemAllocator.shared.releaseGlobals(block)
  }
}

/// The allocator that takes from the kernel and the process's heap; for others to build on.
public final class SystemAllocator: Allocator {
  public static let shared = SystemAllocator()

  /// A part of the address space, given back with this object. Immutable.
  private final class Reservation: @unchecked Sendable {
    let memory: VirtualMemory
    init(_ memory: consuming VirtualMemory) { self.memory = memory }
  }

  /// By the address of their start.
  private let reservations = Mutex<[UInt: Reservation]>([:])

  private init() {}

  /// As many bytes as are preferred, or as there are. Throws where the machine has no such address
  /// space.
  public func reserveMemory(_ request: MemoryRequest) throws -> UnsafeMutableRawBufferPointer {
    var room = max(0, request.preferredByteCount - request.byteCount)
    while true {
      do throws(Errno) {
        let memory = try VirtualMemory(
          reserving: request.byteCount + room, alignment: VirtualMemory.hugePageByteCount)
        let reserved = UnsafeMutableRawBufferPointer(start: memory.start, count: memory.byteCount)
        let reservation = Reservation(memory)
        find(reserved) { $0 = reservation }
        return reserved
      } catch {
        guard room > 0 else {
          throw ResourceError(
            .addressSpace, "cannot reserve \(request.byteCount) bytes of address space: \(error)")
        }
        room /= 2
      }
    }
  }

  /// Throws where the machine has no such memory, or `reservation` is not of this allocator.
  public func commitMemory(
    _ reservation: UnsafeMutableRawBufferPointer, _ range: Range<Int>
  ) throws {
    guard let found = find(reservation, { $0 }) else {
      throw ResourceError(.memory, "the memory was not reserved here")
    }
    do throws(Errno) {
      try found.memory.commit(range)
    } catch {
      throw ResourceError(.memory, "cannot get \(range.count) bytes of memory: \(error)")
    }
  }

  public func releaseMemory(
    _ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int
  ) {
    find(reservation) { $0 = nil }
  }

  public func allocateGlobals(_ request: GlobalsRequest) throws -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: request.byteCount, alignment: request.alignment)
  }

  public func releaseGlobals(_ block: UnsafeMutableRawBufferPointer) { block.deallocate() }

  /// Lets `body` read or change what is known of the reservation that begins where `room` does.
  private func find<Result: Sendable>(
    _ room: UnsafeMutableRawBufferPointer, _ body: @Sendable (inout Reservation?) -> Result
  ) -> Result {
    let start = UInt(bitPattern: room.baseAddress)
    return reservations.withLock { body(&$0[start]) }
  }
}

/// An embedder's allocator, as the runtime asks it.
final class AllocatorAdapter: StorageAllocator {
  private let allocator: any Allocator

  init(_ allocator: any Allocator) { self.allocator = allocator }

  private func attempt<Result>(
    _ what: String, _ body: () throws -> Result
  ) throws(Runtime.ResourceError) -> Result {
    do { return try body() } catch { throw .refused(what: what, why: "\(error)") }
  }

  func reserve(
    _ type: WasmModule.MemoryType, least: Int, preferred: Int
  ) throws(Runtime.ResourceError) -> UnsafeMutableRawBufferPointer {
    try attempt("a linear memory") {
      try allocator.reserveMemory(
        MemoryRequest(
          type: MemoryType(type), byteCount: least, preferredByteCount: preferred))
    }
  }

  func commit(
    _ range: Range<Int>, of reservation: UnsafeMutableRawBufferPointer
  ) throws(Runtime.ResourceError) {
    try attempt("a linear memory") { try allocator.commitMemory(reservation, range) }
  }

  func release(_ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int) {
    allocator.releaseMemory(reservation, committedByteCount: committedByteCount)
  }

  func allocateGlobals(
    _ types: [WasmModule.GlobalType], byteCount: Int, alignment: Int
  ) throws(Runtime.ResourceError) -> UnsafeMutableRawBufferPointer {
    try attempt("globals") {
      try allocator.allocateGlobals(
        GlobalsRequest(
          types: types.map { GlobalType($0) }, byteCount: byteCount, alignment: alignment))
    }
  }

  func releaseGlobals(_ block: UnsafeMutableRawBufferPointer) { allocator.releaseGlobals(block) }
}
