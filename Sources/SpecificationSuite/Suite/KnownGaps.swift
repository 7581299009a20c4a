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
      "typed function references",
      [
        "core/br_if.wast", "core/br_on_non_null.wast", "core/br_on_null.wast",
        "core/br_table.wast", "core/call_ref.wast", "core/elem.wast", "core/func.wast",
        "core/linking.wast", "core/local_init.wast", "core/local_tee.wast", "core/ref.wast",
        "core/ref_as_non_null.wast", "core/ref_is_null.wast", "core/return_call.wast",
        "core/return_call_indirect.wast", "core/return_call_ref.wast", "core/select.wast",
        "core/table.wast", "core/unreached-invalid.wast", "core/unreached-valid.wast",
        "core/bulk-memory/table-sub.wast",
      ]
    ),
    (
      "garbage collection",
      [
        "core/gc/", "core/ref_null.wast", "core/type-canon.wast", "core/type-equivalence.wast",
        "core/type-rec.wast", "core/bulk-memory/table_init.wast", "core/memory64/table_init64.wast",
      ]
    ),
    (
      "exceptions",
      [
        "core/exceptions/", "core/exports.wast", "core/imports.wast", "core/instance.wast",
        "custom/name/name_annot.wast",
      ]
    ),
    ("branch hints", ["custom/metadata.code.branch_hint/"]),
  ]
}
