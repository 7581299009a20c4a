// Functions: their types, locals and bodies. Spec: core 3.0 §6.6.4.

extension ModuleParser {
  mutating func parseFunction() throws(SourceError) {
    guard let index = try parseImportable(.function) else { return }
    scope.begin(function: index)
    let use = try takeTypeUse(.locals)
    sections[.function].count += 1
    sections[.function].bytes.appendUnsigned(use.index)
    code.removeAll(keepingCapacity: true)
    try parseLocals(parameterCount: use.parameterCount)
    try parseInstructions(until: fieldEnd)
    code.append(0x0B)
    sections[.code].count += 1
    sections[.code].bytes.appendSized(code)
  }

  /// `(local …)*`, encoded as runs of equal types.
  private mutating func parseLocals(parameterCount: UInt32) throws(SourceError) {
    var runs: [(count: UInt32, type: EncodedType)] = []
    var index = parameterCount
    func add(_ type: EncodedType) {
      if let last = runs.last, last.type == type {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((1, type))
      }
      index += 1
    }
    while let close = takeOpen(.local) {
      if current.kind == .identifier {
        let (place, local) = (cursor, try takeName())
        try declareLocal(local.identifier, local.name, index, at: place)
        add(try takeValueType())
      } else {
        while cursor < close { add(try takeValueType()) }
      }
      try expectClose()
    }
    code.appendUnsigned(UInt(runs.count))
    for run in runs {
      code.appendUnsigned(run.count)
      code.append(run.type)
    }
  }
}
