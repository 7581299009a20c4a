// The test files that need features which later issues bring, each with the feature.

/// Features of WebAssembly 3.0 that the engine does not have yet.
package enum KnownGaps {
  /// The feature that keeps `file` (its name in the suite) from passing whole; nil for none.
  package static func reason(for file: String) -> String? {
    for (feature, names) in features {
      for name in names where name == file || name.hasSuffix("/") && file.hasPrefix(name) {
        return feature
      }
    }
    return nil
  }

  /// Files, and folders (with a slash at the end), by the feature that they wait for.
  private static let features: [(feature: String, names: [String])] = [
    (
      "exceptions",
      [
        "core/exceptions/", "core/ref_null.wast", "core/exports.wast", "core/imports.wast",
        "core/instance.wast", "custom/name/name_annot.wast",
      ]
    ),
  ]
}
