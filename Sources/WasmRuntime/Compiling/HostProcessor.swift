// The processor features that code made here may use.

package import CompilerInterface
import SystemCalls

extension CPUFeatures {
  /// What the machine that this process runs on can do.
  package static var host: CPUFeatures {
    // Plain bits: the sets' own operations are generic, and this runs at every start.
    let available = ProcessorExtensions.available.rawValue
    var features: UInt64 = 0
    for (known, feature) in knownFeatures where available & known.rawValue != 0 {
      features |= feature.rawValue
    }
    return CPUFeatures(rawValue: features)
  }

  private static let knownFeatures: [(ProcessorExtensions, CPUFeatures)] = [
    (.ssse3, .ssse3), (.sse41, .sse41), (.sse42, .sse42), (.popcnt, .popcnt), (.lzcnt, .lzcnt),
    (.bmi1, .bmi), (.bmi2, .bmi2), (.avx, .avx), (.avx2, .avx2), (.fma, .fma),
    (.fsgsbase, .fsgsbase),
  ]
}
