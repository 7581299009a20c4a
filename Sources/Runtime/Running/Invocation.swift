// Calling guest functions from the host, and how such calls end.

import CRuntime
import CompilerInterface
import WasmModule

/// Why a call has no results.
package enum InvocationError: Error {
  case trap(Trap)
  /// The guest asked to exit (`proc_exit`).
  case exit(status: UInt32)
  /// A host function failed for a reason of its own.
  case host(any Error)
  /// A host function returned `GuestStatus.pending`, or a status unknown here, without `stop`: the
  /// reason is where that function keeps it.
  case stopped
  /// A function was called that has no code, since its compiler failed.
  case noCode
  /// The call cannot be made: wrong arguments, or an image without the thunk for it.
  case refused(String)
}

extension Store {
  /// Notes why the guest has to stop; a host function returns the result at once. `invoke` throws
  /// `reason` when the guest's frames are left; a trap gets the frames around it as well.
  ///
  /// An exception of this store that nobody caught in a call from the host goes on in the guest that
  /// called the host, which may catch it. Spec: core 3.0 §4.4.10 (host functions' results).
  package func stop(_ reason: InvocationError) -> Int32 {
    if case .trap(let trap) = reason, let exception = trap.exception, exception.belongs(to: heap) {
      passedOn = trap
      trapRecord.pointee.exception = exception.record
      return Int32(TrapCode.uncaughtException.rawValue)
    }
    pending = reason
    return GuestStatus.pending
  }

  /// Calls `function` on the guest's stack. Host functions may call it again while it runs.
  package func invoke(
    _ function: Function, _ arguments: [Value] = []
  ) throws(InvocationError) -> [Value] {
    let type = function.type
    guard arguments.count == type.parameters.count,
      zip(arguments, type.parameters).allSatisfy({ $0.matches($1) })
    else { throw .refused("the arguments do not match the function's type \(type)") }
    let byteCount = SlotLayout.byteCount(calling: type)
    let slots = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
    defer { slots.deallocate() }
    slots.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    for (index, offset) in SlotLayout(type.parameters).offsets.enumerated() {
      arguments[index].raw.store(at: slots + offset, as: type.parameters[index])
    }
    try call(function, slots.assumingMemoryBound(to: UInt64.self))
    return zip(type.results, SlotLayout(type.results).offsets).map { type, offset in
      Value(RawValue(loading: slots + offset, as: type), type, in: heap)
    }
  }

  /// Calls `function` with arguments and room for results in `slots`.
  func call(_ function: Function, _ slots: UnsafeMutablePointer<UInt64>) throws(InvocationError) {
    if let record = function.hostRecord?.pointee {
      // The host calls its own function: no stack to switch to, no frames to leave.
      let status = record.function(record.environment, slots)
      if status != GuestStatus.finished { throw reason(for: status) }
      return
    }
    guard let (instance, index) = function.definition,
      let thunk = instance.code.entryThunk(Int(instance.module.functions[Int(index)])),
      let code = function.reference.pointee.code
    else { throw .refused("the image has no entry thunk for the function") }
    guard wasmrun_prepare_thread() else { throw .refused("the thread gets no signal stack") }
    let status = wasmrun_enter(
      stackBounds, trapRecord, thunk, code, function.reference.pointee.vmcontext!, slots)
    if status != GuestStatus.finished { throw reason(for: status, isGuest: true) }
  }

  /// What a nonzero status means. Where guest code was left with it, the trap record is of now.
  func reason(for status: Int32, isGuest: Bool = false) -> InvocationError {
    defer { (pending, passedOn) = (nil, nil) }
    let frames = isGuest ? backtrace() : []
    if let code = UInt8(exactly: status).flatMap(TrapCode.init) {
      let offset = isGuest ? memoryOffset(of: trapRecord.pointee.fault_address) : nil
      let exception = isGuest && code == .uncaughtException ? thrownException : nil
      if code == .uncaughtException, var trap = passedOn,
        !isGuest || trap.exception == exception
      {
        trap.append(frames)
        return .trap(trap)
      }
      return .trap(
        Trap(
          code: code, memoryOffset: offset, tag: exception?.thrownTag, exception: exception,
          backtrace: frames))
    }
    if status == GuestStatus.noCode { return .noCode }
    guard case .trap(var trap) = pending else { return pending ?? .stopped }
    trap.append(frames)
    return .trap(trap)
  }

  /// The exception that ended the guest just now.
  private var thrownException: Exception? {
    let address = UInt(bitPattern: trapRecord.pointee.exception)
    return Exception(address: UInt64(address), in: heap)
  }
}
