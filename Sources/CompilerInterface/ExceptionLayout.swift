// Exceptions as machine code sees them. Spec: core 3.0 §4.2.

/// An exception: an object of the heap that begins as structures do (see `ObjectLayout`), so that the
/// collector follows what it carries.
package enum ExceptionLayout {
  /// The address of its tag, which is the tag's identity.
  package static let tag = 8
  /// The values that it carries, as `SlotLayout` places them.
  package static let payload = 16
}

/// A tag. A VMContext has the address of each of its module's tags (`VMContextLayout.tags`).
package enum TagLayout {
  /// The address of the record (`TypeRecordLayout`) that its exceptions begin with.
  package static let record = 16
}

/// Where an exception is caught: one that passes a call whose return address is in `start + 1` to
/// `end` enters the function's code at `pad`, with rsp and rbp as at the call and the exception in
/// rax. All are text offsets. 12 bytes in the file, ascending, without overlap.
package struct PadRecord: Sendable, Hashable {
  package static let byteCount = 12
  package var start: UInt32
  package var end: UInt32
  package var pad: UInt32

  package init(start: UInt32, end: UInt32, pad: UInt32) {
    self.start = start
    self.end = end
    self.pad = pad
  }
}
