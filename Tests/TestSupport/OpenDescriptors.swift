// Finding descriptors that were left open.

import SystemCalls

/// Counts the process's descriptors for files at or below `path`; other tests run meanwhile.
package func openDescriptorCount(below path: String) throws -> Int {
  let table = try FileDescriptor.currentDirectory.open("/proc/self/fd", [.readOnly, .directory])
  var stream = DirectoryStream(try table.descriptor.duplicate())
  var count = 0
  while let entry = try stream.next() {
    let name = String(decoding: entry.name, as: UTF8.self)
    let target = (try? table.descriptor.readSymbolicLink(name)) ?? []
    if target.starts(with: path.utf8) { count += 1 }
  }
  return count
}
