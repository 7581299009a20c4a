// A directory of a test's own, gone when the test ends.

import Glibc
package import SystemCalls

/// A new directory that holds nothing, and goes with all that is put into it.
package final class TemporaryDirectory: Sendable {
  /// Absolute, without a slash at the end.
  package let path: String
  package let descriptor: FileDescriptor

  package init() throws {
    var template = Array("/tmp/wasmrun-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno.last }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    descriptor = try FileDescriptor.currentDirectory.open(path, [.readOnly, .directory]).take()
  }

  deinit {
    try? Self.removeContents(of: descriptor)
    try? descriptor.close()
    try? FileDescriptor.currentDirectory.removeDirectory(path)
  }

  /// Puts a file there.
  package func write(_ name: String, _ contents: String = "") throws {
    let file = try descriptor.open(name, [.writeOnly, .create, .truncate])
    var contents = contents
    try contents.withUTF8 { try file.descriptor.writeAll(UnsafeRawBufferPointer($0)) }
    try file.close()
  }

  /// What a file there holds.
  package func contents(of name: String) throws -> String {
    let file = try descriptor.open(name, .readOnly)
    let count = Int(try file.descriptor.status().byteCount)
    return try String(unsafeUninitializedCapacity: count) {
      try file.descriptor.readAll(into: UnsafeMutableRawBufferPointer($0), at: 0)
    }
  }

  private static func removeContents(of directory: FileDescriptor) throws {
    var names: [String] = []
    var stream = DirectoryStream(try directory.open(".", [.readOnly, .directory]))
    while let entry = try stream.next() {
      names.append(String(decoding: entry.name, as: UTF8.self))
    }
    for name in names where name != "." && name != ".." {
      if try directory.status(of: name).kind == .directory {
        let child = try directory.open(name, [.readOnly, .directory, .noFollow])
        try removeContents(of: child.descriptor)
        try directory.removeDirectory(name)
      } else {
        try directory.unlink(name)
      }
    }
  }
}
