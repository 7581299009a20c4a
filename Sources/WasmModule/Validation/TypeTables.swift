// A module's defined types as flat tables, and the relations between them.

/// A field of a structure, or an array's element, as the validator needs it.
struct FieldEntry: BitwiseCopyable {
  /// What instructions put in and take out.
  var type: ValueType
  /// Bits of a packed field; 0 for others.
  var packedBits: UInt8
  var isMutable: Bool

  init(_ field: FieldType) {
    type = field.storage.unpacked
    packedBits =
      switch field.storage {
      case .i8: 8
      case .i16: 16
      case .value: 0
      }
    isMutable = field.isMutable
  }
}

/// The types that a valid type section defines.
struct TypeTables: ~Copyable {
  enum Kind: UInt8 {
    case function, structure, array
  }

  let kinds: FlatBuffer<Kind>
  /// Each type's stretch of `fields`; empty for functions.
  let fieldLists: FlatBuffer<TypeList>
  let fields: FlatBuffer<FieldEntry>
  /// Each type's id among `canonical`.
  private let ids: FlatBuffer<UInt32>
  private let canonical: CanonicalTypes

  /// Validates the type section. Spec: core 3.0 §3.2.
  static func validated(_ module: Module) throws(ModuleError) -> TypeTables {
    try module.validateTypeIndices()
    let tables = TypeTables(module)
    try tables.checkSupertypes(module)
    return tables
  }

  /// `module`'s types name only types that there are.
  private init(_ module: Module) {
    var canonical = CanonicalTypes(expectedCount: module.types.count)
    let ids = canonical.add(module.types, groups: module.recursionGroups) ?? []
    self.ids = FlatBuffer(ids)
    self.canonical = canonical
    var entries: [FieldEntry] = []
    kinds = FlatBuffer(
      module.types.map {
        switch $0.composite {
        case .function: .function
        case .structure: .structure
        case .array: .array
        }
      })
    fieldLists = FlatBuffer(
      module.types.map { type in
        let start = entries.count
        entries += type.fields.map { FieldEntry($0) }
        return TypeList(start: UInt32(start), count: UInt32(entries.count - start))
      })
    fields = FlatBuffer(entries)
  }

  /// Spec: core 3.0 §3.3.5, for types that are not the same number and not bottom.
  @inline(never)
  func matches(_ found: ValueType, _ expected: ValueType) -> Bool {
    guard found.isReference, expected.isReference else { return false }
    return canonical.matches(identified(found), identified(expected))
  }

  /// The family of `heapType`; a defined one must be valid.
  func hierarchy(of heapType: HeapType) -> HeapTypeHierarchy {
    guard let index = heapType.typeIndex else { return heapType.abstractHierarchy ?? .any }
    return kinds[Int(index)] == .function ? .function : .any
  }

  /// Whether the types are one.
  func areEqual(_ left: ValueType, _ right: ValueType) -> Bool {
    left == right || identified(left) == identified(right)
  }

  /// `type` with an id for its index.
  private func identified(_ type: ValueType) -> ValueType {
    guard let index = type.heapType?.typeIndex else { return type }
    return .reference(.defined(ids[Int(index)]), nullable: type.isNullableReference)
  }

  // MARK: Declared subtypes.

  /// Spec: core 3.0 §3.2.8.
  private func checkSupertypes(_ module: Module) throws(ModuleError) {
    var depths = [UInt8](repeating: 0, count: module.types.count)
    for (index, type) in module.types.enumerated() {
      guard let supertype = type.supertype else { continue }
      let above = module.types[Int(supertype)]
      guard !above.isFinal, matches(type.composite, above.composite) else {
        throw ModuleError(
          .invalid, "sub type \(index) does not match super type \(supertype)",
          at: module.offset(of: .type))
      }
      depths[index] = depths[Int(supertype)] + 1
      guard depths[index] <= ImplementationLimits.subtypeDepth else {
        throw ModuleError(
          .unsupported,
          "type \(index) has too many supertypes: the limit is "
            + "\(ImplementationLimits.subtypeDepth)", at: module.offset(of: .type))
      }
    }
  }

  /// Spec: core 3.0 §3.3.6.
  private func matches(_ type: CompositeType, _ above: CompositeType) -> Bool {
    switch (type, above) {
    case (.function(let own), .function(let above)):
      return matches(above.parameters, own.parameters) && matches(own.results, above.results)
    case (.structure(let own), .structure(let above)):
      guard own.count >= above.count else { return false }
      for (field, other) in zip(own, above) where !matches(field, other) { return false }
      return true
    case (.array(let own), .array(let above)): return matches(own, above)
    default: return false
    }
  }

  private func matches(_ found: [ValueType], _ expected: [ValueType]) -> Bool {
    guard found.count == expected.count else { return false }
    for (one, other) in zip(found, expected) where one != other && !matches(one, other) {
      return false
    }
    return true
  }

  /// Spec: core 3.0 §3.3.7.
  func matches(_ field: FieldType, _ above: FieldType) -> Bool {
    guard field.isMutable == above.isMutable else { return false }
    switch (field.storage, above.storage) {
    case (.value(let own), .value(let above)):
      if field.isMutable { return areEqual(own, above) }
      return own == above || matches(own, above)
    default: return field.storage == above.storage
    }
  }
}

extension Module {
  /// Checks that types name only types of their own group and those before it, and that supertypes
  /// come before their subtypes.
  fileprivate func validateTypeIndices() throws(ModuleError) {
    var nextGroup = 0
    for (index, type) in types.enumerated() {
      if nextGroup < recursionGroups.count, recursionGroups[nextGroup].upperBound <= index {
        nextGroup += 1
      }
      var end = index + 1
      if nextGroup < recursionGroups.count, recursionGroups[nextGroup].contains(index) {
        end = recursionGroups[nextGroup].upperBound
      }
      if let supertype = type.supertype, supertype >= index { throw unknownType(supertype, index) }
      switch type.composite {
      case .function(let function):
        try checkIndices(function.parameters, below: end, index)
        try checkIndices(function.results, below: end, index)
      case .structure, .array:
        for field in type.fields { try checkIndices([field.storage.unpacked], below: end, index) }
      }
    }
  }

  private func checkIndices(
    _ list: [ValueType], below end: Int, _ index: Int
  ) throws(ModuleError) {
    for type in list {
      if let used = type.heapType?.typeIndex, used >= end { throw unknownType(used, index) }
    }
  }

  private func unknownType(_ used: UInt32, _ index: Int) -> ModuleError {
    ModuleError(.invalid, "unknown type \(used) in type \(index)", at: offset(of: .type))
  }
}
