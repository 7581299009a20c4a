// A folder of the host's inside a grant that stays out of reach: wasmrun's own, whose content is run.

package import SystemCalls

/// Such a folder, and the folders that lead to it. It has no folders inside. Known by identity, so
/// that no link, mount or name leads around it.
package final class GuardedFolder: Sendable {
  package let identity: FileIdentity
  /// The folder and those around it, as far as the root. None of them may be moved or removed in a
  /// grant: a new one in its place would not be guarded.
  private let chain: [FileIdentity]

  /// The folder that is open as `folder`. Throws what openat(2) and fstat(2) say on the way up.
  package init(_ folder: FileDescriptor) throws(Errno) {
    identity = try folder.status().identity
    var chain = [identity]
    var current = try folder.open(".", [.path, .directory])
    while true {
      let parent = try current.descriptor.open("..", [.path, .directory])
      let next = try parent.descriptor.status().identity
      // The root is its own parent.
      if next == chain[chain.count - 1] { break }
      chain.append(next)
      current = parent
    }
    self.chain = chain
  }

  /// Whether the folder is in `directory` or below, or is `directory`.
  package func isInside(_ directory: FileDescriptor) throws(Errno) -> Bool {
    chain.contains(try directory.status().identity)
  }

  /// Throws `.avoidedDirectory` for the folder itself.
  func check(_ status: FileStatus) throws(Errno) {
    if status.identity == identity { throw .avoidedDirectory }
  }

  /// Throws `.avoidedDirectory` where a name is that of the folder, or of one on the way to it.
  func checkName(_ leaf: UnsafePointer<CChar>, in directory: FileDescriptor) throws(Errno) {
    guard let status = try? directory.status(of: leaf) else { return }
    if chain.contains(status.identity) { throw .avoidedDirectory }
  }
}
