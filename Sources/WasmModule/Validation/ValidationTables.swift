// A module's types and declarations as flat tables, the form in which the validator reads them.

/// A list of value types: a stretch of `ValidationTables.values`.
struct TypeList: BitwiseCopyable {
  var start: UInt32
  var count: UInt32

  static let empty = TypeList(start: 0, count: 0)
}

/// A function type or a block's type.
struct Signature: BitwiseCopyable {
  var parameters: TypeList
  var results: TypeList
}

/// What bodies refer to. Every type index in it is valid.
struct ValidationTables: ~Copyable {
  /// All types' parameters and results, behind one cell for each type that stands alone.
  let values: FlatBuffer<ValueType>
  let types: FlatBuffer<Signature>
  let typeCount: UInt32
  /// Each function's type index.
  let functions: FlatBuffer<UInt32>
  let functionCount: UInt32
  let globals: FlatBuffer<GlobalType>
  let globalCount: UInt32
  /// Each table's element type.
  let tables: FlatBuffer<ValueType>
  /// The type of addresses into each table.
  let tableAddresses: FlatBuffer<ValueType>
  let tableCount: UInt32
  /// The type of addresses into each memory.
  let memoryAddresses: FlatBuffer<ValueType>
  let memoryCount: UInt32
  /// How many memories there are before the first 64-bit one: their accesses are of the types that
  /// the opcode table has.
  let narrowMemoryCount: UInt32
  /// Each element segment's type.
  let elements: FlatBuffer<ValueType>
  let elementCount: UInt32
  /// nil: there is no data count section.
  let dataCount: UInt32?
  /// Whether code may make a reference of each function.
  let isReferenced: FlatBuffer<Bool>
  let importedFunctionCount: Int
  let bodies: [FunctionBody]

  /// Types whose one-element lists begin `values`, so that a block of type `t` has a list.
  private static let singles: [ValueType] = [
    .i32, .i64, .f32, .f64, .v128, .funcref, .externref,
  ]

  /// Throws if a function's type is unknown.
  init(_ module: Module) throws(ModuleError) {
    var values = Self.singles
    func append(_ types: [ValueType]) -> TypeList {
      defer { values += types }
      return TypeList(start: UInt32(values.count), count: UInt32(types.count))
    }
    types = FlatBuffer(
      module.types.map {
        Signature(parameters: append($0.parameters), results: append($0.results))
      })
    for (index, type) in module.functions.enumerated() where type >= module.types.count {
      let section: Section = index < module.importedFunctionCount ? .import : .function
      throw ModuleError(
        .invalid, "unknown type \(type) of function \(index)", at: module.offset(of: section))
    }
    self.values = FlatBuffer(values)
    typeCount = UInt32(module.types.count)
    functions = FlatBuffer(module.functions)
    functionCount = UInt32(module.functions.count)
    globals = FlatBuffer(module.globals.map(\.type))
    globalCount = UInt32(module.globals.count)
    tables = FlatBuffer(module.tables.map(\.type.element))
    tableCount = UInt32(module.tables.count)
    tableAddresses = FlatBuffer(module.tables.map(\.type.limits.addressType))
    memoryAddresses = FlatBuffer(module.memories.map(\.limits.addressType))
    memoryCount = UInt32(module.memories.count)
    narrowMemoryCount = UInt32(
      module.memories.firstIndex { $0.limits.is64Bit } ?? module.memories.count)
    elements = FlatBuffer(module.elements.map(\.type))
    elementCount = UInt32(module.elements.count)
    dataCount = module.dataCount
    isReferenced = FlatBuffer(Array(repeating: false, count: module.functions.count))
    for index in module.referencedFunctions where index < functionCount {
      isReferenced[Int(index)] = true
    }
    importedFunctionCount = module.importedFunctionCount
    bodies = module.bodies
  }

  /// The list that holds `type` alone; nil if the type is not one that stands alone.
  func list(of type: ValueType) -> TypeList? {
    for place in 0..<Self.singles.count where values[place] == type {
      return TypeList(start: UInt32(place), count: 1)
    }
    return nil
  }

  @inline(__always)
  func value(_ list: TypeList, _ place: Int) -> ValueType { values[Int(list.start) &+ place] }

  /// Whether both lists hold the same types.
  func areEqual(_ left: TypeList, _ right: TypeList) -> Bool {
    guard left.count == right.count else { return false }
    if left.start == right.start { return true }
    for place in 0..<Int(left.count) where value(left, place) != value(right, place) {
      return false
    }
    return true
  }
}
