// Types and type definitions. Spec: core 3.0 §6.4, §6.6.2.

/// The module's types, as far as later fields refer to them.
struct TypeTable {
  /// The type section.
  var section = SectionContent()
  /// The number in `functionTypes` of each type that is a function type.
  private var functionTypeOf: [UInt32] = []
  /// Parameters and results as bytes.
  private var functionTypes = ByteTable()
  /// By function type: its first definition that stands alone and is final, to which a function
  /// without a type's index belongs.
  private var definition: [UInt32] = []
  /// By function type.
  private var parameterCounts: [UInt32] = []

  /// The number of a function type.
  mutating func number(_ type: FunctionTypeContent) -> UInt32 {
    let number = type.encoded.withUnsafeBytes { functionTypes.insert($0) }
    if Int(number) == definition.count {
      definition.append(Token.unknown)
      parameterCounts.append(type.parameterCount)
    }
    return number
  }

  /// Adds a defined type; `number` is that of a function type, else nil. One of `isPlain` is a
  /// recursive group of its own, final and without supertype.
  mutating func add(number: UInt32?, isPlain: Bool) {
    let index = UInt32(functionTypeOf.count)
    functionTypeOf.append(number ?? Token.unknown)
    if let number, isPlain, definition[Int(number)] == Token.unknown {
      definition[Int(number)] = index
    }
  }

  /// The number of the function type with an index; nil for other types and unknown indices.
  func number(at index: UInt32) -> UInt32? {
    guard index < functionTypeOf.count else { return nil }
    let number = functionTypeOf[Int(index)]
    return number == Token.unknown ? nil : number
  }

  func parameterCount(_ number: UInt32) -> UInt32 { parameterCounts[Int(number)] }

  /// The index of a function type, which is defined behind all others where there is none yet.
  mutating func index(of type: FunctionTypeContent) -> UInt32 {
    let number = number(type)
    if definition[Int(number)] == Token.unknown {
      section.bytes.append(0x60)
      section.bytes += type.encoded
      section.count += 1
      add(number: number, isPlain: true)
    }
    return definition[Int(number)]
  }
}

/// Parameters and results.
struct FunctionTypeContent {
  var parameterCount: UInt32 = 0
  var parameters: [UInt8] = []
  var resultCount: UInt32 = 0
  var results: [UInt8] = []

  /// Both lists in the binary format.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parameters.count + results.count + 4)
    bytes.appendUnsigned(parameterCount)
    bytes += parameters
    bytes.appendUnsigned(resultCount)
    bytes += results
    return bytes
  }
}

extension ModuleParser {
  // MARK: Definitions.

  /// The field `(type …)` or `(rec (type …)*)`.
  mutating func parseTypeField(_ keyword: Keyword) throws(SourceError) {
    if keyword == .type {
      types.section.count += 1
      try parseTypeDefinition(isAlone: true)
      return
    }
    let close = Int(current.extent)
    cursor += 2
    types.section.count += 1
    let groupStart = types.section.bytes.count
    var count: UInt32 = 0
    // A group of one is the same as a type alone.
    let isAlone = Int(current.extent) + 1 == close && current.kind == .open
    while cursor < close {
      try parseTypeDefinition(isAlone: isAlone)
      count += 1
    }
    var header: [UInt8] = [0x4E]
    header.appendUnsigned(count)
    types.section.bytes.insert(contentsOf: header, at: groupStart)
    try expectClose()
  }

  /// `(type id? subtype)`
  private mutating func parseTypeDefinition(isAlone: Bool) throws(SourceError) {
    cursor += 2
    _ = try takeName()
    let index = nextIndex[IndexSpace.type.rawValue]
    nextIndex[IndexSpace.type.rawValue] += 1
    if let close = takeOpen(.sub) {
      let isFinal = takeKeyword(.final)
      var supertypes: [UInt32] = []
      while isIndex(at: cursor) { supertypes.append(try takeIndex(.type)) }
      let isPlain = isFinal && supertypes.isEmpty
      if !isPlain {
        types.section.bytes.append(isFinal ? 0x4F : 0x50)
        types.section.bytes.appendUnsigned(UInt(supertypes.count))
        for supertype in supertypes { types.section.bytes.appendUnsigned(supertype) }
      }
      try parseCompositeType(index, isPlain: isAlone && isPlain)
      guard cursor == close else { throw expected("')'") }
      cursor += 1
    } else {
      try parseCompositeType(index, isPlain: isAlone)
    }
    try expectClose()
  }

  private mutating func parseCompositeType(
    _ index: UInt32, isPlain: Bool
  ) throws(SourceError) {
    var number: UInt32?
    if takeOpen(.func) != nil {
      let type = try takeFunctionType(.ignored)
      types.section.bytes.append(0x60)
      types.section.bytes += type.encoded
      number = types.number(type)
    } else if takeOpen(.struct) != nil {
      try parseStructType(index)
    } else if takeOpen(.array) != nil {
      types.section.bytes.append(0x5E)
      types.section.bytes += try takeFieldType()
    } else {
      throw expected("'(func', '(struct', '(array' or '(sub'")
    }
    types.add(number: number, isPlain: isPlain)
    try expectClose()
  }

  private mutating func parseStructType(_ index: UInt32) throws(SourceError) {
    var count: UInt32 = 0
    var content: [UInt8] = []
    while let close = takeOpen(.field) {
      let place = cursor
      let (identifier, name) = try takeName()
      if let identifier {
        let key = FieldKey(typeIndex: index, identifier: identifier)
        guard fields.updateValue(count, forKey: key) == nil else {
          throw SourceError(
            "duplicate field \(quote(tokens[place]))", at: Int(tokens[place].offset))
        }
      }
      if let name {
        names.fields.append(
          ModuleNames.InnerEntry(
            owner: index, entry: ModuleNames.Entry(index: count, name: name)))
      }
      if identifier != nil {
        content += try takeFieldType()
        count += 1
      } else {
        while cursor < close {
          content += try takeFieldType()
          count += 1
        }
      }
      try expectClose()
    }
    types.section.bytes.append(0x5F)
    types.section.bytes.appendUnsigned(count)
    types.section.bytes += content
  }

  /// A field's storage type and mutability, encoded.
  private mutating func takeFieldType() throws(SourceError) -> [UInt8] {
    let isMutable = takeOpen(.mut) != nil
    var bytes: [UInt8] = []
    if takeKeyword(.i8) {
      bytes.append(0x78)
    } else if takeKeyword(.i16) {
      bytes.append(0x77)
    } else {
      bytes.append(try takeValueType())
    }
    bytes.append(isMutable ? 1 : 0)
    if isMutable { try expectClose() }
    return bytes
  }

  // MARK: Value types.

  /// Takes a value type. Spec: core 3.0 §6.4.5.
  mutating func takeValueType() throws(SourceError) -> EncodedType {
    guard let type = try takeValueTypeIfPresent() else { throw expected("a type") }
    return type
  }

  /// Takes a value type; nil where none comes next.
  mutating func takeValueTypeIfPresent() throws(SourceError) -> EncodedType? {
    if current.kind == .open { return try takeOpenReferenceType()?.type }
    let code: UInt8? =
      switch keyword(at: cursor) {
      case .i32: 0x7F
      case .i64: 0x7E
      case .f32: 0x7D
      case .f64: 0x7C
      case .v128: 0x7B
      case let word: word?.referenceTypeCode
      }
    guard let code else { return nil }
    cursor += 1
    return EncodedType(code: code)
  }

  /// A reference type, and its parts, which casts encode apart.
  struct ReferenceType {
    var heapType: EncodedType
    var isNullable: Bool
    var type: EncodedType { EncodedType(heapType: heapType, isNullable: isNullable) }
  }

  mutating func takeReferenceType() throws(SourceError) -> ReferenceType {
    guard let type = try takeReferenceTypeIfPresent() else { throw expected("a reference type") }
    return type
  }

  mutating func takeReferenceTypeIfPresent() throws(SourceError) -> ReferenceType? {
    if let code = keyword(at: cursor)?.referenceTypeCode {
      cursor += 1
      return ReferenceType(heapType: EncodedType(code: code), isNullable: true)
    }
    return try takeOpenReferenceType()
  }

  /// `(ref null? heaptype)`
  private mutating func takeOpenReferenceType() throws(SourceError) -> ReferenceType? {
    guard takeOpen(.ref) != nil else { return nil }
    let isNullable = takeKeyword(.null)
    let type = ReferenceType(heapType: try takeHeapType(), isNullable: isNullable)
    try expectClose()
    return type
  }

  /// Spec: core 3.0 §6.4.3.
  mutating func takeHeapType() throws(SourceError) -> EncodedType {
    if let code = keyword(at: cursor)?.heapTypeCode {
      cursor += 1
      return EncodedType(code: code)
    }
    guard isIndex(at: cursor) else { throw expected("a heap type") }
    return EncodedType(typeIndex: try takeIndex(.type))
  }
}

extension Keyword {
  /// The binary code of an abstract heap type.
  fileprivate var heapTypeCode: UInt8? {
    switch self {
    case .noexn: 0x74
    case .nofunc: 0x73
    case .noextern: 0x72
    case .none: 0x71
    case .func: 0x70
    case .extern: 0x6F
    case .any: 0x6E
    case .eq: 0x6D
    case .i31: 0x6C
    case .struct: 0x6B
    case .array: 0x6A
    case .exn: 0x69
    default: nil
    }
  }

  /// The binary code of a reference type that is one word.
  fileprivate var referenceTypeCode: UInt8? {
    switch self {
    case .nullexnref: 0x74
    case .nullfuncref: 0x73
    case .nullexternref: 0x72
    case .nullref: 0x71
    case .funcref: 0x70
    case .externref: 0x6F
    case .anyref: 0x6E
    case .eqref: 0x6D
    case .i31ref: 0x6C
    case .structref: 0x6B
    case .arrayref: 0x6A
    case .exnref: 0x69
    default: nil
    }
  }
}
