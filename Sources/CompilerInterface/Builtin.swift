// The functions of the runtime that compiled code calls, by their place in the builtin table.

/// A builtin: a C function whose address is at `rawValue * 8` in the table that the VMContext
/// points to. C convention; the first argument is always the caller's VMContext. `status` is a
/// `GuestStatus`: on anything but 0 the caller calls `raise` with it, which does not return.
package enum Builtin: Int, Sendable, CaseIterable {
  /// `(vmctx, status: i32) -> never`: leaves the guest's frames.
  case raise
  /// `(vmctx, memory: i32, deltaPages: i64) -> i64`: the old size in pages, or -1.
  case memoryGrow
  /// `(vmctx, dstMemory: i32, srcMemory: i32, dst: i64, src: i64, count: i64) -> status`
  case memoryCopy
  /// `(vmctx, memory: i32, dst: i64, byte: i32, count: i64) -> status`
  case memoryFill
  /// `(vmctx, segment: i32, memory: i32, dst: i64, src: i32, count: i32) -> status`
  case memoryInit
  /// `(vmctx, segment: i32)`
  case dataDrop
  /// `(vmctx, table: i32, index: i64, reference: i64) -> status`
  case tableSet
  /// `(vmctx, table: i32, reference: i64, delta: i64) -> i64`: the old size, or -1.
  case tableGrow
  /// `(vmctx, table: i32, index: i64, reference: i64, count: i64) -> status`
  case tableFill
  /// `(vmctx, dstTable: i32, srcTable: i32, dst: i64, src: i64, count: i64) -> status`
  case tableCopy
  /// `(vmctx, segment: i32, table: i32, dst: i64, src: i32, count: i32) -> status`
  case tableInit
  /// `(vmctx, segment: i32)`
  case elementDrop
  /// `(vmctx, type: i32, other: i32) -> i32`: 1 where the canonical type `type` is a subtype of
  /// `other`, else 0.
  case isSubtype
  // The next four make objects and raise where they cannot; `type` is the type's record.
  /// `(vmctx, type: ptr) -> reference`: all fields zero.
  case structNew
  /// `(vmctx, type: ptr, length: i32) -> reference`: all elements zero.
  case arrayNew
  /// `(vmctx, type: ptr, segment: i32, src: i32, length: i32) -> reference`
  case arrayNewData
  /// `(vmctx, type: ptr, segment: i32, src: i32, length: i32) -> reference`
  case arrayNewElement
  // None of the arrays is null.
  /// `(vmctx, array, index: i32, low: i64, high: i64, count: i32) -> status`: the value's bits.
  case arrayFill
  /// `(vmctx, dstArray, dst: i32, srcArray, src: i32, count: i32) -> status`
  case arrayCopy
  /// `(vmctx, array, segment: i32, dst: i32, src: i32, count: i32) -> status`
  case arrayInitData
  /// `(vmctx, array, segment: i32, dst: i32, src: i32, count: i32) -> status`
  case arrayInitElement
  // The next three raise where the access is outside; it is aligned.
  /// `(vmctx, memory: i32, address: i64, count: i32) -> i32`: how many were woken.
  case memoryNotify
  /// `(vmctx, memory: i32, address: i64, expected: i32, timeout: i64) -> i32`: 0 woken, 1 another
  /// value, 2 timed out. The timeout is in nanoseconds, a negative one is none.
  case memoryWait32
  /// `(vmctx, memory: i32, address: i64, expected: i64, timeout: i64) -> i32`
  case memoryWait64
  /// `(vmctx, exception: ptr) -> never`: called by the helper of that name only.
  case `throw`
  /// `(vmctx, exception: ptr) -> never`: goes on with the exception that a pad was entered for.
  /// Called by the helper of that name only.
  case resume
  // Of code in a region only (CodeRegionLayout); `region` is its address.
  /// `(vmctx, function: i32, region: ptr) -> ptr`: waits for defined function `function` to have
  /// code, and yields its body.
  case awaitCode
  /// `(vmctx, loop: i32, region: ptr) -> ptr`: a loop's budget is used up; renews it, and yields the
  /// code to go on in, null where there is none yet.
  case loopIsHot
}
