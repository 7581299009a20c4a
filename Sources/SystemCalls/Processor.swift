// What the processor can do.

import CSystem

/// Extensions of x86-64 that both the processor and the kernel support.
package struct ProcessorExtensions: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ bit: Int) { rawValue = UInt32(bit) }

  package static let ssse3 = ProcessorExtensions(wasmrun_processor_ssse3)
  package static let sse41 = ProcessorExtensions(wasmrun_processor_sse4_1)
  package static let sse42 = ProcessorExtensions(wasmrun_processor_sse4_2)
  package static let popcnt = ProcessorExtensions(wasmrun_processor_popcnt)
  package static let lzcnt = ProcessorExtensions(wasmrun_processor_lzcnt)
  package static let bmi1 = ProcessorExtensions(wasmrun_processor_bmi1)
  package static let bmi2 = ProcessorExtensions(wasmrun_processor_bmi2)
  package static let avx = ProcessorExtensions(wasmrun_processor_avx)
  package static let avx2 = ProcessorExtensions(wasmrun_processor_avx2)
  package static let fma = ProcessorExtensions(wasmrun_processor_fma)
  package static let fsgsbase = ProcessorExtensions(wasmrun_processor_fsgsbase)

  /// Those of the machine that this process runs on.
  package static var available: ProcessorExtensions {
    ProcessorExtensions(rawValue: wasmrun_processor_extensions())
  }
}
