// The stack that guest code runs on.

import CRuntime
import SystemCalls

/// A stack with inaccessible pages below it, so that overflow is a fault and never a corruption.
final class GuestStack {
  private let reservation: VirtualMemory
  /// Lowest usable address.
  let limit: UInt
  /// Behind the highest usable address.
  let top: UInt

  /// Wider than the frame of any function that does not probe its stack, as C's do not.
  static let guardByteCount = 1 << 20

  /// `byteCount` is rounded up to pages.
  init(byteCount: Int) throws(ResourceError) {
    let (whole, overflow) = byteCount.addingReportingOverflow(Self.guardByteCount)
    do throws(Errno) {
      guard byteCount > 0, !overflow else { throw .noMemory }
      reservation = try VirtualMemory(reserving: whole)
    } catch {
      throw .reservation(what: "the guest's stack", byteCount: UInt64(max(0, byteCount)), error)
    }
    limit = UInt(bitPattern: reservation.start) + UInt(Self.guardByteCount)
    top = UInt(bitPattern: reservation.start) + UInt(reservation.byteCount)
    do throws(Errno) {
      try reservation.commit(Self.guardByteCount..<reservation.byteCount)
    } catch {
      throw .commitment(what: "the guest's stack", byteCount: UInt64(byteCount), error)
    }
  }

  var bounds: wasmrun_stack {
    wasmrun_stack(guard: limit - UInt(Self.guardByteCount), limit: limit, top: top)
  }
}
