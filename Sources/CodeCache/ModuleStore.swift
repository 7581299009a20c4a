// Module images in the cache: by the module's hash alone.

package import CompilerInterface
package import SystemCalls

/// A module image that was opened; nothing of its content is checked yet.
package struct StoredModule: ~Copyable {
  package let file: OwnedDescriptor
  package let byteCount: Int
}

extension CodeCache {
  static func entryName(ofModule hash: Hash256) -> String {
    hash.hexadecimal + CacheEntryKind.module.rawValue
  }

  /// The image of the module with `hash`; nil where there is none.
  package func openModule(_ hash: Hash256) throws(CacheFailure) -> StoredModule? {
    guard let trusted = try TrustedFile.open(Self.entryName(ofModule: hash), in: folder.descriptor)
    else { return nil }
    let status = trusted.status
    let file = trusted.takeFile()
    noteUse(file.descriptor, status)
    return StoredModule(file: file, byteCount: Int(status.byteCount))
  }

  /// Keeps the image of the module with `hash`, as `insert` keeps code.
  package func insertModule(
    _ image: [UInt8], _ hash: Hash256
  ) throws(CacheFailure) {
    try insert(image, named: Self.entryName(ofModule: hash))
  }

  /// Removes the image of the module with `hash`, for example a damaged one.
  package func removeModule(_ hash: Hash256) {
    try? folder.descriptor.unlink(Self.entryName(ofModule: hash))
  }
}
