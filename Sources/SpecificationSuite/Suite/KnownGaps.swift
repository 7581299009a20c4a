// The test files that need features which later issues bring, each with the feature.

/// Features of WebAssembly that the engine does not have yet.
package enum KnownGaps {
  /// A feature, and the files and folders (with a slash at the end) that wait for it.
  package typealias Gap = (feature: String, names: [String])

  /// The feature that keeps `file` (its name in the suite) from passing whole; nil for none.
  package static func reason(for file: String, in gaps: [Gap] = features) -> String? {
    for (feature, names) in gaps {
      for name in names where name == file || name.hasSuffix("/") && file.hasPrefix(name) {
        return feature
      }
    }
    return nil
  }

  /// None: every file of the folders that `.ci/test` names passes.
  package static let features: [Gap] = []
}
