// How a guest's run ended.

package import WasmRuntime

/// The end of a run that took place.
package enum RunOutcome {
  /// `_start` returned, or the guest exited with this status.
  case exited(status: UInt32)
  /// The function that was invoked returned these.
  case returned([Value])
  case trapped(TrapReport)
}
