// Words in memory that processes share: atomic access, and sleeping until one changes.

import CSystem

/// A `UInt32` or `UInt64` in shared memory, by its address. All accesses are sequentially
/// consistent; the address must be aligned to the word's size and stay mapped.
package struct SharedWord: @unchecked Sendable {
  private let address: UnsafeMutableRawPointer

  package init(_ address: UnsafeMutableRawPointer) { self.address = address }

  package var value32: UInt32 {
    get { wasmrun_load32(address) }
    nonmutating set { wasmrun_store32(address, newValue) }
  }

  package var value64: UInt64 {
    get { wasmrun_load64(address) }
    nonmutating set { wasmrun_store64(address, newValue) }
  }

  /// Adds to a 32-bit word, with wrap-around; returns what it was.
  @discardableResult
  package func add32(_ value: UInt32) -> UInt32 { wasmrun_add32(address, value) }

  /// Stores `value` in a 64-bit word that is `expected`; whether it was.
  package func replace64(_ expected: UInt64, with value: UInt64) -> Bool {
    wasmrun_replace64(address, expected, value)
  }

  /// Sleeps while the 32-bit word is `expected`, for `nanoseconds` at most; may return early. The
  /// corresponding C function is `futex` with `FUTEX_WAIT`.
  package func wait(while expected: UInt32, nanoseconds: Int64) {
    wasmrun_futex_wait(address, expected, nanoseconds)
  }

  /// Wakes all who sleep on the word. The corresponding C function is `futex` with `FUTEX_WAKE`.
  package func wakeAll() { wasmrun_futex_wake(address) }
}
