// How guest code grows memories and tables: the builtins' way into Swift.

import CRuntime

extension wasmrun_growth {
  /// The functions that grow objects of this module. They are called on the guest's stack, with
  /// `CallingConvention.stackReserve` bytes of it left.
  static func make() -> wasmrun_growth {
    wasmrun_growth(
      memory: { owner, delta in
        let memory = Unmanaged<LinearMemory>.fromOpaque(owner).takeUnretainedValue()
        return memory.grow(by: delta).map(Int64.init) ?? -1
      },
      table: { owner, delta in
        let table = Unmanaged<ReferenceTable>.fromOpaque(owner).takeUnretainedValue()
        return table.grow(by: delta).map(Int64.init) ?? -1
      })
  }
}
