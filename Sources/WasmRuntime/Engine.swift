// The engine: which compiler makes modules' code, and how.

import CompilerInterface
import SystemCalls

/// How modules are compiled. Immutable, so that threads can share it; all else that is needed to run
/// is in stores.
public struct Engine: Hashable, Sendable {
  /// Who makes machine code.
  public enum Compiler: Hashable, Sendable {
    /// The baseline compiler, on threads of this process: quick to compile, slower to run.
    case baseline
    /// The baseline compiler in a child of this process, locked down before it looks at a body. Only
    /// for a process that has a single thread: the child is a fork.
    case baselineInChild
    /// LLVM, by the program wasmrun-llvm at this path, which locks itself down before it reads the
    /// module. Debian's package has it at `/usr/libexec/wasmrun/wasmrun-llvm`.
    case llvm(program: String)
  }

  public var compiler: Compiler
  /// Whether the base of memory 0 is passed between functions as a parameter.
  public var passesMemoryBase = true
  /// How much LLVM works at optimising, 1 to 3; beyond that it is the nearest of these.
  public var optimizationLevel = 2

  public init(_ compiler: Compiler = .baseline) { self.compiler = compiler }

  var options: CodegenOptions {
    var options = CodegenOptions()
    options.passParameters = passesMemoryBase
    options.optimizationLevel = min(max(optimizationLevel, 1), 3)
    options.cpuFeatures = .host
    return options
  }
}
