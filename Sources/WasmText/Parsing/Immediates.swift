// Plain instructions: the opcode and the immediates. Spec: core 3.0 §5.4, §6.5.

extension InstructionEntry {
  /// Whether it is `br_if`, the one that a hint is for besides `if`.
  var isConditionalBranch: Bool { prefix == 0 && opcode == 0x0D }
}

extension ModuleParser {
  mutating func appendOpcode(_ entry: InstructionEntry) {
    if entry.prefix == 0 {
      code.append(UInt8(truncatingIfNeeded: entry.opcode))
    } else {
      code.append(entry.prefix)
      code.appendUnsigned(entry.opcode)
    }
  }

  /// Encodes a plain instruction whose name has just been taken.
  mutating func append(_ entry: InstructionEntry) throws(SourceError) {
    switch entry.immediates {
    case .castType: return try appendCast(entry)
    case .castBranch: return try appendCastBranch(entry)
    case .select: return try appendSelect(entry)
    default: appendOpcode(entry)
    }
    switch entry.immediates {
    case .none: break
    case .local: code.appendUnsigned(try takeLocal())
    case .label: try appendLabel()
    case .i32, .i64, .f32, .f64, .v128, .lane, .shuffle: try appendConstant(entry.immediates)
    case .access: try appendAccess(entry)
    case .accessLane: try appendAccessLane(entry)
    case .function: code.appendUnsigned(try takeIndex(.function))
    case .global: code.appendUnsigned(try takeIndex(.global))
    case .type: code.appendUnsigned(try takeIndex(.type))
    case .tag: code.appendUnsigned(try takeIndex(.tag))
    case .element: code.appendUnsigned(try takeIndex(.element))
    case .data: try appendData()
    case .table: code.appendUnsigned(try takeOptionalIndex(.table))
    case .memory: code.appendUnsigned(try takeOptionalIndex(.memory))
    case .labels: try appendLabels()
    case .tableType: try appendIndirectCall()
    case .heapType: code.append(try takeHeapType())
    case .fence: code.append(0x00)
    default: try appendTwo(entry.immediates)
    }
  }

  /// Two immediates, of which the first is an index.
  private mutating func appendTwo(_ immediates: Immediates) throws(SourceError) {
    switch immediates {
    case .twoTables: try appendTwoOptional(.table)
    case .twoMemories: try appendTwoOptional(.memory)
    case .tableElement:
      let table = isIndex(at: cursor + 1) ? try takeIndex(.table) : 0
      code.appendUnsigned(try takeIndex(.element))
      code.appendUnsigned(table)
    case .memoryData:
      let memory = isIndex(at: cursor + 1) ? try takeIndex(.memory) : 0
      try appendData()
      code.appendUnsigned(memory)
    default:
      let type = try takeIndex(.type)
      code.appendUnsigned(type)
      switch immediates {
      case .typeField: code.appendUnsigned(try takeField(of: type))
      case .twoTypes: code.appendUnsigned(try takeIndex(.type))
      case .typeCount: code.appendUnsigned(try takeUnsigned(bits: 32, "a number of elements"))
      case .typeElement: code.appendUnsigned(try takeIndex(.element))
      default: try appendData()
      }
    }
  }

  // MARK: Indices.

  /// Takes an index where one stands; else it is 0.
  private mutating func takeOptionalIndex(_ space: IndexSpace) throws(SourceError) -> UInt32 {
    isIndex(at: cursor) ? try takeIndex(space) : 0
  }

  private mutating func appendTwoOptional(_ space: IndexSpace) throws(SourceError) {
    let hasIndices = isIndex(at: cursor)
    for _ in 0..<2 { code.appendUnsigned(hasIndices ? try takeIndex(space) : 0) }
  }

  private mutating func appendData() throws(SourceError) {
    // What stands before the code section cannot profit.
    if scope.isFunction { sections.needsDataCount = true }
    code.appendUnsigned(try takeIndex(.data))
  }

  private mutating func takeLocal() throws(SourceError) -> UInt32 {
    guard current.kind == .identifier else {
      return UInt32(try takeUnsigned(bits: 32, "the index or the identifier of a local"))
    }
    guard let index = scope.local(current.symbol) else { throw unknownIdentifier("local") }
    cursor += 1
    return index
  }

  private mutating func takeField(of type: UInt32) throws(SourceError) -> UInt32 {
    guard current.kind == .identifier else {
      return UInt32(try takeUnsigned(bits: 32, "the index or the identifier of a field"))
    }
    guard let index = fields[FieldKey(typeIndex: type, identifier: current.symbol)] else {
      throw unknownIdentifier("field")
    }
    cursor += 1
    return index
  }

  // MARK: Labels and handlers.

  mutating func appendLabel() throws(SourceError) {
    guard current.kind == .identifier else {
      code.appendUnsigned(try takeUnsigned(bits: 32, "the index or the identifier of a label"))
      return
    }
    guard let index = scope.label(current.symbol) else { throw unknownIdentifier("label") }
    cursor += 1
    code.appendUnsigned(index)
  }

  /// The targets of `br_table`; the last is the default.
  private mutating func appendLabels() throws(SourceError) {
    var count = 0
    while isIndex(at: cursor + count) { count += 1 }
    guard count > 0 else { throw expected("the index or the identifier of a label") }
    code.appendUnsigned(UInt(count - 1))
    for _ in 0..<count { try appendLabel() }
  }

  /// The handlers of `try_table`.
  mutating func appendHandlers() throws(SourceError) {
    var count = 0
    var place = cursor
    while tokens[place].kind == .open, keyword(at: place + 1)?.handlerCode != nil {
      count += 1
      place = Int(tokens[place].extent) + 1
    }
    code.appendUnsigned(UInt(count))
    for _ in 0..<count {
      let handler = keyword(at: cursor + 1)?.handlerCode ?? 0
      cursor += 2
      code.append(handler)
      if handler < 2 { code.appendUnsigned(try takeIndex(.tag)) }
      try appendLabel()
      try expectClose()
    }
  }

  // MARK: Types.

  /// `call_indirect`: a table and a type.
  private mutating func appendIndirectCall() throws(SourceError) {
    let table = try takeOptionalIndex(.table)
    code.appendUnsigned(try takeTypeUse(.none).index)
    code.appendUnsigned(table)
  }

  /// `select (result …)*`: with any result it is another opcode.
  private mutating func appendSelect(_ entry: InstructionEntry) throws(SourceError) {
    guard isOpen(.result) else { return appendOpcode(entry) }
    let type = try takeFunctionType(.none)
    code.append(0x1C)
    code.appendUnsigned(type.resultCount)
    code += type.results
  }

  private mutating func appendCast(_ entry: InstructionEntry) throws(SourceError) {
    let type = try takeReferenceType()
    var entry = entry
    if type.isNullable { entry.opcode += 1 }
    appendOpcode(entry)
    code.append(type.heapType)
  }

  private mutating func appendCastBranch(_ entry: InstructionEntry) throws(SourceError) {
    appendOpcode(entry)
    let flags = code.count
    code.append(0)
    try appendLabel()
    let (from, to) = (try takeReferenceType(), try takeReferenceType())
    code[flags] = (from.isNullable ? 1 : 0) | (to.isNullable ? 2 : 0)
    code.append(from.heapType)
    code.append(to.heapType)
  }

  // MARK: Memory accesses. Spec: core 3.0 §6.5.8.

  /// `index? offset=n? align=n?`
  private mutating func appendAccess(_ entry: InstructionEntry) throws(SourceError) {
    try appendAccess(entry, memory: try takeOptionalIndex(.memory))
  }

  /// A lane's index follows; one number alone is that.
  private mutating func appendAccessLane(_ entry: InstructionEntry) throws(SourceError) {
    let next = tokens[cursor + 1]
    let isMemory =
      current.kind == .identifier
      || current.kind == .number
        && (next.kind == .number || next.kind == .word && next.symbol == Token.unknown)
    try appendAccess(entry, memory: isMemory ? try takeIndex(.memory) : 0)
    try appendConstant(.lane)
  }

  private mutating func appendAccess(
    _ entry: InstructionEntry, memory: UInt32
  ) throws(SourceError) {
    let offset = try takeParameter("offset=") ?? 0
    var alignmentLog2 = entry.naturalAlignment
    let place = Int(current.offset)
    if let alignment = try takeParameter("align=") {
      guard alignment.nonzeroBitCount == 1 else {
        throw SourceError("alignment must be a power of two", at: place)
      }
      alignmentLog2 = UInt8(alignment.trailingZeroBitCount)
    }
    code.append(alignmentLog2 | (memory == 0 ? 0 : 0x40))
    if memory != 0 { code.appendUnsigned(memory) }
    code.appendUnsigned(offset)
  }

  /// Takes a word such as `offset=8`; returns the number.
  private mutating func takeParameter(_ prefix: StaticString) throws(SourceError) -> UInt64? {
    guard current.kind == .word, current.symbol == Token.unknown else { return nil }
    let word = bytes(current)
    guard prefix.withUTF8Buffer({ word.starts(with: $0) }) else { return nil }
    let digits = UnsafeRawBufferPointer(rebasing: word[prefix.utf8CodeUnitCount...])
    do throws(IntegerLiteral.Failure) {
      let literal = try IntegerLiteral(digits)
      guard !literal.hasSign else { throw .malformed }
      cursor += 1
      return literal.magnitude
    } catch {
      throw numberError(error, "a number behind '\(prefix)'")
    }
  }
}

extension Keyword {
  /// The binary code of a handler of `try_table`; those below 2 name a tag.
  fileprivate var handlerCode: UInt8? {
    switch self {
    case .catch: 0
    case .catchRef: 1
    case .catchAll: 2
    case .catchAllRef: 3
    default: nil
    }
  }
}
