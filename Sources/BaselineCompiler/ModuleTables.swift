// What bodies refer to, as flat tables: the form in which the compiler reads a module.

internal import CompilerInterface
internal import WasmModule

/// A function type: stretches of `ModuleTables.kinds`.
struct Signature: BitwiseCopyable {
  var parameters: UnsafePointer<ValueKind>
  var parameterCount: Int
  var results: UnsafePointer<ValueKind>
  var resultCount: Int
}

/// How a global is reached.
struct GlobalPlace: BitwiseCopyable {
  /// Offset in the VMContext of the cell, or of the pointer to it.
  var offset: Int32
  var isImported: Bool
  var kind: ValueKind
}

/// How a table is reached.
struct TablePlace: BitwiseCopyable {
  /// Offset in the VMContext of the definition, or of the pointer to it.
  var offset: Int32
  var isImported: Bool
  var holdsFunctions: Bool
  var is64Bit: Bool
}

/// How a memory is reached.
struct MemoryPlace: BitwiseCopyable {
  /// Offset in the VMContext of the base.
  var offset: Int32
  /// The base is followed by a pointer to the definition instead of the length.
  var isImported: Bool
  /// Accesses outside fault; else they compare with the length.
  var isGuarded: Bool
  var is64Bit: Bool
  var isShared: Bool
  var pageSizeLog2: UInt8
}

/// A tag, and what its exceptions carry.
struct TagPlace: BitwiseCopyable {
  /// Offset in the VMContext of the pointer to the tag's record.
  var offset: Int32
  var signature: Signature
}

/// A module's declarations for the compiler. Immutable, shared by all threads.
final class ModuleTables: @unchecked Sendable {
  let module: Module
  let bytes: UnsafeRawBufferPointer
  let options: CodegenOptions
  let layout: VMContextLayout
  /// Bodies get memory 0's base in r13.
  let passesMemoryBase: Bool
  let segmentBase: SegmentBase
  /// What a table entry does before it goes on in the body.
  let tableEntryCode: [UInt8]
  /// By defined function: whether a table entry stands before its body.
  let hasEntry: [Bool]
  let hasMemory: Bool
  /// Memory 0 is a guarded one.
  let isGuarded0: Bool
  /// Some type has a v128 in it.
  let hasVectors: Bool
  let features: CPUFeatures

  let types: UnsafeMutablePointer<Signature>
  /// The type index of each function.
  let functions: UnsafeMutablePointer<UInt32>
  let globals: UnsafeMutablePointer<GlobalPlace>
  let tables: UnsafeMutablePointer<TablePlace>
  let memories: UnsafeMutablePointer<MemoryPlace>
  /// VMContext offset of the funcref of each function; -1 where there is none.
  let funcRefs: UnsafeMutablePointer<Int32>
  let tags: UnsafeMutablePointer<TagPlace>
  let typePlaces: UnsafeMutablePointer<TypePlace>
  /// Of all structures and arrays; see `TypePlace`.
  let fields: UnsafeMutablePointer<FieldPlace>
  /// Some function, tag, global or table has references that the collector follows.
  let holdsReferences: Bool
  let importedFunctionCount: Int
  private let kinds: UnsafeMutablePointer<ValueKind>
  /// Every kind by its raw value: lists of one.
  let singleKinds: UnsafePointer<ValueKind>

  /// Throws where the module needs what this compiler does not have.
  init(
    _ module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions
  ) throws(BaselineError) {
    guard options.passedGlobalZero(module) == nil else {
      throw .unsupported("global 0 as a parameter")
    }
    self.module = module
    self.bytes = bytes
    self.options = options
    features = options.cpuFeatures
    let layout = VMContextLayout(module)
    self.layout = layout
    passesMemoryBase = options.passesMemoryBase(module)
    isGuarded0 = module.memories.first?.isGuarded ?? false
    hasMemory = !module.memories.isEmpty
    if let reason = options.contradiction { throw .failed(reason) }
    segmentBase = SegmentBase(module, bytes: bytes, options: options)
    tableEntryCode = options.tableEntryCode(module, layout)
    hasEntry = Self.tableEntries(module, exist: !tableEntryCode.isEmpty)
    importedFunctionCount = module.importedFunctionCount
    let types = module.types.map { $0.function ?? FunctionType() }
    let kindCount = types.reduce(0) { $0 + $1.parameters.count + $1.results.count }
    kinds = .allocate(capacity: Int(ValueKind.count) + kindCount)
    for value in 0..<ValueKind.count {
      (kinds + Int(value)).initialize(to: ValueKind(rawValue: value)!)
    }
    singleKinds = UnsafePointer(kinds)
    let signatures = Self.signatures(types, kinds + Int(ValueKind.count), module)
    self.types = signatures
    let objects = ObjectTypes(module, layout)
    typePlaces = Self.copy(objects.types)
    fields = Self.copy(objects.fields)
    tags = Self.copy(
      module.tags.indices.map { index in
        TagPlace(
          offset: Int32(layout.tags[index]), signature: signatures[Int(module.tags[index])])
      })
    holdsReferences =
      types.contains { type in
        (type.parameters + type.results).contains { Self.kind(of: $0, in: module) == .reference }
      } || module.globals.contains { Self.kind(of: $0.type.value, in: module) == .reference }
      || module.tables.contains { Self.kind(of: $0.type.element, in: module) == .reference }
    hasVectors =
      types.contains { $0.parameters.contains(.v128) || $0.results.contains(.v128) }
      || module.globals.contains { $0.type.value == .v128 }
    functions = Self.copy(module.functions)
    globals = Self.copy(
      module.globals.indices.map { index in
        GlobalPlace(
          offset: Int32(layout.globals[index]), isImported: index < module.importedGlobalCount,
          kind: Self.kind(of: module.globals[index].type.value, in: module))
      })
    tables = Self.copy(
      module.tables.indices.map { index in
        TablePlace(
          offset: Int32(layout.tables[index]), isImported: index < module.importedTableCount,
          holdsFunctions: module.hierarchy(of: module.tables[index].type.element) == .function,
          is64Bit: module.tables[index].type.limits.is64Bit)
      })
    memories = Self.copy(
      module.memories.indices.map { index in
        MemoryPlace(
          offset: Int32(layout.memories[index]), isImported: index < module.importedMemoryCount,
          isGuarded: module.memories[index].isGuarded,
          is64Bit: module.memories[index].limits.is64Bit,
          isShared: module.memories[index].limits.isShared,
          pageSizeLog2: module.memories[index].pageSizeLog2)
      })
    funcRefs = .allocate(capacity: max(module.functions.count, 1))
    funcRefs.initialize(repeating: -1, count: module.functions.count)
    for (function, offset) in zip(module.referencedFunctions, layout.funcRefs) {
      funcRefs[Int(function)] = Int32(offset)
    }
  }

  deinit {
    kinds.deallocate()
    types.deallocate()
    functions.deallocate()
    globals.deallocate()
    tables.deallocate()
    memories.deallocate()
    funcRefs.deallocate()
    tags.deallocate()
    typePlaces.deallocate()
    fields.deallocate()
  }

  /// The kind of a value type of the module.
  static func kind(of type: ValueType, in module: Module) -> ValueKind {
    guard let hierarchy = module.hierarchy(of: type) else { return ValueKind(number: type) }
    return hierarchy == .function ? .i64 : .reference
  }

  private static func copy<Element: BitwiseCopyable>(
    _ elements: [Element]
  ) -> UnsafeMutablePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    copy.initialize(from: elements, count: elements.count)
    return copy
  }

  private static func signatures(
    _ functionTypes: [FunctionType], _ kinds: UnsafeMutablePointer<ValueKind>, _ module: Module
  ) -> UnsafeMutablePointer<Signature> {
    var next = kinds
    func append(_ types: [ValueType]) -> UnsafePointer<ValueKind> {
      let start = next
      for type in types {
        next.initialize(to: kind(of: type, in: module))
        next += 1
      }
      return UnsafePointer(start)
    }
    return copy(
      functionTypes.map { type in
        Signature(
          parameters: append(type.parameters), parameterCount: type.parameters.count,
          results: append(type.results), resultCount: type.results.count)
      })
  }

  /// The signature of function `index`.
  @inline(__always)
  func signature(ofFunction index: UInt32) -> Signature { types[Int(functions[Int(index)])] }

  /// For each defined function whether it can be called otherwise than by its index and needs a base
  /// of memory 0 that its caller would not know.
  private static func tableEntries(_ module: Module, exist: Bool) -> [Bool] {
    var entries = Array(repeating: false, count: module.definedFunctionCount)
    guard exist else { return entries }
    let called = module.referencedFunctions + (module.start.map { [$0] } ?? [])
    for index in called where !module.isImportedFunction(index) {
      entries[Int(index) - module.importedFunctionCount] = true
    }
    return entries
  }
}
