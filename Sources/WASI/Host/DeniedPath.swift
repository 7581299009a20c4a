// Where a path leads that was refused: for messages only, found out when nothing depends on it.

internal import SystemCalls

extension GrantedDirectory {
  /// The host's path of what `path` leads to outside of this directory; nil where it stays inside,
  /// or nobody can tell. What links outside would make of it is not looked at.
  func target(ofDenied path: [UInt8]) -> OSString? {
    if path.first == HostPath.slash { return HostPath(path).text }
    var inside: [[UInt8]] = []
    // The names that are left, the next one last.
    var rest = Array(HostPath.names(of: path).reversed())
    var linkCount = 0
    while let name = rest.popLast() {
      if name == HostPath.parent {
        guard inside.popLast() == nil else { continue }
        return hostPath.map { HostPath($0.bytes, HostPath.parent, rest.reversed()).text }
      }
      inside.append(name)
      guard let contents = link(at: inside) else { continue }
      linkCount += 1
      guard linkCount <= 40 else { return nil }
      if contents.first == HostPath.slash { return HostPath(contents, [], rest.reversed()).text }
      inside.removeLast()
      rest += HostPath.names(of: contents).reversed()
    }
    return nil
  }

  /// The host's path of the directory itself; nil where there is no procfs.
  var hostPath: OSString? {
    let path = try? FileDescriptor.currentDirectory.readSymbolicLink(
      "/proc/self/fd/\(file.rawValue)")
    return path.map { OSString(bytes: $0) }
  }

  /// What the symbolic link holds that these names lead to; nil where there is none.
  private func link(at names: [[UInt8]]) -> [UInt8]? {
    let path = OSString(bytes: names.joined(separator: [HostPath.slash])).cString
    guard let opened = try? openPath(path, .noFollow), opened.status.kind == .symbolicLink else {
      return nil
    }
    return try? opened.file.descriptor.readSymbolicLink("")
  }
}

/// An absolute path without `.`, `..` and doubled slashes.
private struct HostPath {
  static let slash = UInt8(ascii: "/")
  static let parent = Array("..".utf8)

  private var names: [[UInt8]] = []

  /// `start`, and `name` and the `rest` below it.
  init(_ start: [UInt8], _ name: [UInt8] = [], _ rest: some Sequence<[UInt8]> = [[UInt8]]()) {
    for name in Self.names(of: start) + Self.names(of: name) + Array(rest) {
      if name == Self.parent {
        _ = names.popLast()
      } else {
        names.append(name)
      }
    }
  }

  var text: OSString {
    OSString(bytes: [Self.slash] + names.joined(separator: [Self.slash]))
  }

  /// The names of a path; `.` and nothing between two slashes are none.
  static func names(of path: [UInt8]) -> [[UInt8]] {
    path.split(separator: slash).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
  }
}
