// Which compiler the scripts' modules go through.

/// A compiler.
package enum CompilerChoice: String, CaseIterable, Sendable {
  case llvm
  case baseline
  /// The baseline compiler, function by function while the module runs.
  case onRequest = "on-request"
}
