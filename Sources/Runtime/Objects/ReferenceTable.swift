// A table of references: address space reserved for all it may hold, so that its base never moves.

import CRuntime
import CompilerInterface
import SystemCalls
package import WasmModule

/// A table. How elements lie in it is on VMContextLayout's page. Spec: core 3.0 §4.2.7.
package final class ReferenceTable {
  /// Types in it are named by ids.
  package let type: TableType
  /// Base and length in elements, as machine code reads them; placed like a memory's.
  let definition: UnsafeMutablePointer<wasmrun_definition>
  /// Where the definition lies.
  private let arena: Arena
  private let heap: ObjectHeap
  private let elementByteCount: Int
  private let reservation: VirtualMemory
  private var committedByteCount = 0
  private let budget: ResourceBudget
  /// Elements of the budget. Not read back from `definition`, which may be gone before this object.
  private var takenElementCount: UInt64

  /// Elements that a table holds at most, whatever its type says.
  package static let maximumElementCount: UInt64 = 10_000_000

  /// Makes a table of null references and fills in `definition`, which lies in the arena of
  /// `store`.
  init(
    type: TableType, definition: UnsafeMutablePointer<wasmrun_definition>, in store: Store
  ) throws(ResourceError) {
    self.type = type
    self.definition = definition
    arena = store.arena
    heap = store.heap
    budget = store.tableBudget
    takenElementCount = 0
    elementByteCount = VMContextLayout.elementByteCount(
      TypeRegistry.hierarchy(of: type.element))
    let minimum = type.limits.minimum
    guard minimum <= Self.maximumElementCount else {
      throw .tableLimit(wanted: minimum, limit: Self.maximumElementCount)
    }
    guard minimum <= budget.remaining else {
      throw .tableLimit(wanted: minimum, limit: budget.remaining)
    }
    let maximum = min(type.limits.maximum ?? .max, Self.maximumElementCount)
    reservation = try Self.reserve(minimum: minimum, maximum: maximum, elementByteCount)
    definition.pointee = wasmrun_definition(base: reservation.start, length: 0)
    do throws(Errno) {
      try extend(to: minimum)
    } catch {
      throw .commitment(
        what: "a table", byteCount: minimum * UInt64(elementByteCount), error)
    }
    _ = budget.take(minimum)
    takenElementCount = minimum
    try heap.add(type, definition)
  }

  deinit { budget.giveBack(takenElementCount) }

  /// Where address space is scarce, a table with less room to grow is better than none.
  private static func reserve(
    minimum: UInt64, maximum: UInt64, _ elementByteCount: Int
  ) throws(ResourceError) -> VirtualMemory {
    var room = maximum - minimum
    while true {
      let byteCount = max(1, Int(minimum + room)) * elementByteCount
      do throws(Errno) {
        return try VirtualMemory(reserving: byteCount)
      } catch {
        guard room > 0 else {
          throw .reservation(what: "a table", byteCount: UInt64(byteCount), error)
        }
        room /= 2
      }
    }
  }

  package var count: UInt64 { definition.pointee.length }

  /// The type with the size as it is now for a minimum.
  package var currentType: TableType {
    var current = type
    current.limits.minimum = count
    return current
  }

  /// The reference at `index`; nil outside of the table.
  package subscript(index: UInt64) -> Value? {
    guard index < count else { return nil }
    return Value(RawValue(bits(index)), type.element, in: heap)
  }

  /// The bits of the reference at `index`, which is inside the table.
  func bits(_ index: UInt64) -> UInt64 {
    guard let base = definition.pointee.base else { return 0 }
    let isFunction = elementByteCount == VMContextLayout.funcRefByteCount
    return base.load(
      fromByteOffset: Int(index) * elementByteCount
        + (isFunction ? VMContextLayout.funcRefSelf : 0), as: UInt64.self)
  }

  /// Puts `function` into the place `index`; false outside of the table.
  package func set(_ index: UInt64, _ function: Function) -> Bool {
    set(index, .function(function))
  }

  /// Puts `value`, which must match the element type, into the place `index`; false outside of the
  /// table.
  package func set(_ index: UInt64, _ value: Value) -> Bool {
    var record = record
    return wasmrun_store_elements(&record, index, [value.raw.low], 1) == WASMRUN_FINISHED
  }

  /// Adds null elements; the number of elements before, or nil where a limit or the machine
  /// refuses.
  package func grow(by delta: UInt64) -> UInt64? {
    let old = count
    let room = UInt64(reservation.byteCount / elementByteCount)
    let limit = min(type.limits.maximum ?? .max, Self.maximumElementCount, room)
    guard old <= limit, delta <= limit - old, budget.take(delta) else { return nil }
    do throws(Errno) {
      try extend(to: old + delta)
    } catch {
      budget.giveBack(delta)
      return nil
    }
    takenElementCount += delta
    return old
  }

  /// What builtins need to know of the table.
  var record: wasmrun_table {
    wasmrun_table(
      definition: definition, owner: Unmanaged.passUnretained(self).toOpaque(),
      element_byte_count: UInt32(elementByteCount))
  }

  private func extend(to count: UInt64) throws(Errno) {
    guard let wanted = VirtualMemory.roundedToPages(Int(count) * elementByteCount) else {
      throw .noMemory
    }
    if wanted > committedByteCount {
      try reservation.commit(committedByteCount..<wanted)
      committedByteCount = wanted
    }
    definition.pointee.length = count
  }
}
