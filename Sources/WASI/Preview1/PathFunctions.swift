// path_open and the other functions on paths that make no link.

internal import SystemCalls

extension Preview1 {
  static func pathOpen(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in try call.openPath() }
  }

  static func pathCreateDirectory(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathCreateDirectory)
      try call.load(&call.context.path, 1)
      try directory.makeDirectory(&call.context.path)
    }
  }

  static func pathRemoveDirectory(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathRemoveDirectory)
      try call.load(&call.context.path, 1)
      try directory.removeDirectory(&call.context.path)
    }
  }

  static func pathUnlinkFile(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathUnlinkFile)
      try call.load(&call.context.path, 1)
      try directory.unlink(&call.context.path)
    }
  }

  static func pathRename(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathRenameSource)
      let target = try call.directory(3, needing: .pathRenameTarget)
      try call.load(&call.context.path, 1)
      try call.load(&call.context.otherPath, 4)
      try directory.rename(&call.context.path, to: target, &call.context.otherPath)
    }
  }

  static func pathFilestatGet(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.storePathStatus(.snapshot)
    }
  }

  static func pathFilestatSetTimes(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      let directory = try call.directory(0, needing: .pathSetTimes)
      let lookup = try call.flags(1, LookupFlags.all)
      let times = try call.fileTimes(access: 4, modification: 5, flags: 6)
      try call.load(&call.context.path, 2)
      try directory.setTimes(
        of: &call.context.path, following: lookup.contains(.followSymbolicLink),
        access: times.access, modification: times.modification)
    }
  }
}

extension GuestCall {
  /// The directory that argument `index` numbers, if the number has `rights`.
  func directory(_ index: Int, needing rights: Rights) throws(Errno) -> GrantedDirectory {
    try context.table.pointee.directory(i32(index), needing: rights, by: context.strategy)
  }

  /// Takes the path that a pair of arguments gives: address, length.
  func load(_ path: inout GuestPath, _ addressIndex: Int) throws(Errno) {
    try path.load(UnsafeRawBufferPointer(try bytes(addressIndex)))
  }

  /// path_filestat_get, in either preview's layout.
  func storePathStatus(_ layout: FileStatusLayout) throws(Errno) {
    let directory = try directory(0, needing: .pathGetStatus)
    let lookup = try flags(1, LookupFlags.all)
    let place = try bytes(at: i32(4), count: layout.byteCount)
    try load(&context.path, 2)
    let status = try directory.status(
      of: &context.path, following: lookup.contains(.followSymbolicLink))
    layout.store(status, into: place)
  }

  fileprivate func openPath() throws(Errno) {
    let lookup = try flags(1, LookupFlags.all)
    let how = try flags(4, PathOpenFlags.all)
    let rights = Rights(rawValue: i64(5)).intersection(.all)
    let inheritedRights = Rights(rawValue: i64(6)).intersection(.all)
    let descriptorFlags = try flags(7, DescriptorFlags.all)
    // Linux makes a regular file of this, or refuses it, depending on its version.
    if how.contains([.create, .directory]) { throw .invalidArgument }

    var neededRights: Rights = .pathOpen
    if how.contains(.create) { neededRights.insert(.pathCreateFile) }
    if how.contains(.truncate) { neededRights.insert(.pathSetSize) }
    let directory = try directory(0, needing: neededRights)
    let inheritable = try context.table.pointee.descriptor(i32(0)).inheritedRights
    guard
      inheritable.isSuperset(
        of: rights.union(inheritedRights).union(descriptorFlags.requiredRights))
    else { throw .notCapable }

    let number = try result(8, as: UInt32.self)
    try load(&context.path, 2)
    var openFlags = how.openFlags.union(descriptorFlags.openFlags).union(Self.access(for: rights))
    if !lookup.contains(.followSymbolicLink) { openFlags.insert(.noFollow) }
    let opened = try directory.open(context.path, openFlags)

    let status = opened.status
    let file = opened.take().take()
    let kind = DescriptorKind(status, file)
    number.store(
      try context.table.pointee.insert(
        Descriptor(
          file: file, kind: kind, isOwned: true, isReadOnly: directory.isReadOnly,
          guarded: directory.guarded,
          rights: rights.intersection(kind.applicableRights), inheritedRights: inheritedRights,
          device: status.device)))
  }

  /// How a file must be open for `rights` to work.
  private static func access(for rights: Rights) -> OpenFlags {
    let reads = !rights.isDisjoint(with: .needingReadAccess)
    let writes = !rights.isDisjoint(with: .needingWriteAccess)
    return writes ? (reads ? .readWrite : .writeOnly) : .readOnly
  }
}
