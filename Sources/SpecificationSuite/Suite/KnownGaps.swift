// The test files of which some commands are left out, each with the reason.

/// What the engine does not have, or has otherwise than a file asks for.
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

  package static let features: [Gap] = [
    (
      "asks for a single memory and table, as WebAssembly 1.0 did and 3.0 does not",
      ["proposals/threads/imports.wast", "proposals/threads/memory.wast"]
    )
  ]
}
