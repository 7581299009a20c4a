// What differs in `wasi_unstable`, preview 1's older name.

internal import SystemCalls

extension Preview1Function {
  static let unstableFunctions = [
    Preview1Function("fd_seek", "iIii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in
        try call.seek(whence: [.current, .end, .start])
      }
    },
    Preview1Function("fd_filestat_get", "ii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in
        try call.storeDescriptorStatus(.unstable)
      }
    },
    Preview1Function("path_filestat_get", "iiiii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in
        try call.storePathStatus(.unstable)
      }
    },
    Preview1Function("poll_oneoff", "iiii") { environment, slots in
      GuestCall.answer(environment, slots) { call throws(Errno) in
        try call.poll(.unstable)
      }
    },
  ]
}
