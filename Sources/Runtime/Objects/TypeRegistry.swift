// Canonical function types: one number for all types that are equal, whatever module names them.

import Synchronization
package import WasmModule

/// The process's canonical function types. `call_indirect` compares their ids, which are at least
/// 1; a null element's id is 0. Types are never forgotten.
package enum TypeRegistry {
  private struct State: ~Copyable {
    var ids: [FunctionType: UInt32] = [:]
    var types: [FunctionType] = []
  }

  private static let state = Mutex(State())

  /// The ids of `types`, in order.
  package static func ids(of types: [FunctionType]) -> [UInt32] {
    state.withLock { state in
      types.map { type in
        if let id = state.ids[type] { return id }
        state.types.append(type)
        let id = UInt32(state.types.count)
        state.ids[type] = id
        return id
      }
    }
  }

  /// The id of `type`.
  package static func id(of type: FunctionType) -> UInt32 { ids(of: [type])[0] }

  /// The type with this id, which `id(of:)` returned.
  package static func type(_ id: UInt32) -> FunctionType {
    state.withLock { $0.types[Int(id) - 1] }
  }
}
