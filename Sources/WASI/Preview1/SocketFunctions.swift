// sock_*: there is no way yet to grant a socket, so all that these find out is what is not one.

internal import SystemCalls

extension Preview1 {
  static func sockAccept(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
  }

  static func sockRecv(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
  }

  static func sockSend(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
  }

  static func sockShutdown(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
  }
}

extension GuestCall {
  fileprivate func refuseSocketCall() throws(Errno) {
    let descriptor = try context.table.descriptor(i32(0))
    throw descriptor.kind == .socket ? .notSupported : .notSocket
  }
}
