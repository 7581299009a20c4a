// Opening within a granted directory: the way in for every path.

internal import SystemCalls

/// A directory that the guest may use paths in. Borrows its descriptor from the table.
struct GrantedDirectory {
  var file: FileDescriptor
  /// The directory's own file system, which `FileSystemGuard` has let pass.
  var device: UInt64
  var isReadOnly: Bool
  var strategy: BeneathStrategy
  /// A folder inside that nothing here opens, moves or removes.
  var guarded: GuardedFolder?

  /// A file that was opened and looked at.
  struct OpenedFile: ~Copyable {
    let file: OwnedDescriptor
    let status: FileStatus
  }

  /// Opens for reading or writing, following a last symbolic link unless `flags` forbid it.
  func open(_ path: borrowing GuestPath, _ flags: OpenFlags) throws(Errno) -> OpenedFile {
    let opened =
      isReadOnly
      ? try openReadOnly(path.whole, flags) : try openBeneath(path.whole, flags)
    try FileSystemGuard.checkDevice(opened.status)
    return opened
  }

  /// What a read-only file system would say: existing files can be read, nothing can come or change.
  private func openReadOnly(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags
  ) throws(Errno) -> OpenedFile {
    guard !flags.containsAny(of: [.writeOnly, .readWrite, .truncate]) else {
      throw .readOnlyFileSystem
    }
    guard flags.contains(.create) else { return try openBeneath(path, flags) }
    do throws(Errno) {
      let existing = try openBeneath(path, flags.subtracting([.create, .exclusive]))
      if flags.contains(.exclusive) { throw .fileExists }
      return existing
    } catch .noSuchFileOrDirectory {
      throw .readOnlyFileSystem
    } catch {
      throw error
    }
  }

  /// Opens to look at, or to resolve from; devices may be looked at too.
  func openPath(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags = []
  ) throws(Errno) -> OpenedFile {
    try openBeneath(path, flags.union(.path))
  }

  /// Opens, and looks at what was opened. A file on another file system is looked at before as well:
  /// opening a device can have an effect by itself.
  private func openBeneath(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags
  ) throws(Errno) -> OpenedFile {
    if flags.contains(.path) { return try checked(try descriptor(path, flags)) }
    if !FileSystemGuard.isFullOfDevices(device) {
      do throws(Errno) {
        return try checked(try descriptor(path, flags, stayingOn: device))
      } catch .outsideOfGrant {
        // Or on another file system: the kernel has one error for both.
      } catch {
        throw error
      }
    }
    do throws(Errno) {
      let looked = flags.intersection([.directory, .noFollow]).union(.path)
      try FileSystemGuard.checkDevice(try checked(try descriptor(path, looked)).status)
    } catch {
      guard error == .noSuchFileOrDirectory, flags.contains(.create) else { throw error }
    }
    return try checked(try descriptor(path, flags))
  }

  private func descriptor(
    _ path: UnsafePointer<CChar>, _ flags: OpenFlags, stayingOn device: UInt64? = nil
  ) throws(Errno) -> OwnedDescriptor {
    do throws(Errno) {
      return if let guarded {
        try file.openBeneath(path, flags, stayingOn: device, avoiding: guarded.identity)
      } else {
        try file.openBeneath(path, flags, stayingOn: device, by: strategy)
      }
    } catch {
      throw error == .crossDevice ? .outsideOfGrant : error
    }
  }

  /// Throws where guests may not have what was opened.
  private func checked(_ opened: consuming OwnedDescriptor) throws(Errno) -> OpenedFile {
    let status = try opened.descriptor.status()
    try guarded?.check(status)
    try FileSystemGuard.checkFileSystem(of: opened.descriptor, status, knownDevice: device)
    return OpenedFile(file: opened, status: status)
  }

  /// Throws `.readOnlyFileSystem` if nothing may be changed here.
  func requireWritable() throws(Errno) {
    if isReadOnly { throw .readOnlyFileSystem }
  }
}

/// The directory that holds a path's last name, and that name.
struct ParentDirectory: ~Copyable {
  let directory: FileDescriptor
  let leaf: UnsafePointer<CChar>
  /// Keeps `directory` open where it was opened for this.
  private let owned: OwnedDescriptor?

  private init(
    _ directory: FileDescriptor, _ leaf: UnsafePointer<CChar>, owned: consuming OwnedDescriptor?
  ) {
    self.directory = directory
    self.leaf = leaf
    self.owned = owned
  }

  /// Opens the parent. Throws `errorWithoutName` where the path ends in `.` or `..` and leads to a
  /// directory that there is.
  static func open(
    of path: inout GuestPath, in granted: GrantedDirectory, errorWithoutName: Errno
  ) throws(Errno) -> ParentDirectory {
    guard let parts = path.split() else {
      _ = try granted.openPath(path.whole, .directory)
      throw errorWithoutName
    }
    guard let parent = parts.parent else {
      return ParentDirectory(granted.file, parts.leaf, owned: nil)
    }
    let opened = try granted.openPath(parent, .directory).take()
    return ParentDirectory(opened.descriptor, parts.leaf, owned: opened)
  }
}

extension GrantedDirectory.OpenedFile {
  /// The descriptor alone.
  consuming func take() -> OwnedDescriptor { file }
}
