// Which accesses of a function may be of the same place in memory, as far as LLVM can come to know.

internal import CLLVM

/// A place that an access names: what its address is made of, but for a constant offset.
struct MemoryPlace {
  /// Stands for the part of the address that is no constant.
  let base: Int
  let offset: Int64
  /// The kind of storage (`AliasTags`); accesses of different kinds never meet.
  let tag: LLVMValueRef?
  let byteCount: Int64
  /// Blocks where something that the address depends on is computed. Once a way leads through one
  /// again, the same expression may name another place.
  let origins: Set<LLVMBasicBlockRef>

  enum Relation { case same, apart, unknown }

  /// How the place of `other` lies to this one.
  func relation(to other: MemoryPlace) -> Relation {
    if tag != other.tag { return .apart }
    if base != other.base { return .unknown }
    if offset == other.offset { return byteCount <= other.byteCount ? .same : .unknown }
    let isApart = offset + byteCount <= other.offset || other.offset + other.byteCount <= offset
    return isApart ? .apart : .unknown
  }
}

/// Numbers the values of one function so that equal expressions have equal numbers. Loads of one place
/// count as equal, whatever is stored between: who asks takes too many for the same rather than too few.
struct MemoryPlaces {
  private let tbaaKind: UInt32
  private var numbers: [LLVMValueRef: Number] = [:]
  private var expressions: [Expression: Int] = [:]
  private var places: [LLVMValueRef: MemoryPlace] = [:]
  /// Numbers given so far.
  private var count = 0

  private struct Number {
    var number: Int
    var origins: Set<LLVMBasicBlockRef> = []
  }

  private struct Expression: Hashable {
    var opcode: UInt32
    var type: LLVMTypeRef?
    var operands: [Int]
  }

  private static let depthLimit = 16

  init(tbaaKind: UInt32) { self.tbaaKind = tbaaKind }

  mutating func removeAll() {
    numbers.removeAll(keepingCapacity: true)
    expressions.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  /// The place that a load or store accesses.
  mutating func place(of access: LLVMValueRef) -> MemoryPlace { place(of: access, depth: 0) }

  private mutating func place(of access: LLVMValueRef, depth: Int) -> MemoryPlace {
    if let known = places[access] { return known }
    let isStore = LLVMIsAStoreInst(access) != nil
    let type: LLVMTypeRef = LLVMTypeOf(isStore ? LLVMGetOperand(access, 0) : access)
    var address: LLVMValueRef = LLVMGetOperand(access, isStore ? 1 : 0)
    var offset: Int64 = 0
    while LLVMIsAGetElementPtrInst(address) != nil || LLVMIsAConstantExpr(address) != nil,
      LLVMGetNumOperands(address) == 2,
      let index = LLVMGetOperand(address, 1), LLVMIsAConstantInt(index) != nil
    {
      offset &+= LLVMConstIntGetSExtValue(index)
      address = LLVMGetOperand(address, 0)
    }
    let number = number(of: address, depth: depth + 1)
    let place = MemoryPlace(
      base: number.number, offset: offset, tag: LLVMGetMetadata(access, tbaaKind),
      byteCount: Self.byteCount(type), origins: number.origins)
    places[access] = place
    return place
  }

  private mutating func number(of value: LLVMValueRef, depth: Int) -> Number {
    if let known = numbers[value] { return known }
    guard LLVMIsAInstruction(value) != nil else { return note(value, Number(number: fresh())) }
    let block: LLVMBasicBlockRef = LLVMGetInstructionParent(value)
    guard depth < Self.depthLimit, let expression = expression(of: value, depth: depth) else {
      return note(value, Number(number: fresh(), origins: [block]))
    }
    let number = expressions[expression.key] ?? fresh()
    expressions[expression.key] = number
    return note(value, Number(number: number, origins: expression.origins))
  }

  private mutating func note(_ value: LLVMValueRef, _ number: Number) -> Number {
    numbers[value] = number
    return number
  }

  private mutating func fresh() -> Int {
    count += 1
    return count
  }

  /// What computes `value`, nil for what is no expression.
  private mutating func expression(
    of value: LLVMValueRef, depth: Int
  ) -> (key: Expression, origins: Set<LLVMBasicBlockRef>)? {
    let opcode = LLVMGetInstructionOpcode(value)
    switch opcode {
    case LLVMLoad:
      let place = place(of: value, depth: depth)
      let key = Expression(
        opcode: opcode.rawValue, type: LLVMTypeOf(value),
        operands: [place.base, Int(place.offset)])
      return (key, place.origins)
    case LLVMAdd, LLVMSub, LLVMMul, LLVMAnd, LLVMOr, LLVMXor, LLVMShl, LLVMLShr, LLVMAShr, LLVMZExt,
      LLVMSExt, LLVMTrunc, LLVMGetElementPtr:
      var key = Expression(opcode: opcode.rawValue, type: LLVMTypeOf(value), operands: [])
      var origins: Set<LLVMBasicBlockRef> = []
      for index in 0..<LLVMGetNumOperands(value) {
        let operand = number(of: LLVMGetOperand(value, UInt32(index)), depth: depth + 1)
        key.operands.append(operand.number)
        origins.formUnion(operand.origins)
      }
      return (key, origins)
    default: return nil
    }
  }

  private static func byteCount(_ type: LLVMTypeRef) -> Int64 {
    switch LLVMGetTypeKind(type) {
    case LLVMIntegerTypeKind: (Int64(LLVMGetIntTypeWidth(type)) + 7) / 8
    case LLVMFloatTypeKind: 4
    case LLVMVectorTypeKind: 16
    default: 8
    }
  }
}
