// The profile of code that was made while the program ran.

import CompileService
import CompilerInterface
import WasmModule

/// A region's code for a profiler, to be written once the run has ended: by the compiler's process,
/// which sees that however the run ended. The module's bytes must stay valid, and do not change.
struct RegionProfile: @unchecked Sendable {
  let file: ProfileFile
  let region: CodeRegion
  let module: Module
  let bytes: UnsafeRawBufferPointer

  /// Writes what has been published. Of a function that was replaced both are there, and their labels
  /// say whose code they are.
  func write() {
    let labels = FunctionLabels(module, bytes: bytes)
    for (stage, suffix) in [(CodeStage.baseline, " [baseline]"), (.optimized, " [llvm]")] {
      file.add(
        region.published(stage).lazy.map { record in
          ProfileFile.Entry(
            label: labels[UInt32(module.importedFunctionCount) + record.function] + suffix,
            address: region.address(ofText: Int(record.start)), code: region.text(of: record))
        })
    }
  }
}
