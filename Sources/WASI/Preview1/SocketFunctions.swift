// sock_*: connections to the sockets that the guest was given.

internal import EventLoop
internal import SystemCalls

extension Preview1 {
  static func sockAccept(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let listener = try call.context.table.pointee.descriptor(call.i32(0), needing: .sockAccept)
      let flags = try call.flags(1, DescriptorFlags.nonBlocking)
      let number = try call.result(2, as: UInt32.self)
      let connection = try listener.file.accept(nonBlocking: !flags.isEmpty)
      number.store(
        try call.context.table.pointee.insert(
          Descriptor(
            file: connection.take(), kind: .socket, isOwned: true,
            rights: DescriptorKind.socket.applicableRights.subtracting(.sockAccept),
            inheritedRights: [])))
    }
  }

  static func sockRecv(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.socket(needing: .fdRead)
      let flags = try call.flags(3, ReceiveFlags.all)
      let byteCount = try call.result(4, as: UInt32.self)
      let resultFlags = try call.result(5, as: UInt16.self)
      let buffers = try call.dataBuffers()
      let received = try file.receive(
        into: UnsafeRawPointer(buffers.baseAddress!), count: buffers.count,
        peeking: flags.contains(.peek), waitingForAll: flags.contains(.waitAll))
      byteCount.store(UInt32(received.byteCount))
      // WASI preview1 `roflags`: recv_data_truncated.
      resultFlags.store(received.isTruncated ? 1 : 0)
    }
  }

  static func sockSend(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.socket(needing: .fdWrite)
      // There are no flags yet.
      guard call.i32(3) == 0 else { throw .invalidArgument }
      let byteCount = try call.result(4, as: UInt32.self)
      let buffers = try call.dataBuffers()
      byteCount.store(
        UInt32(
          try file.send(UnsafeRawPointer(buffers.baseAddress!), count: buffers.count)))
    }
  }

  static func sockShutdown(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.socket(needing: .sockShutdown)
      let how = try call.flags(1, ShutdownFlags.all)
      guard !how.isEmpty else { throw .invalidArgument }
      try file.shutDown(reading: how.contains(.reading), writing: how.contains(.writing))
    }
  }
}

/// WASI preview1 `riflags`.
private struct ReceiveFlags: OptionSet {
  let rawValue: UInt16

  static let peek = ReceiveFlags(rawValue: 1 << 0)
  static let waitAll = ReceiveFlags(rawValue: 1 << 1)
  static let all: ReceiveFlags = [.peek, .waitAll]
}

/// WASI preview1 `sdflags`.
private struct ShutdownFlags: OptionSet {
  let rawValue: UInt16

  static let reading = ShutdownFlags(rawValue: 1 << 0)
  static let writing = ShutdownFlags(rawValue: 1 << 1)
  static let all: ShutdownFlags = [.reading, .writing]
}

extension GuestCall {
  /// The socket that argument 0 numbers, if the number has `rights`.
  fileprivate func socket(needing rights: Rights) throws(Errno) -> FileDescriptor {
    let descriptor = try context.table.pointee.descriptor(i32(0))
    guard descriptor.kind == .socket else { throw .notSocket }
    return try context.table.pointee.file(i32(0), needing: rights)
  }
}
