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
  /// One cell for each type there can be, so that a block of one result has a list (see
  /// `list(of:)`), then all function types' parameters and results.
  let values: FlatBuffer<ValueType>
  /// Empty for structures and arrays.
  let types: FlatBuffer<Signature>
  let typeCount: UInt32
  let typeTables: TypeTables
  /// Each function's type index.
  let functions: FlatBuffer<UInt32>
  let functionCount: UInt32
  let globals: FlatBuffer<GlobalType>
  let globalCount: UInt32
  /// What exceptions of each tag carry.
  let tags: FlatBuffer<TypeList>
  let tagCount: UInt32
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

  /// Validates the type section and every type index outside of it and of bodies.
  init(_ module: Module) throws(ModuleError) {
    // What throws comes first: half of a non-copyable structure cannot be taken down.
    let typeTables = try TypeTables.validated(module)
    try Self.checkTypeUses(module)
    self.typeTables = typeTables
    var values = Self.singles(typeCount: module.types.count)
    func append(_ types: [ValueType]) -> TypeList {
      defer { values += types }
      return TypeList(start: UInt32(values.count), count: UInt32(types.count))
    }
    let signatures = module.types.map { type in
      guard let function = type.function else {
        return Signature(parameters: .empty, results: .empty)
      }
      return Signature(
        parameters: append(function.parameters), results: append(function.results))
    }
    types = FlatBuffer(signatures)
    tags = FlatBuffer(module.tags.map { signatures[Int($0)].parameters })
    tagCount = UInt32(module.tags.count)
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

  private static func checkTypeUses(_ module: Module) throws(ModuleError) {
    func check(
      _ type: ValueType, _ what: String, _ index: Int, _ section: Section
    ) throws(ModuleError) {
      guard let used = type.heapType?.typeIndex, used >= module.types.count else { return }
      throw ModuleError(
        .invalid, "unknown type \(used) of \(what) \(index)", at: module.offset(of: section))
    }
    for (index, type) in module.functions.enumerated()
    where type >= module.types.count || module.types[Int(type)].function == nil {
      let section: Section = index < module.importedFunctionCount ? .import : .function
      throw ModuleError(
        .invalid,
        type < module.types.count
          ? "type mismatch: type \(type) of function \(index) is no function type"
          : "unknown type \(type) of function \(index)", at: module.offset(of: section))
    }
    for (index, type) in module.tags.enumerated()
    where type >= module.types.count || module.types[Int(type)].function == nil {
      throw ModuleError(
        .invalid, "unknown type \(type) of tag \(index)",
        at: module.offset(of: index < module.importedTagCount ? .import : .tag))
    }
    for (index, table) in module.tables.enumerated() {
      try check(
        table.type.element, "table", index, index < module.importedTableCount ? .import : .table)
    }
    for (index, global) in module.globals.enumerated() {
      try check(
        global.type.value, "global", index, index < module.importedGlobalCount ? .import : .global)
    }
    for (index, segment) in module.elements.enumerated() {
      try check(segment.type, "element segment", index, .element)
    }
  }

  // MARK: Types that stand alone.

  private static let numberCount = 5
  private static let abstractCount = 2 * HeapType.abstractCodes.count

  /// Every type, at the place that `list(of:)` computes.
  private static func singles(typeCount: Int) -> [ValueType] {
    var singles: [ValueType] = [.i32, .i64, .f32, .f64, .v128]
    singles.reserveCapacity(numberCount + abstractCount + 2 * typeCount)
    func append(_ heapType: HeapType) {
      singles.append(.reference(heapType, nullable: true))
      singles.append(.reference(heapType, nullable: false))
    }
    for code in HeapType.abstractCodes { append(HeapType(rawValue: code)) }
    for index in 0..<typeCount { append(.defined(UInt32(index))) }
    return singles
  }

  /// The list that holds `type` alone; nil if the type names none that the module defines.
  func list(of type: ValueType) -> TypeList? {
    let place: UInt32
    if let heapType = type.heapType {
      let number: UInt32
      if let index = heapType.typeIndex {
        guard index < typeCount else { return nil }
        number = UInt32(HeapType.abstractCodes.count) + index
      } else {
        number = heapType.rawValue - HeapType.abstractCodes.lowerBound
      }
      place = UInt32(Self.numberCount) + 2 * number + (type.isNullableReference ? 0 : 1)
    } else {
      place = ValueType.i32.rawValue - type.rawValue
    }
    return TypeList(start: place, count: 1)
  }

  @inline(__always)
  func value(_ list: TypeList, _ place: Int) -> ValueType { values[Int(list.start) &+ place] }

  /// Whether values of the types of `found` serve where those of `expected` are asked for.
  func matches(_ found: TypeList, _ expected: TypeList) -> Bool {
    guard found.count == expected.count else { return false }
    if found.start == expected.start { return true }
    for place in 0..<Int(found.count)
    where !matches(value(found, place), value(expected, place)) {
      return false
    }
    return true
  }

  /// Whether a value of type `found` serves where `expected` is asked for. Spec: core 3.0 §3.3.5.
  @inline(__always)
  func matches(_ found: ValueType, _ expected: ValueType) -> Bool {
    found == expected || found == .bottom || typeTables.matches(found, expected)
  }
}
