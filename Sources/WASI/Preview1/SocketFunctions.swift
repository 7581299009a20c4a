// sock_*: there is no way yet to grant a socket, so all that these find out is what is not one.

internal import SystemCalls

extension Preview1Function {
  static let socketFunctions = [
    Preview1Function("sock_accept", "iii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
    },
    Preview1Function("sock_recv", "iiiiii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
    },
    Preview1Function("sock_send", "iiiii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
    },
    Preview1Function("sock_shutdown", "ii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in try call.refuseSocketCall() }
    },
  ]
}

extension GuestCall {
  fileprivate func refuseSocketCall() throws(Errno) {
    let descriptor = try context.table.descriptor(i32(0))
    throw descriptor.kind == .socket ? .notSupported : .notSocket
  }
}
