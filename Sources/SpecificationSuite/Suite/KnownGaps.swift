// The test files of which some commands are left out, each with the reason.

/// What the engine does not have, or has otherwise than a file asks for.
package enum KnownGaps {
  /// A feature, and the files and folders (with a slash at the end) that wait for it.
  package typealias Gap = (feature: String, names: [String])

  /// The feature that keeps `file` (its name in the suite) from passing whole, with code of either
  /// compiler; nil for none.
  package static func reason(for file: String) -> String? { reason(for: file, in: features) }

  /// The first of `gaps` that `file` waits for.
  package static func reason(for file: String, in gaps: [Gap]) -> String? {
    for (feature, names) in gaps {
      for name in names where name == file || name.hasSuffix("/") && file.hasPrefix(name) {
        return feature
      }
    }
    return nil
  }

  /// What either compiler lacks: nothing.
  package static let features: [Gap] = []
}
