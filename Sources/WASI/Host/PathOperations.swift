// What is done with names: always in the opened parent, always with the last name only, never
// following it. So no change of names by others, at any moment, leads these calls out of a grant.
//
// Slashes at a path's end mean "this must be a directory". They are dropped with `split`, so each
// operation answers for them as Linux does.

internal import SystemCalls

extension GrantedDirectory {
  /// The status of what a path names.
  func status(
    of path: inout GuestPath, following isFollowing: Bool
  ) throws(Errno) -> FileStatus {
    // A slash at the end makes the kernel follow links and insist on a directory.
    if path.endsWithSlash { return try openPath(path.whole, .directory).status }
    guard let parts = path.split() else { return try openPath(path.whole, .directory).status }
    let status = try withParent(parts) { directory throws(Errno) in
      try directory.status(of: parts.leaf)
    }
    guard isFollowing, status.kind == .symbolicLink else { return status }
    path.join()
    return try openPath(path.whole).status
  }

  /// Sets the times of what a path names.
  func setTimes(
    of path: inout GuestPath, following isFollowing: Bool, access: FileTime, modification: FileTime
  ) throws(Errno) {
    try requireWritable()
    if !path.endsWithSlash, let parts = path.split() {
      let isDone = try withParent(parts) { directory throws(Errno) in
        if isFollowing, try directory.status(of: parts.leaf).kind == .symbolicLink { return false }
        try directory.setTimes(of: parts.leaf, access: access, modification: modification)
        return true
      }
      if isDone { return }
      path.join()
      let target = try openPath(path.whole)
      try target.file.descriptor.setTimesOfPath(access: access, modification: modification)
    } else {
      let target = try openPath(path.whole, .directory)
      try target.file.descriptor.setTimesOfPath(access: access, modification: modification)
    }
  }

  func makeDirectory(_ path: inout GuestPath) throws(Errno) {
    try requireWritable()
    let parent = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .fileExists)
    try parent.directory.makeDirectory(parent.leaf)
  }

  func removeDirectory(_ path: inout GuestPath) throws(Errno) {
    try requireWritable()
    let parent = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .invalidArgument)
    try guarded?.checkName(parent.leaf, in: parent.directory)
    try parent.directory.removeDirectory(parent.leaf)
  }

  func unlink(_ path: inout GuestPath) throws(Errno) {
    try requireWritable()
    let endsWithSlash = path.endsWithSlash
    let parent = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .isDirectory)
    if endsWithSlash {
      let kind = try parent.directory.status(of: parent.leaf).kind
      throw kind == .directory ? .isDirectory : .notDirectory
    }
    try parent.directory.unlink(parent.leaf)
  }

  func rename(
    _ path: inout GuestPath, to directory: GrantedDirectory, _ target: inout GuestPath
  ) throws(Errno) {
    try requireWritable()
    try directory.requireWritable()
    let mustBeDirectory = path.endsWithSlash || target.endsWithSlash
    let old = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .busy)
    let new = try ParentDirectory.open(of: &target, in: directory, errorWithoutName: .busy)
    try guarded?.checkName(old.leaf, in: old.directory)
    try directory.guarded?.checkName(new.leaf, in: new.directory)
    if mustBeDirectory, try old.directory.status(of: old.leaf).kind != .directory {
      throw .notDirectory
    }
    try old.directory.rename(old.leaf, to: new.directory, new.leaf)
  }

  /// Gives a file a second name. A read-only grant can be neither side: from there, a name in a
  /// writable one would make the file writable.
  func link(
    _ path: inout GuestPath, to directory: GrantedDirectory, _ target: inout GuestPath
  ) throws(Errno) {
    try requireWritable()
    try directory.requireWritable()
    let (oldNeedsDirectory, newEndsWithSlash) = (path.endsWithSlash, target.endsWithSlash)
    let old = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .notPermitted)
    if oldNeedsDirectory {
      let kind = try old.directory.status(of: old.leaf).kind
      throw kind == .directory ? .notPermitted : .notDirectory
    }
    let new = try ParentDirectory.open(of: &target, in: directory, errorWithoutName: .fileExists)
    if newEndsWithSlash { throw try Self.errorOfNewFile(new) }
    try old.directory.link(old.leaf, to: new.directory, new.leaf)
  }

  /// Makes a symbolic link that holds `contents`, which a final zero ends. An absolute one would
  /// mean another file to the host's programs than to the guest: it is refused.
  func makeSymbolicLink(
    _ path: inout GuestPath, holding contents: UnsafePointer<CChar>
  ) throws(Errno) {
    try requireWritable()
    let endsWithSlash = path.endsWithSlash
    let parent = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .fileExists)
    if endsWithSlash { throw try Self.errorOfNewFile(parent) }
    try parent.directory.makeSymbolicLink(parent.leaf, holding: contents)
  }

  /// Copies what a symbolic link holds, cut off at the buffer's end; says how many bytes.
  func readSymbolicLink(
    _ path: inout GuestPath, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    if path.endsWithSlash {
      _ = try openPath(path.whole, .directory)
      throw .invalidArgument
    }
    let parent = try ParentDirectory.open(of: &path, in: self, errorWithoutName: .invalidArgument)
    return try parent.directory.readSymbolicLink(parent.leaf, into: buffer)
  }

  /// Why no file can be made under a name with a slash behind it; POSIX's answer, where Linux says
  /// that the file exists whatever it is.
  private static func errorOfNewFile(_ parent: borrowing ParentDirectory) throws(Errno) -> Errno {
    let kind = try parent.directory.status(of: parent.leaf).kind
    return kind == .directory ? .fileExists : .notDirectory
  }

  /// Opens the parent for `body`, or uses this directory itself.
  private func withParent<Value>(
    _ parts: GuestPath.Parts, _ body: (FileDescriptor) throws(Errno) -> Value
  ) throws(Errno) -> Value {
    guard let path = parts.parent else { return try body(file) }
    let parent = try openPath(path, .directory)
    return try body(parent.file.descriptor)
  }
}
