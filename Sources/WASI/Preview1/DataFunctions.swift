// fd_read, fd_write, fd_pread, fd_pwrite: moving data, straight between files and guest memory.

internal import EventLoop
internal import SystemCalls

extension Preview1 {
  static func fdRead(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.file(needing: .fdRead)
      let byteCount = try call.result(3, as: UInt32.self)
      let buffers = try call.dataBuffers()
      byteCount.store(UInt32(try DataTransfer.read(file, into: buffers)))
    }
  }

  static func fdWrite(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.file(needing: .fdWrite)
      let byteCount = try call.result(3, as: UInt32.self)
      let buffers = try call.dataBuffers()
      byteCount.store(UInt32(try DataTransfer.write(file, buffers)))
    }
  }

  static func fdPread(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.file(needing: [.fdRead, .fdSeek])
      let offset = try call.offset(3)
      let byteCount = try call.result(4, as: UInt32.self)
      let buffers = try call.dataBuffers()
      byteCount.store(UInt32(try DataTransfer.read(file, into: buffers, at: offset)))
    }
  }

  static func fdPwrite(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.file(needing: [.fdWrite, .fdSeek])
      let offset = try call.offset(3)
      let byteCount = try call.result(4, as: UInt32.self)
      let buffers = try call.dataBuffers()
      byteCount.store(UInt32(try DataTransfer.write(file, buffers, at: offset)))
    }
  }
}

extension GuestCall {
  /// The stretches of guest memory that the `iovec` array at argument 1 lists, argument 2 of them.
  /// Those behind the first 1,024 are left for the guest's next call: the count tells it.
  @inline(__always)
  func dataBuffers() throws(Errno) -> UnsafeBufferPointer<DataBuffer> {
    let vectorByteCount = 8
    let vectors = try bytes(at: i32(1), count: Int(i32(2)) * vectorByteCount)
    let all = bufferRoom
    let count = min(Int(i32(2)), DataTransfer.maximumBufferCount)
    for index in 0..<count {
      let vector = index * vectorByteCount
      let stretch = try bytes(
        at: vectors.field(UInt32.self, at: vector),
        count: Int(vectors.field(UInt32.self, at: vector + 4)))
      all[index] = DataBuffer(start: stretch.baseAddress, byteCount: stretch.count)
    }
    // The kernel is asked even when there is nothing to move: it knows the file's errors.
    if count == 0 { all[0] = DataBuffer(start: vectors.baseAddress, byteCount: 0) }
    return UnsafeBufferPointer(start: all, count: max(count, 1))
  }
}
