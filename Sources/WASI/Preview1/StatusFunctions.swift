// fd_fdstat_* and fd_filestat_*: what a descriptor may do, and what is known about its file.

internal import SystemCalls

extension Preview1 {
  static func fdFdstatGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let descriptor = try call.context.table.pointee.descriptor(call.i32(0))
      let status = try call.bytes(at: call.i32(1), count: 24)
      let flags = DescriptorFlags(try descriptor.file.statusFlags())
      status.initializeMemory(as: UInt8.self, repeating: 0)
      status.store(FileType.number(of: descriptor.kind), at: 0)
      status.store(flags.rawValue, at: 2)
      status.store(descriptor.rights.rawValue, at: 8)
      status.store(descriptor.inheritedRights.rawValue, at: 16)
    }
  }

  static func fdFdstatSetFlags(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.context.table.pointee.file(call.i32(0), needing: .fdSetFlags)
      let wanted = try call.flags(1, DescriptorFlags.all)
      let current = try file.statusFlags()
      file.restoreAtEnd(current)
      // Linux would ignore a change of these without a word.
      let synchronizing = DescriptorFlags(wanted.openFlags).intersection(.synchronizing)
      guard synchronizing == DescriptorFlags(current).intersection(.synchronizing) else {
        throw .notSupported
      }
      try file.setStatusFlags(
        current.subtracting([.append, .nonBlocking])
          .union(wanted.openFlags.intersection([.append, .nonBlocking])))
    }
  }

  static func fdFdstatSetRights(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.context.table.pointee.restrict(
        call.i32(0), to: Rights(rawValue: call.i64(1)),
        inherited: Rights(rawValue: call.i64(2)))
    }
  }

  static func fdFilestatGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storeDescriptorStatus(.snapshot)
    }
  }

  static func fdFilestatSetSize(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let file = try call.context.table.pointee.file(call.i32(0), needing: .fdSetSize)
      try file.truncate(to: try call.offset(1))
    }
  }

  static func fdFilestatSetTimes(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let descriptor = try call.context.table.pointee.descriptor(call.i32(0), needing: .fdSetTimes)
      if descriptor.isReadOnly { throw .readOnlyFileSystem }
      let times = try call.fileTimes(access: 1, modification: 2, flags: 3)
      try descriptor.file.setTimes(access: times.access, modification: times.modification)
    }
  }
}

extension GuestCall {
  /// fd_filestat_get, in either preview's layout.
  func storeDescriptorStatus(_ layout: FileStatusLayout) throws(Errno) {
    let file = try context.table.pointee.file(i32(0), needing: .fdGetStatus)
    let place = try bytes(at: i32(1), count: layout.byteCount)
    layout.store(try file.status(), into: place)
  }

  /// The times that three arguments give.
  func fileTimes(
    access: Int, modification: Int, flags index: Int
  ) throws(Errno) -> (access: FileTime, modification: FileTime) {
    let flags = try flags(index, FileTimeFlags.all)
    return (
      try flags.time(.access, .accessNow, i64(access)),
      try flags.time(.modification, .modificationNow, i64(modification))
    )
  }
}
