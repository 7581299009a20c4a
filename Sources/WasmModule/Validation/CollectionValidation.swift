// Instructions on structures and arrays. Spec: core 3.0 §3.4.6 and following.

extension FunctionValidator {
  // MARK: Structures.

  mutating func validateStructure() throws(ModuleError) {
    let index = instruction.index
    let reference = ValueType.reference(.defined(index), nullable: true)
    let fields = try fieldList(index, .structure)
    switch instruction.opcode {
    case .structNew:
      var place = fields.count
      while place > 0 {
        place -= 1
        try pop(field(fields, place).type)
      }
      try push(reference.nonNull)
    case .structNewDefault:
      for place in 0..<fields.count where !field(fields, place).type.isDefaultable {
        throw typeMismatch("needs a default of field \(place) of type \(index)")
      }
      try push(reference.nonNull)
    case .structSet:
      let field = try knownField(fields)
      try checkMutable(field, "field \(instruction.index2)")
      try pop(field.type)
      try pop(reference)
    default:
      let field = try knownField(fields)
      try checkPacking(field, isExtending: instruction.opcode != .structGet)
      try pop(reference)
      try push(field.type)
    }
  }

  private mutating func field(_ list: TypeList, _ place: UInt32) -> FieldEntry {
    tables.typeTables.fields[Int(list.start) + Int(place)]
  }

  private mutating func knownField(_ fields: TypeList) throws(ModuleError) -> FieldEntry {
    guard instruction.index2 < fields.count else { throw unknown("field", instruction.index2) }
    return field(fields, instruction.index2)
  }

  /// The fields of type `index`, which must be of that kind.
  private mutating func fieldList(
    _ index: UInt32, _ kind: TypeTables.Kind
  ) throws(ModuleError) -> TypeList {
    guard index < tables.typeCount else { throw unknown("type", index) }
    guard tables.typeTables.kinds[Int(index)] == kind else {
      throw typeMismatch(
        "needs \(kind == .array ? "an array" : "a structure"), and type \(index) is none")
    }
    return tables.typeTables.fieldLists[Int(index)]
  }

  private mutating func checkMutable(_ field: FieldEntry, _ what: String) throws(ModuleError) {
    guard field.isMutable else { throw ModuleError(.invalid, "immutable \(what)", at: offset) }
  }

  private mutating func checkPacking(
    _ field: FieldEntry, isExtending: Bool
  ) throws(ModuleError) {
    guard (field.packedBits != 0) == isExtending else {
      throw typeMismatch(
        isExtending ? "needs a packed field" : "needs a field that is not packed")
    }
  }

  // MARK: Arrays.

  mutating func validateArray() throws(ModuleError) {
    if instruction.opcode == .arrayLen {
      try pop(.reference(.array, nullable: true))
      return try push(.i32)
    }
    let index = instruction.index
    let element = field(try fieldList(index, .array), 0)
    let reference = ValueType.reference(.defined(index), nullable: true)
    switch instruction.opcode {
    case .arrayNew, .arrayNewDefault, .arrayNewFixed, .arrayNewData, .arrayNewElem:
      try validateNewArray(element)
      try push(reference.nonNull)
    case .arrayGet, .arrayGetS, .arrayGetU:
      try checkPacking(element, isExtending: instruction.opcode != .arrayGet)
      try pop(.i32)
      try pop(reference)
      try push(element.type)
    default:
      // All others write.
      guard element.isMutable else { throw ModuleError(.invalid, "immutable array", at: offset) }
      try validateArrayWrite(element)
      try pop(reference)
    }
  }

  private mutating func validateNewArray(_ element: FieldEntry) throws(ModuleError) {
    switch instruction.opcode {
    case .arrayNew:
      try pop(.i32)
      try pop(element.type)
    case .arrayNewDefault:
      guard element.type.isDefaultable else { throw typeMismatch("needs elements with a default") }
      try pop(.i32)
    case .arrayNewFixed:
      for _ in 0..<instruction.index2 {
        // Where nothing is reached, any number of operands is there: one test is as good.
        if operandCount == floor, frames[frameCount &- 1].isUnreachable { break }
        try pop(element.type)
      }
    default:
      try checkSegment(element)
      try pop(.i32)
      try pop(.i32)
    }
  }

  /// Pops the operands above the array.
  private mutating func validateArrayWrite(_ element: FieldEntry) throws(ModuleError) {
    switch instruction.opcode {
    case .arraySet:
      try pop(element.type)
      try pop(.i32)
    case .arrayFill: try popThree(.i32, element.type, .i32)
    case .arrayCopy:
      let source = field(try fieldList(instruction.index2, .array), 0)
      guard source.packedBits == element.packedBits, tables.matches(source.type, element.type)
      else { throw typeMismatch("copies elements of another type") }
      try pop(.i32)
      try pop(.i32)
      try pop(.reference(.defined(instruction.index2), nullable: true))
      try pop(.i32)
    case .arrayInitData, .arrayInitElem:
      try checkSegment(element)
      try popThree(.i32, .i32, .i32)
    default:
      // Every opcode of the table is handled here or above; a new row must not pass unchecked.
      throw ModuleError(
        .unsupported, "unsupported instruction \(instruction.opcode.textName)", at: offset)
    }
  }

  /// Checks that elements can come from the segment `instruction.index2`.
  private mutating func checkSegment(_ element: FieldEntry) throws(ModuleError) {
    let segment = instruction.index2
    switch instruction.opcode {
    case .arrayNewData, .arrayInitData:
      guard !element.type.isReference else {
        throw typeMismatch("needs an array of numbers or vectors")
      }
      try checkDataSegment(segment)
    default:
      let type = try elementType(segment)
      guard tables.matches(type, element.type) else {
        throw typeMismatch("copies \(type) to an array of \(element.type)")
      }
    }
  }
}
