// Tables, element segments and data segments. Spec: core 3.0 §6.6.6–§6.6.11.

extension ModuleParser {
  // MARK: Tables.

  mutating func parseTable() throws(SourceError) {
    guard let index = try parseImportable(.table) else { return }
    sections[.table].count += 1
    let start = cursor
    let is64Bit = takeAddressType()
    if let type = try takeReferenceTypeIfPresent()?.type {
      try parseInlineElements(of: index, type, is64Bit: is64Bit)
      return
    }
    cursor = start
    let type = try takeTableType()
    guard current.kind != .close else {
      sections[.table].bytes += type
      return
    }
    beginConstantExpression()
    try parseInstructions(until: fieldEnd)
    sections[.table].bytes += [0x40, 0x00]
    sections[.table].bytes += type
    sections[.table].bytes += takeConstantExpression()
  }

  /// `addresstype? minimum maximum? reftype`, encoded.
  mutating func takeTableType() throws(SourceError) -> [UInt8] {
    let limits = try takeLimits()
    let type = try takeReferenceType().type
    var bytes: [UInt8] = []
    bytes.append(type)
    return bytes + limits.encoded
  }

  /// The elements that a table is written with, and whose count is its size.
  private mutating func parseInlineElements(
    of table: UInt32, _ type: EncodedType, is64Bit: Bool
  ) throws(SourceError) {
    guard let close = takeOpen(.elem) else { throw expected("'(elem'") }
    let list =
      isIndex(at: cursor)
      ? try takeFunctionIndices(until: close, as: type == .function ? nil : type)
      : try takeElementExpressions(type, until: close)
    try expectClose()
    let limits = Limits(
      minimum: UInt64(list.count), maximum: UInt64(list.count), is64Bit: is64Bit)
    sections[.table].bytes.append(type)
    sections[.table].bytes += limits.encoded
    addElements(list, .active(table: table, offset: limits.zeroOffset))
  }

  // MARK: Globals.

  mutating func parseGlobal() throws(SourceError) {
    guard try parseImportable(.global) != nil else { return }
    sections[.global].count += 1
    sections[.global].bytes += try takeGlobalType()
    beginConstantExpression()
    try parseInstructions(until: fieldEnd)
    sections[.global].bytes += takeConstantExpression()
  }

  /// `valtype` or `(mut valtype)`, encoded.
  mutating func takeGlobalType() throws(SourceError) -> [UInt8] {
    let isMutable = takeOpen(.mut) != nil
    var bytes: [UInt8] = []
    bytes.append(try takeValueType())
    bytes.append(isMutable ? 1 : 0)
    if isMutable { try expectClose() }
    return bytes
  }

  // MARK: Element segments.

  /// The elements of a segment, encoded without their count.
  private struct ElementList {
    /// Nil for functions by their indices.
    var type: EncodedType?
    var count: UInt32 = 0
    var bytes: [UInt8] = []
  }

  private enum ElementMode {
    case passive
    case declarative
    /// Nil for the table that is meant where none is named: 0.
    case active(table: UInt32?, offset: [UInt8])
  }

  /// `(elem id? … )`
  mutating func parseElementSegment() throws(SourceError) {
    _ = try takeName()
    _ = takeNextIndex(.element)
    var mode = ElementMode.passive
    var needsKeyword = true
    if takeKeyword(.declare) {
      mode = .declarative
    } else if takeOpen(.table) != nil {
      let table = try takeIndex(.table)
      try expectClose()
      mode = .active(table: table, offset: try takeOffset())
    } else if isIndex(at: cursor), tokens[cursor + 1].kind == .open {
      // The form of WebAssembly 1.0: a table's index alone.
      mode = .active(table: try takeIndex(.table), offset: try takeOffset())
      needsKeyword = false
    } else if startsOffset {
      mode = .active(table: nil, offset: try takeOffset())
      needsKeyword = false
    }
    if takeKeyword(.func) || !needsKeyword && (isIndex(at: cursor) || current.kind == .close) {
      addElements(try takeFunctionIndices(until: fieldEnd), mode)
    } else {
      let type = try takeReferenceType().type
      addElements(try takeElementExpressions(type, until: fieldEnd), mode)
    }
  }

  /// Functions by their indices; with a type, they become expressions of it.
  private mutating func takeFunctionIndices(
    until close: Int, as type: EncodedType? = nil
  ) throws(SourceError) -> ElementList {
    var list = ElementList(type: type)
    while cursor < close {
      if type != nil { list.bytes.append(0xD2) }
      list.bytes.appendUnsigned(try takeIndex(.function))
      if type != nil { list.bytes.append(0x0B) }
      list.count += 1
    }
    return list
  }

  /// `(item instr*)` or single folded instructions.
  private mutating func takeElementExpressions(
    _ type: EncodedType, until close: Int
  ) throws(SourceError) -> ElementList {
    var list = ElementList(type: type)
    while cursor < close {
      list.bytes += try takeFoldedExpression(.item)
      list.count += 1
    }
    return list
  }

  /// Spec: core 3.0 §5.5.12.
  private mutating func addElements(_ list: ElementList, _ mode: ElementMode) {
    var segment: [UInt8] = []
    let usesExpressions = list.type != nil
    // The short form of expressions is for those of type funcref.
    switch mode {
    case .active(nil, let offset) where !usesExpressions || list.type == .function:
      segment.append(usesExpressions ? 4 : 0)
      segment += offset
    case .active(let table, let offset):
      segment.append(usesExpressions ? 6 : 2)
      segment.appendUnsigned(table ?? 0)
      segment += offset
    case .passive: segment.append(usesExpressions ? 5 : 1)
    case .declarative: segment.append(usesExpressions ? 7 : 3)
    }
    if segment[0] & 3 != 0 {
      // The type, or that the elements are functions.
      segment.append(list.type ?? EncodedType(code: 0x00))
    }
    segment.appendUnsigned(list.count)
    sections[.element].bytes += segment
    sections[.element].bytes += list.bytes
    sections[.element].count += 1
  }

  // MARK: Data segments.

  /// `(data id? (memory index)? offset? string*)`
  mutating func parseDataSegment() throws(SourceError) {
    _ = try takeName()
    if takeOpen(.memory) != nil {
      let memory = try takeIndex(.memory)
      try expectClose()
      let offset = try takeOffset()
      addData(try takeStrings(), memory: memory, offset: offset)
    } else if isIndex(at: cursor) {
      // The form of WebAssembly 1.0: a memory's index alone.
      let memory = try takeIndex(.memory)
      let offset = try takeOffset()
      addData(try takeStrings(), memory: memory, offset: offset)
    } else if startsOffset {
      let offset = try takeOffset()
      addData(try takeStrings(), memory: 0, offset: offset)
    } else {
      addData(try takeStrings(), memory: 0, offset: nil)
    }
  }

  /// Spec: core 3.0 §5.5.14. Without offset the segment is passive.
  mutating func addData(_ content: [UInt8], memory: UInt32, offset: [UInt8]?) {
    _ = takeNextIndex(.data)
    sections[.data].count += 1
    sections[.data].bytes.append(offset == nil ? 1 : memory == 0 ? 0 : 2)
    if memory != 0 { sections[.data].bytes.appendUnsigned(memory) }
    if let offset { sections[.data].bytes += offset }
    sections[.data].bytes.appendSized(content)
  }

  // MARK: Constant expressions.

  /// Whether an offset comes next.
  private var startsOffset: Bool {
    isOpen(.offset) || current.kind == .open && instruction(at: cursor + 1) != nil
  }

  private mutating func takeOffset() throws(SourceError) -> [UInt8] {
    try takeFoldedExpression(.offset)
  }

  /// `(keyword instr*)`, or one folded instruction.
  private mutating func takeFoldedExpression(_ keyword: Keyword) throws(SourceError) -> [UInt8] {
    beginConstantExpression()
    if let close = takeOpen(keyword) {
      try parseInstructions(until: close)
      try expectClose()
    } else {
      guard current.kind == .open else {
        throw expected("'(\(keyword.rawValue)', or an instruction in parentheses")
      }
      try parseInstructions(until: Int(current.extent) + 1)
    }
    return takeConstantExpression()
  }

  /// Makes room for the code of a constant expression, which knows no locals.
  private mutating func beginConstantExpression() {
    scope.begin(function: nil)
    code.removeAll(keepingCapacity: true)
  }

  private mutating func takeConstantExpression() -> [UInt8] { code + [0x0B] }
}
