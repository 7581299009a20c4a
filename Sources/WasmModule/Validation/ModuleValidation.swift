// Validates a module: its declarations, and with them its bodies.

extension Module {
  /// Validates everything: declarations and bodies. Spec: core 3.0 §3.5.
  ///
  /// `bytes` are those that the module was decoded from.
  package func validate(
    bytes: UnsafeRawBufferPointer, features: Features = .all
  ) throws(ModuleError) {
    try validateCounts(features)
    var validator = try FunctionValidator(self, bytes: bytes)
    try validateDeclarations(&validator)
    for index in importedFunctionCount..<functions.count {
      try validator.validate(functionIndex: UInt32(index))
    }
  }

  /// Validates everything but bodies: afterwards every index outside bodies is valid, and every
  /// constant expression is.
  package func validateDeclarations(bytes: UnsafeRawBufferPointer) throws(ModuleError) {
    var validator = try FunctionValidator(self, bytes: bytes)
    try validateDeclarations(&validator)
  }

  private func validateDeclarations(
    _ validator: inout FunctionValidator
  ) throws(ModuleError) {
    try validateMemories()
    try validateTables(&validator)
    try validateGlobals(&validator)
    try validateTags()
    try validateExports()
    try validateStart()
    for index in elements.indices { try validateElement(index, &validator) }
    for index in data.indices { try validateData(index, &validator) }
  }

  // MARK: Types.

  private func validateCounts(_ features: Features) throws(ModuleError) {
    if memories.count > 1, !features.contains(.multipleMemories) {
      throw invalid("multiple memories", importedMemoryCount > 1 ? .import : .memory)
    }
    if tables.count > 1, !features.contains(.multipleTables) {
      throw invalid("multiple tables", importedTableCount > 1 ? .import : .table)
    }
  }

  private func validateMemories() throws(ModuleError) {
    for (index, memory) in memories.enumerated() {
      let section: Section = index < importedMemoryCount ? .import : .memory
      let limits = memory.limits
      guard memory.pageSizeLog2 == 0 || memory.pageSizeLog2 == 16 else {
        throw invalid(
          "invalid custom page size of memory \(index): it is 1 or 65536 bytes", section)
      }
      guard max(limits.minimum, limits.maximum ?? 0) <= memory.maximumPageCount else {
        throw invalid(
          "memory size of memory \(index) must be at most \(memory.maximumPageCount) pages", section
        )
      }
      try validateOrder(limits, "memory \(index)", section)
      guard !limits.isShared || limits.maximum != nil else {
        throw invalid("shared memory must have maximum: memory \(index) has none", section)
      }
    }
  }

  private func validateTables(_ validator: inout FunctionValidator) throws(ModuleError) {
    for (index, table) in tables.enumerated() {
      let section: Section = index < importedTableCount ? .import : .table
      let limits = table.type.limits
      guard limits.is64Bit || max(limits.minimum, limits.maximum ?? 0) <= UInt64(UInt32.max) else {
        throw invalid("table size of table \(index) must be below 2^32", section)
      }
      try validateOrder(limits, "table \(index)", section)
      guard let initializer = table.initializer else {
        guard index < importedTableCount || table.type.element.isDefaultable else {
          throw invalid(
            "type mismatch: table \(index) of \(table.type.element) needs an initializer", section)
        }
        continue
      }
      // Tables are made before the module's own globals.
      try validator.validate(
        initializer, type: table.type.element, visibleGlobals: importedGlobalCount)
    }
  }

  private func validateOrder(
    _ limits: Limits, _ what: String, _ section: Section
  ) throws(ModuleError) {
    guard limits.minimum <= limits.maximum ?? .max else {
      throw invalid("size minimum must not be greater than maximum, in \(what)", section)
    }
  }

  private func validateGlobals(_ validator: inout FunctionValidator) throws(ModuleError) {
    for (index, global) in globals.enumerated() {
      guard let initializer = global.initializer else { continue }
      try validator.validate(initializer, type: global.type.value, visibleGlobals: index)
    }
  }

  private func validateTags() throws(ModuleError) {
    for (index, typeIndex) in tags.enumerated() {
      guard definedFunctionType(typeIndex).results.isEmpty else {
        let section: Section = index < importedTagCount ? .import : .tag
        throw invalid("non-empty tag result type of tag \(index)", section)
      }
    }
  }

  // MARK: Exports and start.

  private func validateExports() throws(ModuleError) {
    for export in exports {
      let (what, count) = space(export.kind)
      guard export.index < count else {
        throw invalid(
          "unknown \(what) \(export.index), exported as \(quoted(export.name))", .export)
      }
    }
    if let name = duplicateExportName() {
      throw invalid("duplicate export name \(quoted(name))", .export)
    }
  }

  /// A name that two exports have.
  private func duplicateExportName() -> String? {
    // Most programs export two or three things. The first set of a process costs it more than all
    // else that is validated here.
    if exports.count <= 16 {
      for (place, export) in exports.enumerated() {
        for other in exports[..<place] where NameKey(other.name) == NameKey(export.name) {
          return export.name
        }
      }
      return nil
    }
    var names: Set<NameKey> = []
    names.reserveCapacity(exports.count)
    return exports.first { !names.insert(NameKey($0.name)).inserted }?.name
  }

  /// An index space's name and size.
  private func space(_ kind: ExternKind) -> (String, Int) {
    switch kind {
    case .function: ("function", functions.count)
    case .table: ("table", tables.count)
    case .memory: ("memory", memories.count)
    case .global: ("global", globals.count)
    case .tag: ("tag", tags.count)
    }
  }

  private func validateStart() throws(ModuleError) {
    guard let start else { return }
    guard start < functions.count else { throw invalid("unknown function \(start)", .start) }
    let type = functionType(start)
    guard type == FunctionType() else {
      throw invalid("start function must have type [] -> [], function \(start) has \(type)", .start)
    }
  }

  // MARK: Segments.

  private func validateElement(
    _ index: Int, _ validator: inout FunctionValidator
  ) throws(ModuleError) {
    let segment = elements[index]
    if case .active(let table, let offset) = segment.mode {
      guard table < tables.count else { throw invalid("unknown table \(table)", .element) }
      let type = tables[Int(table)].type
      guard validator.tables.matches(segment.type, type.element) else {
        throw invalid(
          "type mismatch: element segment \(index) of \(segment.type) for a table of "
            + "\(type.element)", .element)
      }
      try validator.validate(
        offset, type: type.limits.addressType, visibleGlobals: globals.count)
    }
    switch segment.items {
    case .functions(let indices):
      for function in indices where function >= functions.count {
        throw invalid("unknown function \(function) in element segment \(index)", .element)
      }
    case .expressions(let expressions):
      for expression in expressions {
        try validator.validate(expression, type: segment.type, visibleGlobals: globals.count)
      }
    }
  }

  private func validateData(
    _ index: Int, _ validator: inout FunctionValidator
  ) throws(ModuleError) {
    guard case .active(let memory, let offset) = data[index].mode else { return }
    guard memory < memories.count else { throw invalid("unknown memory \(memory)", .data) }
    try validator.validate(
      offset, type: memories[Int(memory)].limits.addressType, visibleGlobals: globals.count)
  }

  /// A broken rule; its place is the section that the declaration stands in.
  private func invalid(_ message: String, _ section: Section) -> ModuleError {
    ModuleError(.invalid, message, at: offset(of: section))
  }
}
