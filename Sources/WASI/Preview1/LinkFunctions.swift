// path_link, path_symlink, path_readlink.

internal import SystemCalls

extension Preview1 {
  static func pathLink(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathLinkSource)
      let target = try call.directory(4, needing: .pathLinkTarget)
      // Linking what a link leads to needs a privilege on Linux; nobody offers it.
      guard try call.flags(1, LookupFlags.all).isEmpty else { throw .invalidArgument }
      try call.load(&call.context.path, 2)
      try call.load(&call.context.otherPath, 5)
      try directory.link(&call.context.path, to: target, &call.context.otherPath)
    }
  }

  static func pathSymlink(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(2, needing: .pathSymbolicLink)
      // Loading refuses what is absolute.
      try call.load(&call.context.otherPath, 0)
      try call.load(&call.context.path, 3)
      try directory.makeSymbolicLink(
        &call.context.path, holding: call.context.otherPath.whole)
    }
  }

  static func pathReadlink(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathReadLink)
      let buffer = try call.bytes(3)
      let byteCount = try call.result(5, as: UInt32.self)
      try call.load(&call.context.path, 1)
      let count = try directory.readSymbolicLink(&call.context.path, into: buffer)
      byteCount.store(UInt32(count))
    }
  }
}
