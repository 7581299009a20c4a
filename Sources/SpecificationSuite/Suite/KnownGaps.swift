// The test files of which some commands are left out, each with the reason.

/// What the engine does not have, or has otherwise than a file asks for.
package enum KnownGaps {
  /// A feature, and the files and folders (with a slash at the end) that wait for it.
  package typealias Gap = (feature: String, names: [String])

  /// The feature that keeps `file` (its name in the suite) from passing whole with code of
  /// `compiler`; nil for none.
  package static func reason(for file: String, compiler: CompilerChoice = .llvm) -> String? {
    reason(for: file, in: compiler == .llvm ? features : features + ofBaseline)
  }

  /// The first of `gaps` that `file` waits for.
  package static func reason(for file: String, in gaps: [Gap]) -> String? {
    for (feature, names) in gaps {
      for name in names where name == file || name.hasSuffix("/") && file.hasPrefix(name) {
        return feature
      }
    }
    return nil
  }

  /// What all compilers lack: nothing.
  package static let features: [Gap] = []

  /// What the baseline compiler leaves to LLVM.
  private static let ofBaseline: [Gap] = [
    (
      "garbage collection in baseline code",
      [
        "core/type-rec.wast",
        "core/memory64/table_init64.wast",
        "core/bulk-memory/table_init.wast",
        "Tests/Fixtures/wast/inlined-calls.wast",
        "core/gc/array.wast",
        "core/gc/array_copy.wast",
        "core/gc/array_fill.wast",
        "core/gc/array_init_data.wast",
        "core/gc/array_init_elem.wast",
        "core/gc/array_new_data.wast",
        "core/gc/array_new_elem.wast",
        "core/gc/br_on_cast.wast",
        "core/gc/br_on_cast_fail.wast",
        "core/gc/extern.wast",
        "core/gc/i31.wast",
        "core/gc/ref_cast.wast",
        "core/gc/ref_eq.wast",
        "core/gc/ref_test.wast",
        "core/gc/struct.wast",
        "core/gc/type-subtyping.wast",
      ]
    ),
  ]
}
