// proc_exit, proc_raise, sched_yield, random_get.

internal import CompilerInterface
internal import SystemCalls

extension Preview1 {
  // The one function without a result: it records the status and leaves the guest.
  static func procExit(_ environment: Environment, _ slots: Slots) -> Int32 {
    let context = Unmanaged<WASIContext>.fromOpaque(environment!).takeUnretainedValue()
    context.exitStatus = UInt32(truncatingIfNeeded: slots[0])
    return GuestStatus.pending
  }

  static func procRaise(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try raise(call.i32(0))
    }
  }

  static func schedYield(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { _ throws(Errno) in CurrentProcess.yield() }
  }

  static func randomGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try RandomSource.fill(try call.bytes(0))
    }
  }

  /// Linux's numbers of the signals, in the order of preview 1's. WASI preview1 `signal`.
  private static let linuxSignals: [Int32] = [
    0,  // none
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,  // hup to term
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,  // chld to sys
  ]

  private static func raise(_ number: UInt32) throws(Errno) {
    guard number < linuxSignals.count else { throw .invalidArgument }
    if number == 0 { return }
    try CurrentProcess.raise(linuxSignals[Int(number)])
  }
}
