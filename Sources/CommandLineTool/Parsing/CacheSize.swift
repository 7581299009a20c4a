// How large the cache may become, by the environment.

import CodeCache
import ProgramRunner
import SystemCalls

/// What `WASMRUN_CACHE_SIZE` says.
enum CacheSize {
  static let variable: OSString = "WASMRUN_CACHE_SIZE"

  /// The limit in bytes: the variable's, else the standard one. 0 keeps nothing.
  static func limit() throws(RunnerError) -> UInt64 {
    guard let value = ProcessEnvironment.value(of: variable), !value.isEmpty else {
      return CodeCache.standardByteLimit
    }
    if value == "0" { return 0 }
    guard let size = value.text.flatMap({ ByteCount($0) }) else {
      throw RunnerError(
        .usage, "wrong value of the variable \(variable)",
        "a size such as 512M, or 0, is expected, not '\(value)'")
    }
    return size.bytes
  }
}
