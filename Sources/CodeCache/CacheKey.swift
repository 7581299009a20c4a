// What must agree for an image to be used again.

package import CompilerInterface
package import SystemCalls

/// Which image is wanted: of which module, made by which compiler, with which options.
package struct CacheKey: Hashable, Sendable {
  package let moduleHash: Hash256
  /// The compiler's identity; see `compilerBuild`.
  package let compilerBuild: Hash256
  package let options: CodegenOptions
  /// The entry's name without its suffix: SHA-256 over all of the above and the versions of the
  /// ABI and of the image format.
  package let digest: Hash256

  package init(moduleHash: Hash256, compilerBuild: Hash256, options: CodegenOptions) {
    self.moduleHash = moduleHash
    self.compilerBuild = compilerBuild
    self.options = options
    digest = Self.digest(
      moduleHash, compilerBuild, options.fingerprint, options.cpuFeatures.rawValue)
  }

  private static func digest(
    _ moduleHash: Hash256, _ compilerBuild: Hash256, _ optionsFingerprint: UInt64,
    _ cpuFeatures: UInt64
  ) -> Hash256 {
    var input = DigestInput()
    input.append("wasmrun code image")
    input.append(UInt64(CodeImageHeader.formatVersion))
    input.append(UInt64(CallingConvention.abiVersion))
    input.append(moduleHash)
    input.append(compilerBuild)
    input.append(optionsFingerprint)
    input.append(cpuFeatures)
    return input.digest
  }

  /// The name of the whole image's file.
  package var entryName: String { entryName(.image) }

  /// The file name of this key's entry of `kind`.
  package func entryName(_ kind: CacheEntryKind) -> String { digest.hexadecimal + kind.rawValue }

  /// The file name of the entry that an image with `header` belongs to.
  static func entryName(of header: CodeImageHeader) -> String {
    digest(
      header.moduleHash, header.compilerBuild, header.optionsFingerprint, header.cpuFeatures
    ).hexadecimal + CacheEntryKind.image.rawValue
  }

  /// Throws unless `header` is that of an image with this key. The name of an entry promises it
  /// already; the header proves it, whoever renamed the file.
  func check(_ header: CodeImageHeader) throws(CacheFailure) {
    guard header.moduleHash == moduleHash, header.compilerBuild == compilerBuild,
      header.optionsFingerprint == options.fingerprint,
      header.cpuFeatures == options.cpuFeatures.rawValue
    else { throw .image(Self.mismatch) }
  }

  static let mismatch = CodeImageError.doesNotFit("another module, compiler or option")

  /// Throws unless `file` holds an image with this key: what a compiler wrote, for example.
  package func check(_ file: FileDescriptor) throws(CacheFailure) {
    let byteCount = try attempt("examine the image") { () throws(Errno) in
      Int(try file.status().byteCount)
    }
    try check(try readHeader(of: file, fileByteCount: byteCount))
  }

  /// The identity of a compiler: wasmrun's version, and the compiler's executable by size and time
  /// of last modification (nanoseconds since 1970), so that a rebuilt one is another.
  package static func compilerBuild(
    version: String, executableByteCount: Int64, executableModificationTime: Int64
  ) -> Hash256 {
    var input = DigestInput()
    input.append("wasmrun compiler")
    input.append(version)
    input.append(UInt64(bitPattern: executableByteCount))
    input.append(UInt64(bitPattern: executableModificationTime))
    return input.digest
  }
}
