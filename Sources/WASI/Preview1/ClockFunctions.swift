// clock_*: the time and how finely it is known.

internal import SystemCalls

extension Preview1 {
  static func clockTimeGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let time = try call.result(2, as: UInt64.self)
      // Argument 1 says how precise the time need be; the kernel is as precise as it can.
      time.store(try Clock(preview1: call.i32(0)).now())
    }
  }

  static func clockResGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let resolution = try call.result(1, as: UInt64.self)
      resolution.store(try Clock(preview1: call.i32(0)).resolution())
    }
  }
}

extension Clock {
  /// WASI preview1 `clockid`.
  init(preview1 number: UInt32) throws(Errno) {
    switch number {
    case 0: self = .realtime
    case 1: self = .monotonic
    case 2: self = .processTime
    case 3: self = .threadTime
    default: throw .invalidArgument
    }
  }
}
