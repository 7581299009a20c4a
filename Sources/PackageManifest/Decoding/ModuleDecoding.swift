// `[[module]]`.

import StructuredText

extension PackageModule {
  /// nil where it has no name or no source, which is told.
  init?(_ reader: TableReader) {
    var reader = reader
    let name = reader.requiredString("name")
    let hasSource = reader.requiredString("source") != nil
    let source = hasSource ? reader.path("source") : nil
    let abi = reader.word("abi", ABI.allCases.map(\.rawValue), what: "ABI")
    Self.readKind(&reader)
    let interfaces = reader.table("interfaces", "'interfaces'")
    if let bindings = reader.table("bindings", "'bindings'") { Self.check(bindings) }
    var suggestions = CodegenSuggestions()
    if var annotations = reader.table("annotations", "'annotations'") {
      let key = "suggested_compiler_optimizations"
      if let table = annotations.table(key, "'\(key)'") {
        suggestions = CodegenSuggestions(table)
      }
      annotations.finish()
    }
    reader.finish()
    guard let name, let source else { return nil }
    self.init(
      name: name, source: source, abi: abi.flatMap { ABI(rawValue: $0.value) } ?? .none,
      hasInterfaces: interfaces?.table.entries.isEmpty == false, suggestions: suggestions)
  }

  private static func readKind(_ reader: inout TableReader) {
    guard let kind = reader.string("kind") else { return }
    let isKnown =
      ["wasm", "tensorflow-SavedModel"].contains(kind.value)
      || ["https://", "http://"].contains { kind.value.hasPrefix($0) }
    if !isKnown {
      reader.problems.error(
        "unknown kind of module '\(kind.value)'", at: kind.place,
        hint: suggestion(kind.value, ["wasm"]) ?? "leave 'kind' out for a WebAssembly module")
    }
  }

  /// Bindings are for other hosts; their files have to be in the package all the same.
  private static func check(_ bindings: TableReader) {
    var bindings = bindings
    let isNew = bindings.table["wit-exports"] != nil || bindings.table["wit-bindgen"] != nil
    let isOld = bindings.table["wai-version"] != nil
    if isNew == isOld {
      bindings.problems.error(
        "'bindings' needs either 'wit-bindgen' and 'wit-exports', or 'wai-version'",
        at: bindings.offset)
    }
    for key in ["wit-exports", "exports"] { _ = bindings.path(key) }
    for key in ["wit-bindgen", "wai-version"] { _ = bindings.string(key) }
    for path in bindings.strings("imports") {
      if let problem = ManifestText.problem(ofPath: path.value) {
        bindings.problems.error(problem, at: path.place)
      }
    }
    bindings.finish()
  }
}

extension CodegenSuggestions {
  /// Reads the options that a package, or a user's configuration, may choose.
  init(_ reader: TableReader) {
    var reader = reader
    passParameters = reader.boolean("pass_params")
    if let level = reader.integer("opt_level") {
      if (1...3).contains(level.value) {
        optimizationLevel = Located(Int(level.value), at: level.place)
      } else {
        reader.problems.error("'opt_level' must be 1, 2 or 3, not \(level.value)", at: level.place)
      }
    }
    compiler = reader.word("compiler", Self.compilers, what: "compiler")
    reader.finish()
  }
}
