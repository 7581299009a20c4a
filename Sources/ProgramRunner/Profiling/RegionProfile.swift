// The profile of code that was made while the program ran.

import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// Writes the code of a module's functions for a profiler. The module's bytes must stay valid, and do
/// not change.
struct RegionProfile: CodeRecorder, @unchecked Sendable {
  let file: ProfileFile
  let module: WasmModule.Module
  let bytes: UnsafeRawBufferPointer

  var descriptor: FileDescriptor { file.descriptor }

  /// Labels say whose code it is: of a function that was replaced both are there.
  func record(_ functions: [RunningFunction], to file: FileDescriptor) {
    let labels = FunctionLabels(module, bytes: bytes)
    self.file.add(
      functions.lazy.map { function in
        ProfileFile.Entry(
          label: labels[function.index]
            + (function.stage == .optimized ? " [llvm]" : " [baseline]"),
          address: function.address, code: function.code)
      }, to: file)
  }
}
