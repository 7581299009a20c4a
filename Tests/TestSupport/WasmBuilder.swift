// Builds small modules in the binary format, so that tests need no tool for it.

package import WasmModule

/// A module under construction. Imports must be added before definitions of the same kind.
package struct WasmBuilder {
  private var types: [SubType] = []
  private var groups: [Range<Int>] = []
  private var imports: [[UInt8]] = []
  private var functions: [UInt32] = []
  private var tables: [[UInt8]] = []
  private var memories: [[UInt8]] = []
  private var tags: [[UInt8]] = []
  private var globals: [[UInt8]] = []
  private var exports: [[UInt8]] = []
  private var elements: [[UInt8]] = []
  private var data: [[UInt8]] = []
  private var bodies: [[UInt8]] = []
  private var counts: [ExternKind: UInt32] = [:]
  /// The start function.
  package var start: UInt32?

  package init() {}

  /// The index of `type`, added where it is new.
  package mutating func type(_ type: FunctionType) -> UInt32 { self.type(SubType(type)) }

  /// The index of `type`, added where it is new.
  package mutating func type(_ type: SubType) -> UInt32 {
    if let index = types.firstIndex(of: type) { return UInt32(index) }
    return recursionGroup([type])
  }

  /// Adds a recursion group; the index of its first type.
  package mutating func recursionGroup(_ group: [SubType]) -> UInt32 {
    groups.append(types.count..<types.count + group.count)
    types += group
    return UInt32(groups[groups.count - 1].lowerBound)
  }

  package mutating func type(_ parameters: [ValueType], _ results: [ValueType]) -> UInt32 {
    type(FunctionType(parameters: parameters, results: results))
  }

  // MARK: Imports. All return the index in their space.

  package mutating func importFunction(
    _ module: String, _ name: String, _ parameters: [ValueType], _ results: [ValueType]
  ) -> UInt32 {
    importFunction(module, name, type: type(parameters, results))
  }

  /// A function of the type at `index`.
  package mutating func importFunction(
    _ module: String, _ name: String, type index: UInt32
  ) -> UInt32 {
    importing(module, name, .function, unsigned(index))
  }

  package mutating func importMemory(_ module: String, _ name: String, _ limits: Limits) -> UInt32 {
    importing(module, name, .memory, encoded(limits))
  }

  package mutating func importTable(
    _ module: String, _ name: String, _ element: ValueType, _ limits: Limits
  ) -> UInt32 {
    importing(module, name, .table, encoded(element) + encoded(limits))
  }

  package mutating func importGlobal(_ module: String, _ name: String, _ type: GlobalType) -> UInt32
  {
    importing(module, name, .global, encoded(type.value) + [type.isMutable ? 1 : 0])
  }

  package mutating func importTag(
    _ module: String, _ name: String, _ parameters: [ValueType]
  ) -> UInt32 {
    let index = type(parameters, [])
    return importing(module, name, .tag, [0] + unsigned(index))
  }

  private mutating func importing(
    _ module: String, _ name: String, _ kind: ExternKind, _ description: [UInt8]
  ) -> UInt32 {
    imports.append(encoded(module) + encoded(name) + [kind.rawValue] + description)
    return next(kind)
  }

  // MARK: Definitions. All return the index in their space.

  package mutating func function(
    _ parameters: [ValueType], _ results: [ValueType], locals: [ValueType] = [],
    export name: String? = nil, _ body: Code
  ) -> UInt32 {
    function(type: type(parameters, results), locals: locals, export: name, body)
  }

  /// A function of the type at `index`.
  package mutating func function(
    type index: UInt32, locals: [ValueType] = [], export name: String? = nil, _ body: Code
  ) -> UInt32 {
    functions.append(index)
    let declarations = unsigned(locals.count) + locals.flatMap { [1] + encoded($0) }
    let content = declarations + body.bytes + Code(.end).bytes
    bodies.append(unsigned(content.count) + content)
    return exporting(name, .function)
  }

  package mutating func memory(_ limits: Limits, export name: String? = nil) -> UInt32 {
    memories.append(encoded(limits))
    return exporting(name, .memory)
  }

  package mutating func table(
    _ element: ValueType, _ limits: Limits, export name: String? = nil
  ) -> UInt32 {
    tables.append(encoded(element) + encoded(limits))
    return exporting(name, .table)
  }

  package mutating func tag(_ parameters: [ValueType], export name: String? = nil) -> UInt32 {
    tags.append([0] + unsigned(type(parameters, [])))
    return exporting(name, .tag)
  }

  /// A table with the expression that fills it at first.
  package mutating func table(
    _ element: ValueType, _ limits: Limits, filledWith value: Code, export name: String? = nil
  ) -> UInt32 {
    tables.append(
      [0x40, 0] + encoded(element) + encoded(limits) + value.bytes + Code(.end).bytes)
    return exporting(name, .table)
  }

  package mutating func global(
    _ type: ValueType, isMutable: Bool = false, _ value: Code, export name: String? = nil
  ) -> UInt32 {
    globals.append(encoded(type) + [isMutable ? 1 : 0] + value.bytes + Code(.end).bytes)
    return exporting(name, .global)
  }

  /// Exports something under one more name.
  package mutating func export(_ name: String, _ kind: ExternKind, _ index: UInt32) {
    exports.append(encoded(name) + [kind.rawValue] + unsigned(index))
  }

  // MARK: Segments. All return the segment's index.

  package mutating func data(_ bytes: [UInt8], at offset: Code, memory: UInt32 = 0) -> UInt32 {
    data.append(
      [2] + unsigned(memory) + offset.bytes + Code(.end).bytes + unsigned(bytes.count) + bytes)
    return UInt32(data.count - 1)
  }

  package mutating func passiveData(_ bytes: [UInt8]) -> UInt32 {
    data.append([1] + unsigned(bytes.count) + bytes)
    return UInt32(data.count - 1)
  }

  package mutating func elements(_ functions: [UInt32], at offset: Code, table: UInt32 = 0)
    -> UInt32
  {
    elements.append(
      [2] + unsigned(table) + offset.bytes + Code(.end).bytes + [0] + unsigned(functions.count)
        + functions.flatMap { unsigned($0) })
    return UInt32(elements.count - 1)
  }

  /// A passive segment of expressions.
  package mutating func passiveElements(_ type: ValueType, _ items: [Code]) -> UInt32 {
    elements.append(
      [5] + encoded(type) + unsigned(items.count)
        + items.flatMap { $0.bytes + Code(.end).bytes })
    return UInt32(elements.count - 1)
  }

  /// Lets bodies make references to `functions`.
  package mutating func declare(_ functions: [UInt32]) {
    elements.append([3, 0] + unsigned(functions.count) + functions.flatMap { unsigned($0) })
  }

  // MARK: The module.

  /// The whole module.
  package func build() -> [UInt8] {
    var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    let typeEntries = groups.map { group in
      let entries = types[group].map { encoded($0) }
      return group.count == 1 ? entries[0] : [0x4E] + vector(entries)
    }
    let sections: [(UInt8, [[UInt8]])] = [
      (1, typeEntries), (2, imports), (3, functions.map { unsigned($0) }), (4, tables),
      (5, memories), (13, tags), (6, globals), (7, exports),
    ]
    for (number, entries) in sections where !entries.isEmpty {
      append(number, vector(entries), to: &bytes)
    }
    if let start { append(8, unsigned(start), to: &bytes) }
    if !elements.isEmpty { append(9, vector(elements), to: &bytes) }
    if !data.isEmpty { append(12, unsigned(data.count), to: &bytes) }
    if !bodies.isEmpty { append(10, vector(bodies), to: &bytes) }
    if !data.isEmpty { append(11, vector(data), to: &bytes) }
    return bytes
  }

  private func append(_ section: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
    bytes += [section] + unsigned(content.count) + content
  }

  private mutating func exporting(_ name: String?, _ kind: ExternKind) -> UInt32 {
    let index = next(kind)
    if let name { export(name, kind, index) }
    return index
  }

  private mutating func next(_ kind: ExternKind) -> UInt32 {
    defer { counts[kind, default: 0] += 1 }
    return counts[kind, default: 0]
  }
}

/// A sequence of instructions.
package struct Code {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// One instruction whose immediates are unsigned numbers (indices, alignment, offset).
  package init(_ opcode: Opcode, _ immediates: Int...) {
    let number = Int(opcode.rawValue & 0xFFF)
    switch opcode.rawValue >> 12 {
    case 0: bytes = [UInt8(number)]
    case 1: bytes = [0xFC] + unsigned(number)
    case 3: bytes = [0xFE] + unsigned(number)
    case 4: bytes = [0xFB] + unsigned(number)
    default: bytes = [0xFD] + unsigned(number)
    }
    for immediate in immediates { bytes += unsigned(immediate) }
  }

  package static func i32(_ value: Int32) -> Code { constant(.i32Const, Int64(value)) }
  package static func i64(_ value: Int64) -> Code { constant(.i64Const, value) }
  package static func f32(_ value: Float) -> Code { fixed(.f32Const, value.bitPattern) }
  package static func f64(_ value: Double) -> Code { fixed(.f64Const, value.bitPattern) }
  package static func v128(low: UInt64, high: UInt64) -> Code {
    var code = fixed(.v128Const, low)
    code.bytes += withUnsafeBytes(of: high.littleEndian) { Array($0) }
    return code
  }

  package static func local(_ index: Int) -> Code { Code(.localGet, index) }
  package static func refNull(_ heapType: HeapType) -> Code {
    Code(.refNull, naming: heapType)
  }

  /// An instruction whose immediate is a heap type.
  package init(_ opcode: Opcode, naming heapType: HeapType) {
    self.init(opcode)
    bytes += encoded(heapType)
  }

  /// `block`, `loop` or `if` with this result, its body and the `end`.
  package static func structured(_ opcode: Opcode, _ result: ValueType? = nil, _ body: Code...)
    -> Code
  {
    var code = Code(opcode)
    code.bytes += result.map { encoded($0) } ?? [0x40]
    for part in body { code.bytes += part.bytes }
    code.bytes += Code(.end).bytes
    return code
  }

  /// Bytes as they are.
  package static func bytes(_ bytes: [UInt8]) -> Code {
    var code = Code()
    code.bytes = bytes
    return code
  }

  /// `try_table` without results: clauses, its body and the `end`.
  package static func tryTable(_ clauses: [CatchClause], _ body: Code...) -> Code {
    var code = Code(.tryTable)
    code.bytes += [0x40] + unsigned(clauses.count)
    for clause in clauses {
      code.bytes.append(clause.kind.rawValue)
      if let tag = clause.tag { code.bytes += unsigned(tag) }
      code.bytes += unsigned(clause.label)
    }
    for part in body { code.bytes += part.bytes }
    code.bytes += Code(.end).bytes
    return code
  }

  private static func fixed(_ opcode: Opcode, _ bits: some FixedWidthInteger) -> Code {
    var code = Code(opcode)
    code.bytes += withUnsafeBytes(of: bits.littleEndian) { Array($0) }
    return code
  }

  private static func constant(_ opcode: Opcode, _ value: Int64) -> Code {
    var code = Code(opcode)
    code.bytes += signed(value)
    return code
  }

  package static func + (left: Code, right: Code) -> Code {
    var code = left
    code.bytes += right.bytes
    return code
  }
}

private func unsigned(_ value: some BinaryInteger) -> [UInt8] {
  var rest = UInt64(value)
  var bytes: [UInt8] = []
  repeat {
    let low = UInt8(rest & 0x7F)
    rest >>= 7
    bytes.append(rest == 0 ? low : low | 0x80)
  } while rest != 0
  return bytes
}

private func signed(_ value: Int64) -> [UInt8] {
  var rest = value
  var bytes: [UInt8] = []
  while true {
    let low = UInt8(rest & 0x7F)
    rest >>= 7
    let isLast = rest == (low & 0x40 == 0 ? 0 : -1)
    bytes.append(isLast ? low : low | 0x80)
    if isLast { return bytes }
  }
}

private func vector(_ entries: [[UInt8]]) -> [UInt8] {
  unsigned(entries.count) + entries.flatMap { $0 }
}

private func encoded(_ name: String) -> [UInt8] { unsigned(name.utf8.count) + Array(name.utf8) }

private func encoded(_ type: ValueType) -> [UInt8] {
  guard let heapType = type.heapType else { return [UInt8(type.rawValue)] }
  if type.isNullableReference, !heapType.isDefined { return encoded(heapType) }
  return [type.isNullableReference ? 0x63 : 0x64] + encoded(heapType)
}

private func encoded(_ heapType: HeapType) -> [UInt8] {
  heapType.typeIndex.map { signed(Int64($0)) } ?? [UInt8(heapType.rawValue)]
}

private func encoded(_ field: FieldType) -> [UInt8] {
  let storage: [UInt8] =
    switch field.storage {
    case .i8: [0x78]
    case .i16: [0x77]
    case .value(let type): encoded(type)
    }
  return storage + [field.isMutable ? 1 : 0]
}

private func encoded(_ type: SubType) -> [UInt8] {
  let composite: [UInt8] =
    switch type.composite {
    case .function(let function):
      [0x60] + vector(function.parameters.map { encoded($0) })
        + vector(function.results.map { encoded($0) })
    case .structure(let fields): [0x5F] + vector(fields.map { encoded($0) })
    case .array(let element): [0x5E] + encoded(element)
    }
  if type.isFinal, type.supertype == nil { return composite }
  return [type.isFinal ? 0x4F : 0x50] + vector((type.supertype.map { [unsigned($0)] }) ?? [])
    + composite
}

private func encoded(_ limits: Limits) -> [UInt8] {
  let flags: UInt8 =
    (limits.maximum == nil ? 0 : 1) | (limits.isShared ? 2 : 0) | (limits.is64Bit ? 4 : 0)
  return [flags] + unsigned(limits.minimum) + (limits.maximum.map { unsigned($0) } ?? [])
}
