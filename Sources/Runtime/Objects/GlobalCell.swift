// A global's one and only storage, wherever it lies.

package import WasmModule

/// A global: the address of its cell in the VMContext of the instance that defines it, or in the
/// store's arena for the host's.
package struct GlobalCell {
  package let type: GlobalType
  /// 4, 8 or 16 bytes, aligned to their count.
  package let cell: UnsafeMutableRawPointer
  /// Where the cell lies.
  private let arena: Arena

  init(type: GlobalType, cell: UnsafeMutableRawPointer, in arena: Arena) {
    self.type = type
    self.cell = cell
    self.arena = arena
  }

  /// The value now. Writing does not look at mutability or type: that is the caller's part.
  package var value: Value {
    get { Value(raw, type.value) }
    nonmutating set { newValue.raw.store(at: cell, as: type.value) }
  }

  var raw: RawValue { RawValue(loading: cell, as: type.value) }
}
