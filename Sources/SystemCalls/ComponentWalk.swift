// openat2's RESOLVE_BENEATH by hand: a path is walked name by name, no name is ever followed by the
// kernel, and `..` goes back over descriptors that the walk itself opened.

import Glibc

/// One walk. Nothing that other processes rename meanwhile leads it out: every step starts from a
/// directory that is held open, and going up means taking the one it came from.
struct ComponentWalk: ~Copyable {
  /// As the kernel's limit of nested symbolic links (MAXSYMLINKS).
  private static let maximumLinkCount = 40

  private let root: FileDescriptor
  /// The directory that the walk does not enter.
  private let forbidden: FileIdentity?
  /// The file system that the walk does not leave.
  private let device: UInt64?
  /// The directories below the root that the walk is in, innermost last; it owns them.
  private var directories: [FileDescriptor] = []
  /// What is left of the path, links put in their place; no final zero.
  private var rest: [UInt8]
  private var linkCount = 0

  private init(
    root: FileDescriptor, path: UnsafePointer<CChar>, avoiding forbidden: FileIdentity?,
    stayingOn device: UInt64?
  ) {
    self.root = root
    self.forbidden = forbidden
    self.device = device
    rest = Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  deinit {
    for directory in directories { try? directory.close() }
  }

  static func open(
    _ path: UnsafePointer<CChar>, beneath root: FileDescriptor, _ flags: OpenFlags,
    permissions: UInt32, avoiding forbidden: FileIdentity? = nil, stayingOn device: UInt64? = nil
  ) throws(Errno) -> OwnedDescriptor {
    var walk = ComponentWalk(root: root, path: path, avoiding: forbidden, stayingOn: device)
    return try walk.open(flags, permissions)
  }

  private mutating func open(
    _ flags: OpenFlags, _ permissions: UInt32
  ) throws(Errno) -> OwnedDescriptor {
    if rest.isEmpty { throw .noSuchFileOrDirectory }
    if rest.count >= Int(PATH_MAX) { throw .nameTooLong }
    while true {
      let component = try nextComponent()
      if component.isParent {
        guard let directory = directories.popLast() else { throw .crossDevice }
        try? directory.close()
      }
      if component.isParent || component.isSelf {
        if component.isLast { return try openHere(flags, permissions) }
      } else if component.isLast {
        if let opened = try openLast(component.name, flags, permissions) { return opened }
      } else {
        // Only a slash is left, and no file can be created under a directory's name.
        if rest.isEmpty, flags.contains(.create) { throw .isDirectory }
        try enter(component.name)
      }
    }
  }

  private struct Component {
    /// With a final zero.
    var name: [CChar]
    var isLast: Bool

    init(_ bytes: some Collection<UInt8>, isLast: Bool) {
      name = bytes.map { CChar(bitPattern: $0) } + [0]
      self.isLast = isLast
    }

    /// `.`, or nothing, which is what stands behind a path's last slash.
    var isSelf: Bool { name == [0] || name == [dot, 0] }
    var isParent: Bool { name == [dot, dot, 0] }
    private var dot: CChar { 0x2E }
  }

  /// Takes the first name off `rest`, with the slashes behind it.
  private mutating func nextComponent() throws(Errno) -> Component {
    if rest.first == Self.slash { throw .crossDevice }
    guard let end = rest.firstIndex(of: Self.slash) else {
      defer { rest = [] }
      return Component(rest, isLast: true)
    }
    defer { rest = Array(rest[end...].drop { $0 == Self.slash }) }
    return Component(rest[..<end], isLast: false)
  }

  private static let slash = UInt8(ascii: "/")

  private var current: FileDescriptor { directories.last ?? root }

  /// Goes into a directory, or replaces the name of a symbolic link by what it holds.
  private mutating func enter(_ name: [CChar]) throws(Errno) {
    let opened = try current.open(name, [.path, .noFollow])
    let status = try opened.descriptor.status()
    switch status.kind {
    case .directory where status.identity == forbidden: throw .avoidedDirectory
    case .directory where device != nil && status.device != device: throw .crossDevice
    case .directory: directories.append(opened.take())
    case .symbolicLink: try follow(opened.descriptor, "", isLast: false)
    default: throw .notDirectory
    }
  }

  /// Opens the walk's directory itself.
  private func openHere(
    _ flags: OpenFlags, _ permissions: UInt32
  ) throws(Errno) -> OwnedDescriptor {
    if flags.contains(.create) { throw flags.contains(.exclusive) ? .fileExists : .isDirectory }
    return try current.open(".", flags.union(.directory), permissions: permissions)
  }

  /// Opens the path's last name; nil where it was a symbolic link, and `rest` goes on behind it.
  private mutating func openLast(
    _ name: [CChar], _ flags: OpenFlags, _ permissions: UInt32
  ) throws(Errno) -> OwnedDescriptor? {
    let isFollowing = !flags.contains(.noFollow) && !flags.contains([.create, .exclusive])
    let opened: OwnedDescriptor
    do throws(Errno) {
      opened = try current.open(name, flags.union(.noFollow), permissions: permissions)
    } catch {
      // A link that is not to be followed: ELOOP, or ENOTDIR with O_DIRECTORY.
      guard isFollowing, error == .tooManySymbolicLinks || error == .notDirectory,
        try current.status(of: name).kind == .symbolicLink
      else { throw error }
      try follow(current, name, isLast: true)
      return nil
    }
    // O_PATH opens a link itself.
    if isFollowing, flags.contains(.path), try opened.descriptor.status().kind == .symbolicLink {
      try follow(opened.descriptor, "", isLast: true)
      return nil
    }
    return opened
  }

  /// Puts what a symbolic link holds before the rest of the path.
  private mutating func follow(
    _ directory: FileDescriptor, _ name: UnsafePointer<CChar>, isLast: Bool
  ) throws(Errno) {
    linkCount += 1
    if linkCount > Self.maximumLinkCount { throw .tooManySymbolicLinks }
    let target = try directory.readSymbolicLink(name)
    // A slash behind the link stays, even as the path's end: what it leads to must be a directory.
    rest = isLast ? target : target + [Self.slash] + rest
  }
}
