// Who wants to know what machine code was made of which function.

package import CompilerInterface
package import SystemCalls

/// A function's machine code, of an image.
package struct FunctionCode {
  /// In the module's index space.
  package let index: UInt32
  package let code: UnsafeRawBufferPointer
}

/// A function's machine code, as compilers have published it while the guest ran.
package struct RunningFunction {
  /// In the module's index space.
  package let index: UInt32
  /// Whose code it is. Of a function that was replaced both are there.
  package let stage: CodeStage
  /// In the guest's process.
  package let address: UInt64
  /// The same bytes in this process.
  package let code: UnsafeRawBufferPointer
}

/// Keeps a record of code that was made while the guest ran, once the guest has ended: in the
/// compiler's process, which sees that however it ended.
package protocol CodeRecorder: Sendable {
  /// The file that it writes, which the compiler's process gets, too.
  var descriptor: FileDescriptor { get }

  /// Writes to `file`, which is `descriptor` as the compiler's process has it. Only the sandbox of
  /// `SandboxPolicy.runningCompiler` is left to it.
  func record(_ functions: [RunningFunction], to file: FileDescriptor)
}
