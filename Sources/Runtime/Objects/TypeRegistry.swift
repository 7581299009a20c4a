// Canonical function types: one number for all types that are equal, whatever module names them.

import Synchronization
package import WasmModule

/// The process's canonical function types. `call_indirect` compares their ids, which are at least
/// 1; a null element's id is 0. Types are never forgotten.
package enum TypeRegistry {
  private static let table = Mutex(TypeTable())

  /// The ids of `types`, in order.
  package static func ids(of types: [FunctionType]) -> [UInt32] {
    table.withLock { table in types.map { table.id(of: $0) } }
  }

  /// The id of `type`.
  package static func id(of type: FunctionType) -> UInt32 { table.withLock { $0.id(of: type) } }

  /// The type with this id, which `id(of:)` returned.
  package static func type(_ id: UInt32) -> FunctionType {
    table.withLock { $0.types[Int(id) - 1] }
  }
}

/// A hash table with open addressing. Not a dictionary: the first of each kind costs a start some
/// 60 us, and this is on the way of every program.
private struct TypeTable: ~Copyable {
  /// The type with id n is at n - 1.
  private(set) var types: [FunctionType] = []
  /// Ids by hash, 0 where free; a power of two of them, more than twice as many as types.
  private var slots = [UInt32](repeating: 0, count: 256)

  mutating func id(of type: FunctionType) -> UInt32 {
    var place = firstPlace(of: type)
    while slots[place] != 0 {
      if types[Int(slots[place]) - 1] == type { return slots[place] }
      place = (place + 1) & (slots.count - 1)
    }
    types.append(type)
    slots[place] = UInt32(types.count)
    if types.count * 2 >= slots.count { enlarge() }
    return UInt32(types.count)
  }

  private mutating func enlarge() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (index, type) in types.enumerated() {
      var place = firstPlace(of: type)
      while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = UInt32(index + 1)
    }
  }

  /// FNV-1a over the types' numbers, with the arrow between parameters and results.
  private func firstPlace(of type: FunctionType) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ number: UInt32) { hash = (hash ^ UInt64(number)) &* 0x100_0000_01B3 }
    for parameter in type.parameters { add(parameter.rawValue) }
    add(0)
    for result in type.results { add(result.rawValue) }
    return Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
  }
}
