// The compiler as a program: where it is, and which build.

import CodeCache
package import CompilerInterface
package import SystemCalls

/// wasmrun-llvm, found.
package struct CompilerProgram: Sendable {
  static let name = "wasmrun-llvm"

  package let path: OSString
  /// Its identity, for cache keys.
  package let build: Hash256

  /// Looks beside wasmrun's own executable, where a build leaves it, then in the folder
  /// `libexec/wasmrun` that belongs to the executable's `bin`.
  package static func find(
    executablePath: OSString? = ProcessEnvironment.executablePath
  ) throws(RunnerError) -> CompilerProgram {
    guard let executablePath, let slash = executablePath.bytes.lastIndex(of: UInt8(ascii: "/"))
    else {
      throw missing("wasmrun does not know its own place: /proc is not there")
    }
    let folder = OSString(bytes: executablePath.bytes[..<slash])
    let candidates = ["/", "/../libexec/wasmrun/"].map { folder + $0 + OSString(name) }
    for path in candidates {
      guard
        let status = try? FileDescriptor.currentDirectory.status(of: path.cString, following: true),
        status.kind == .regular
      else { continue }
      let build = CacheKey.compilerBuild(
        version: wasmrunVersion, executableByteCount: status.byteCount,
        executableModificationTime: status.modificationTime)
      return CompilerProgram(path: path, build: build)
    }
    throw missing("it is neither '\(candidates[0])' nor '\(candidates[1])'")
  }

  /// The identity of the baseline compiler, which is a part of wasmrun's own executable.
  static func baselineBuild() throws(RunnerError) -> Hash256 {
    guard let path = ProcessEnvironment.executablePath,
      let status = try? FileDescriptor.currentDirectory.status(of: path.cString, following: true)
    else { throw missing("wasmrun does not know its own place: /proc is not there") }
    return CacheKey.compilerBuild(
      version: wasmrunVersion + " baseline", executableByteCount: status.byteCount,
      executableModificationTime: status.modificationTime)
  }

  private static func missing(_ why: String) -> RunnerError {
    RunnerError(
      .failed, "cannot find the compiler \(name)", why,
      hint: "install it, or build it beside wasmrun")
  }
}

/// The version of wasmrun; a part of every cache key.
package let wasmrunVersion = "0.1.0"
