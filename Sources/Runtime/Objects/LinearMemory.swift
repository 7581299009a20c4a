// A linear memory: address space reserved so that any 32-bit access is either inside the memory or
// faults, and memory put there as it grows.

import CRuntime
package import CompilerInterface
import SystemCalls
package import WasmModule

/// A linear memory with 32-bit addresses. Its base never moves. Spec: core 3.0 §4.2.8.
package final class LinearMemory {
  package let type: MemoryType
  /// Base and length as machine code reads them: in the VMContext of the instance that defines the
  /// memory, or in the store's arena for the host's.
  package let definition: UnsafeMutablePointer<MemoryDefinition>
  /// Where the definition lies.
  private let arena: Arena
  private let reservation: VirtualMemory
  private let budget: MemoryBudget
  /// Bytes that can be accessed: the length rounded up to pages of the processor.
  private var committedByteCount = 0
  /// Bytes of the budget. Not read back from `definition`, which may be gone before this object.
  private var takenByteCount: UInt64

  /// An index and an offset of 32 bits each, and the widest access behind them.
  static let reservationByteCount = 8 << 30 + VirtualMemory.pageByteCount * 16

  /// Reserves address space and fills in `definition`, which lies in `arena`.
  init(
    type: MemoryType, definition: UnsafeMutablePointer<MemoryDefinition>, in arena: Arena,
    budget: MemoryBudget
  ) throws(ResourceError) {
    guard !type.limits.is64Bit else {
      throw .unsupported("memories with 64-bit addresses are not supported")
    }
    let byteCount = type.limits.minimum << UInt64(type.pageSizeLog2)
    guard budget.take(byteCount) else {
      throw .memoryLimit(wanted: byteCount, limit: budget.remaining)
    }
    do throws(Errno) {
      reservation = try VirtualMemory(
        reserving: Self.reservationByteCount, alignment: VirtualMemory.hugePageByteCount)
    } catch {
      budget.giveBack(byteCount)
      throw .reservation(
        what: "a linear memory", byteCount: UInt64(Self.reservationByteCount), error)
    }
    takenByteCount = byteCount
    self.type = type
    self.definition = definition
    self.arena = arena
    self.budget = budget
    definition.pointee = MemoryDefinition(base: reservation.start, byteCount: 0)
    do throws(Errno) {
      try extend(to: byteCount)
      guard
        wasmrun_ranges_add(
          WASMRUN_MEMORY, UInt(bitPattern: reservation.start), UInt(reservation.byteCount))
      else { throw .noMemory }
    } catch {
      throw .commitment(what: "a linear memory", byteCount: byteCount, error)
    }
  }

  deinit {
    wasmrun_ranges_remove(WASMRUN_MEMORY, UInt(bitPattern: reservation.start))
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
    let old = pageCount
    let limit = min(type.limits.maximum ?? .max, 1 << (32 - UInt64(type.pageSizeLog2)))
    guard old <= limit, delta <= limit - old else { return nil }
    let byteDelta = delta << UInt64(type.pageSizeLog2)
    guard budget.take(byteDelta) else { return nil }
    do throws(Errno) {
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

  /// Whether `address` lies in what this memory has reserved; then its distance from the base.
  func offset(of address: UInt) -> UInt64? {
    let distance = address &- UInt(bitPattern: reservation.start)
    return distance < UInt(reservation.byteCount) ? UInt64(distance) : nil
  }

  private func extend(to byteCount: UInt64) throws(Errno) {
    guard let wanted = VirtualMemory.roundedToPages(Int(byteCount)) else { throw .noMemory }
    try reservation.commit(committedByteCount..<wanted)
    committedByteCount = wanted
    definition.pointee.byteCount = byteCount
  }
}

/// The bytes of linear memory that the guests of a store may still take.
final class MemoryBudget {
  private(set) var remaining: UInt64

  init(_ byteCount: UInt64?) { remaining = byteCount ?? .max }

  /// False where that many are not left.
  func take(_ byteCount: UInt64) -> Bool {
    guard byteCount <= remaining else { return false }
    remaining -= byteCount
    return true
  }

  func giveBack(_ byteCount: UInt64) { remaining += byteCount }
}
