// A linear memory: address space reserved for all that it may become, so that its base never moves,
// and memory put there as it grows.

import CRuntime
package import CompilerInterface
import Synchronization
import SystemCalls
package import WasmModule

/// A linear memory. Spec: core 3.0 §4.2.8.
///
/// Where its type is a guarded one (`MemoryType.isGuarded`), any access that code can make is
/// either inside the memory or faults; else code compares with the length.
package final class LinearMemory {
  package let type: MemoryType
  /// Base and length as machine code reads them: in the VMContext of the instance that defines the
  /// memory, or in the store's arena for the host's.
  package let definition: UnsafeMutablePointer<MemoryDefinition>
  /// Where the definition lies.
  private let arena: Arena
  private let reservation: MemoryRoom
  private let budget: ResourceBudget
  /// Threads may grow a shared memory at the same time.
  private let growing = Mutex(())
  /// Bytes that can be accessed: the length rounded up to pages of the processor.
  private var committedByteCount = 0
  /// Bytes of the budget. Not read back from `definition`, which may be gone before this object.
  private var takenByteCount: UInt64
  /// Copies of `definition` in the VMContexts of other threads; changed while `growing` is held.
  private var views: [UnsafeMutablePointer<MemoryDefinition>] = []

  /// An index and an offset of 32 bits each, and the widest access behind them.
  static let guardedByteCount = 8 << 30 + VirtualMemory.pageByteCount * 16
  /// Address space for memories that code checks: at most so much, a small part of what there is.
  static let checkedByteCount: UInt64 = 1 << 40

  /// Reserves address space and fills in `definition`, which lies in `arena`.
  init(
    type: MemoryType, definition: UnsafeMutablePointer<MemoryDefinition>, in arena: Arena,
    budget: ResourceBudget, allocator: (any StorageAllocator)? = nil
  ) throws(ResourceError) {
    let byteCount = Self.byteCount(type, pages: type.limits.minimum)
    guard budget.take(byteCount) else {
      throw .memoryLimit(wanted: byteCount, limit: budget.remaining)
    }
    do throws(ResourceError) {
      reservation = try Self.reserve(type, byteCount, allocator)
    } catch {
      budget.giveBack(byteCount)
      throw error
    }
    takenByteCount = byteCount
    self.type = type
    self.definition = definition
    self.arena = arena
    self.budget = budget
    definition.pointee = MemoryDefinition(base: reservation.start, byteCount: 0)
    try extend(to: byteCount)
    guard
      !type.isGuarded
        || wasmrun_ranges_add(
          WASMRUN_MEMORY, UInt(bitPattern: reservation.start), UInt(reservation.byteCount))
    else { throw .commitment(what: "a linear memory", byteCount: byteCount, .noMemory) }
  }

  /// Bytes of so many pages; as many as there can be where that is more.
  private static func byteCount(_ type: MemoryType, pages: UInt64) -> UInt64 {
    let (byteCount, overflow) = pages.multipliedReportingOverflow(by: type.pageSize)
    return overflow ? .max : byteCount
  }

  /// Reserves what a memory of `type`, at first of `minimum` bytes, needs.
  private static func reserve(
    _ type: MemoryType, _ minimum: UInt64, _ allocator: (any StorageAllocator)?
  ) throws(ResourceError) -> MemoryRoom {
    let least = type.isGuarded ? UInt64(guardedByteCount) : minimum
    let most = Self.byteCount(type, pages: min(type.limits.maximum ?? .max, type.maximumPageCount))
    let room = type.isGuarded ? 0 : min(most, max(minimum, checkedByteCount)) - minimum
    return try MemoryRoom(for: type, least: least, preferred: least + room, allocator)
  }

  deinit {
    wasmrun_ranges_remove(WASMRUN_MEMORY, UInt(bitPattern: reservation.start))
    reservation.release(committedByteCount: committedByteCount)
    budget.giveBack(takenByteCount)
  }

  package var byteCount: UInt64 { definition.pointee.byteCount }
  package var pageCount: UInt64 { byteCount >> UInt64(type.pageSizeLog2) }

  /// The memory as WASI and other hosts access it.
  package var guestMemory: GuestMemory { GuestMemory(definition: UnsafePointer(definition)) }

  /// The type with the size as it is now for a minimum.
  package var currentType: MemoryType {
    var current = type
    current.limits.minimum = pageCount
    return current
  }

  /// Adds zeroed pages; the number of pages before, or nil where a limit or the machine refuses.
  /// Spec: core 3.0 §4.6.12 (memory.grow).
  package func grow(by delta: UInt64) -> UInt64? {
    growing.withLock { _ in growAlone(by: delta) }
  }

  private func growAlone(by delta: UInt64) -> UInt64? {
    let old = pageCount
    let limit = min(
      type.limits.maximum ?? .max, type.maximumPageCount,
      UInt64(reservation.byteCount) >> UInt64(type.pageSizeLog2))
    guard old <= limit, delta <= limit - old else { return nil }
    let byteDelta = delta << UInt64(type.pageSizeLog2)
    guard budget.take(byteDelta) else { return nil }
    do throws(ResourceError) {
      try extend(to: byteCount + byteDelta)
    } catch {
      budget.giveBack(byteDelta)
      return nil
    }
    takenByteCount += byteDelta
    return old
  }

  /// What builtins need to know of the memory.
  var record: wasmrun_memory {
    wasmrun_memory(
      definition: UnsafeMutableRawPointer(definition).assumingMemoryBound(
        to: wasmrun_definition.self),
      owner: Unmanaged.passUnretained(self).toOpaque())
  }

  /// Prepares for data of so many bytes to be copied in. Where they fill a good part of the memory,
  /// its pages are going to be needed, and a huge page costs one fault instead of 512: CPython's
  /// data are there in 3 ms instead of 10. Elsewhere huge pages could take much that nobody uses.
  func expectData(byteCount: UInt64) {
    guard byteCount >= UInt64(VirtualMemory.hugePageByteCount), byteCount >= self.byteCount / 4
    else { return }
    reservation.preferHugePages(0..<committedByteCount)
  }

  /// Puts `pages` in the place of those at `offset`, which must all be part of the memory.
  func replacePages(at offset: UInt64, by pages: consuming VirtualMemory) throws(Errno) {
    let end = offset.addingReportingOverflow(UInt64(pages.byteCount))
    guard !end.overflow, end.partialValue <= UInt64(committedByteCount) else {
      throw .invalidArgument
    }
    try reservation.replace(at: Int(offset), by: pages)
  }

  /// Whether `address` lies in what this memory has reserved; then its distance from the base.
  func offset(of address: UInt) -> UInt64? {
    let distance = address &- UInt(bitPattern: reservation.start)
    return distance < UInt(reservation.byteCount) ? UInt64(distance) : nil
  }

  private func extend(to byteCount: UInt64) throws(ResourceError) {
    guard let wanted = Int(exactly: byteCount).flatMap(VirtualMemory.roundedToPages) else {
      throw .commitment(what: "a linear memory", byteCount: byteCount, .noMemory)
    }
    try reservation.commit(committedByteCount..<wanted)
    committedByteCount = wanted
    definition.pointee.byteCount = byteCount
    for view in views { view.pointee.byteCount = byteCount }
  }

  // MARK: Threads.

  /// Keeps `view` like the definition, as long as it is not removed: an instance that another thread
  /// has reads there how long the memory is.
  func add(_ view: UnsafeMutablePointer<MemoryDefinition>) {
    growing.withLock { _ in
      view.pointee = definition.pointee
      views.append(view)
    }
  }

  func remove(_ view: UnsafeMutablePointer<MemoryDefinition>) {
    growing.withLock { _ in views.removeAll { $0 == view } }
  }
}
