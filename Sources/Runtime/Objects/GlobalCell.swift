// A global's one and only storage, wherever it lies.

package import WasmModule

/// A global: the address of its cell in the VMContext of the instance that defines it, or in the
/// store's arena for the host's.
package struct GlobalCell {
  /// Types in it are named by ids.
  package let type: GlobalType
  /// 4, 8 or 16 bytes, aligned to their count.
  package let cell: UnsafeMutableRawPointer
  /// Where the cell lies.
  private let arena: Arena
  private let heap: ObjectHeap

  /// `cell` lies in the arena of `store`, whose collector follows it from now on.
  init(type: GlobalType, cell: UnsafeMutableRawPointer, in store: Store) throws(ResourceError) {
    self.type = type
    self.cell = cell
    arena = store.arena
    heap = store.heap
    try heap.add(type, cell: cell)
  }

  /// The value now. Writing does not look at mutability or type: that is the caller's part.
  package var value: Value {
    get { Value(raw, type.value, in: heap) }
    nonmutating set { newValue.raw.store(at: cell, as: type.value) }
  }

  var raw: RawValue { RawValue(loading: cell, as: type.value) }
}
