// The processor features that code made here may use.

import CompilerInterface
import SystemCalls

extension CPUFeatures {
  /// What the machine that this process runs on can do.
  static var host: CPUFeatures {
    let available = ProcessorExtensions.available
    var features: CPUFeatures = []
    for (extension_, feature) in knownFeatures where available.contains(extension_) {
      features.insert(feature)
    }
    return features
  }

  private static let knownFeatures: [(ProcessorExtensions, CPUFeatures)] = [
    (.ssse3, .ssse3), (.sse41, .sse41), (.sse42, .sse42), (.popcnt, .popcnt), (.lzcnt, .lzcnt),
    (.bmi1, .bmi), (.bmi2, .bmi2), (.avx, .avx), (.avx2, .avx2), (.fma, .fma),
  ]
}
