// fd_close, fd_renumber, fd_seek and others: what concerns a descriptor and no data.

internal import SystemCalls

extension Preview1 {
  static func fdClose(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.context.table.pointee.close(call.i32(0))
    }
  }

  static func fdRenumber(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.context.table.pointee.renumber(call.i32(0), to: call.i32(1))
    }
  }

  static func fdSeek(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.seek(whence: [.start, .current, .end])
    }
  }

  static func fdTell(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.context.table.pointee.fileToTellOffset(call.i32(0))
      let offset = try call.result(1, as: UInt64.self)
      offset.store(UInt64(try file.seek(0, from: .current)))
    }
  }

  static func fdSync(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.context.table.pointee.file(call.i32(0), needing: .fdSync).synchronize()
    }
  }

  static func fdDatasync(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.context.table.pointee.file(call.i32(0), needing: .fdDataSync).synchronizeData()
    }
  }

  static func fdAllocate(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.context.table.pointee.file(call.i32(0), needing: .fdAllocate)
      try file.allocate(offset: try call.offset(1), byteCount: try call.offset(2))
    }
  }

  static func fdAdvise(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.context.table.pointee.file(call.i32(0), needing: .fdAdvise)
      let advice = try FileDescriptor.Advice(preview1: call.i32(3))
      try file.advise(
        offset: try call.offset(1), byteCount: try call.offset(2), advice)
    }
  }

  static func fdPrestatGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let path = try call.preopenedPath()
      let status = try call.bytes(at: call.i32(1), count: 8)
      // The tag of a directory, the only kind there is.
      status.store(UInt32(0), at: 0)
      status.store(UInt32(path.bytes.count), at: 4)
    }
  }

  static func fdPrestatDirName(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let path = try call.preopenedPath()
      let place = try call.bytes(1)
      guard place.count >= path.bytes.count else { throw .nameTooLong }
      place.copyBytes(from: path.bytes)
    }
  }
}

extension GuestCall {
  /// fd_seek, with the meanings of its argument in order.
  func seek(whence origins: [FileDescriptor.SeekOrigin]) throws(Errno) {
    let offset = Int64(bitPattern: i64(1))
    guard let index = Int(exactly: i32(2)), index < origins.count else { throw .invalidArgument }
    let onlyTells = offset == 0 && origins[index] == .current
    let file =
      onlyTells
      ? try context.table.pointee.fileToTellOffset(i32(0))
      : try context.table.pointee.file(i32(0), needing: .fdSeek)
    let newOffset = try result(3, as: UInt64.self)
    newOffset.store(UInt64(try file.seek(offset, from: origins[index])))
  }

  /// The guest's name for the preopened directory at argument 0. Libraries ask for one number after
  /// the other until there is none.
  fileprivate func preopenedPath() throws(Errno) -> OSString {
    guard let path = try context.table.pointee.descriptor(i32(0)).preopenedPath else {
      throw .badFileDescriptor
    }
    return path
  }
}

extension DescriptorTable {
  /// The right to seek includes the right to tell the offset.
  fileprivate func fileToTellOffset(_ number: UInt32) throws(Errno) -> FileDescriptor {
    if let file = try? file(number, needing: .fdSeek) { return file }
    return try file(number, needing: .fdTell)
  }
}

extension FileDescriptor.Advice {
  /// WASI preview1 `advice`.
  fileprivate init(preview1 number: UInt32) throws(Errno) {
    switch number {
    case 0: self = .normal
    case 1: self = .sequential
    case 2: self = .random
    case 3: self = .willNeed
    case 4: self = .dontNeed
    case 5: self = .noReuse
    default: throw .invalidArgument
    }
  }
}
