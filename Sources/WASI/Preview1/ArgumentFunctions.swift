// args_* and environ_*: the strings that a program starts with.

internal import SystemCalls

extension Preview1 {
  static func argsGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeStrings(call.context.arguments)
    }
  }

  static func argsSizesGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeSizes(of: call.context.arguments)
    }
  }

  static func environGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeStrings(call.context.environment)
    }
  }

  static func environSizesGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeSizes(of: call.context.environment)
    }
  }
}

extension GuestCall {
  /// Stores the count of strings, and the bytes that they take with a zero behind each.
  fileprivate func storeSizes(of strings: [OSString]) throws(Errno) {
    let count = try result(0, as: UInt32.self)
    let byteCount = try result(1, as: UInt32.self)
    count.store(UInt32(strings.count))
    byteCount.store(UInt32(Self.byteCount(of: strings)))
  }

  /// Stores the strings one behind the other at argument 1, and their addresses at argument 0.
  fileprivate func storeStrings(_ strings: [OSString]) throws(Errno) {
    let addresses = try bytes(at: i32(0), count: strings.count * 4)
    let texts = try bytes(at: i32(1), count: Self.byteCount(of: strings))
    var place = 0
    for (index, string) in strings.enumerated() {
      addresses.store(i32(1) + UInt32(place), at: index * 4)
      for byte in string.bytes {
        texts.store(byte, at: place)
        place += 1
      }
      texts.store(UInt8(0), at: place)
      place += 1
    }
  }

  private static func byteCount(of strings: [OSString]) -> Int {
    strings.reduce(0) { $0 + $1.bytes.count + 1 }
  }
}
