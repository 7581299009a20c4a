// What differs in `wasi_unstable`, preview 1's older name.

internal import SystemCalls

extension Preview1 {
  static func fdSeekUnstable(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.seek(whence: [.current, .end, .start])
    }
  }

  static func fdFilestatGetUnstable(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeDescriptorStatus(.unstable)
    }
  }

  static func pathFilestatGetUnstable(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storePathStatus(.unstable)
    }
  }

  static func pollOneoffUnstable(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.poll(.unstable)
    }
  }
}
