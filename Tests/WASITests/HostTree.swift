// The tests' own view of a folder: what is in it, and where paths lead. It shares nothing with the
// code under test but the kernel's calls.

import SystemCalls
import TestSupport

/// All that somebody could have changed below a folder.
struct Snapshot: Equatable {
  struct Entry: Equatable {
    var inode: UInt64
    var kind: FileKind
    var linkCount: UInt64
    var byteCount: Int64
    var permissions: UInt32
    var modificationTime: Int64
    var changeTime: Int64
    /// Of a regular file or a symbolic link.
    var content: [UInt8]
  }

  private(set) var entries: [String: Entry] = [:]

  /// `except` is a name in the folder that is left out.
  init(_ folder: FileDescriptor, except: String? = nil) throws {
    try add(folder, "", except)
  }

  private mutating func add(_ folder: FileDescriptor, _ prefix: String, _ except: String?) throws {
    for name in try entryNames(in: folder) where name != except {
      let status = try folder.status(of: name)
      var content: [UInt8] = []
      switch status.kind {
      case .regular:
        let file = try folder.open(name, [.readOnly, .noFollow])
        content = [UInt8](repeating: 0, count: Int(status.byteCount))
        _ = try content.withUnsafeMutableBytes { try file.descriptor.readAll(into: $0, at: 0) }
      case .symbolicLink: content = try folder.readSymbolicLink(name)
      case .directory:
        let child = try folder.open(name, [.readOnly, .directory, .noFollow])
        try add(child.descriptor, prefix + name + "/", nil)
      default: break
      }
      entries[prefix + name] = Entry(
        inode: status.inode, kind: status.kind, linkCount: status.linkCount,
        byteCount: status.byteCount, permissions: status.permissions,
        modificationTime: status.modificationTime, changeTime: status.changeTime, content: content)
    }
  }
}

/// The names in a folder, without `.` and `..`.
func entryNames(in folder: FileDescriptor) throws -> [String] {
  var names: [String] = []
  var stream = DirectoryStream(try folder.open(".", [.readOnly, .directory]))
  while let entry = try stream.next() {
    names.append(String(decoding: entry.name, as: UTF8.self))
  }
  return names.filter { $0 != "." && $0 != ".." }
}

/// Removes all that is in a folder.
func empty(_ folder: FileDescriptor) throws {
  for name in try entryNames(in: folder) {
    if try folder.status(of: name).kind == .directory {
      let child = try folder.open(name, [.readOnly, .directory, .noFollow])
      try empty(child.descriptor)
      try folder.removeDirectory(name)
    } else {
      try folder.unlink(name)
    }
  }
}

/// Where a path leads, found out name by name.
enum Destination: Equatable {
  case inside(inode: UInt64, kind: FileKind)
  /// It leaves the folder somewhere on its way, whether it comes back or not.
  case outside
  case missing
  case notDirectory
  case loop

  init(of path: String, in folder: FileDescriptor, following: Bool) throws {
    var stack: [String] = []
    var rest = Destination.names(of: path)
    var linkCount = 0
    if path.hasPrefix("/") {
      self = .outside
      return
    }
    while let name = rest.first {
      rest.removeFirst()
      let here = stack.isEmpty ? "." : stack.joined(separator: "/")
      guard try folder.status(of: here).kind == .directory else {
        self = .notDirectory
        return
      }
      if name == "." || name == "" { continue }
      if name == ".." {
        if stack.popLast() == nil {
          self = .outside
          return
        }
        continue
      }
      stack.append(name)
      let path = stack.joined(separator: "/")
      guard let status = try? folder.status(of: path) else {
        self = .missing
        return
      }
      guard status.kind == .symbolicLink, !rest.isEmpty || following else { continue }
      linkCount += 1
      guard linkCount <= 40 else {
        self = .loop
        return
      }
      let target = String(decoding: try folder.readSymbolicLink(path), as: UTF8.self)
      if target.hasPrefix("/") {
        self = .outside
        return
      }
      stack.removeLast()
      rest = Destination.names(of: target) + rest
    }
    let status = try folder.status(of: stack.isEmpty ? "." : stack.joined(separator: "/"))
    self = .inside(inode: status.inode, kind: status.kind)
  }

  /// Nothing behind a last slash is a name, too: it stands for the directory before it.
  private static func names(of path: String) -> [String] {
    path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
