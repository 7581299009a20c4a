// Keeps the width of loads that LLVM would make narrower.
//
// A load that straddles the end of memory traps, though only its lower part is used; to LLVM the
// upper part is not worth loading: `i32.and (i32.load) 255` becomes the load of a byte. Nothing but
// an access's last byte matters, since memory has no other end: where LLVM may find it useless, the
// load is made volatile, or all of it used. That happens after optimisation, so that all it costs is
// the narrowing and the folding of that load; IR passes narrow nothing but vectors, which are looked
// at before.

internal import CLLVM

/// Looks for loads and stores that may lose their last byte, in one function whose locals are values
/// already.
struct WidthPreservation {
  private let types: IRTypes
  private let builder: IRBuilder
  private let tbaaKind: UInt32
  private let memories: Set<LLVMValueRef>
  private let movingIntrinsics: Set<UInt32>
  /// Values that a search is in.
  private var visited: Set<LLVMValueRef> = []

  /// LLVM looks through no more operations than this.
  private static let depthLimit = 8

  /// Bytes of a value, the lowest bit for the lowest byte. Values are 64 bytes long at most.
  private typealias Bytes = UInt64

  init(_ unit: UnitModule) {
    types = unit.types
    builder = unit.builder
    tbaaKind = unit.alias.tbaaKind
    memories = Set(unit.alias.memories)
    let names = ["llvm.bswap", "llvm.bitreverse", "llvm.fshl", "llvm.fshr"]
    movingIntrinsics = Set(
      names.map { (name: String) in
        LLVMLookupIntrinsicID(name, name.utf8.count)
      })
  }

  /// Before optimisation: vectors, which IR passes make scalars of.
  mutating func runOnVectors(of function: LLVMValueRef) {
    function.forEachInstruction { instruction in
      guard LLVMGetInstructionOpcode(instruction) == LLVMLoad,
        LLVMGetTypeKind(LLVMTypeOf(instruction)) == LLVMVectorTypeKind
      else { return }
      keepWidth(ofLoad: instruction)
    }
  }

  /// After optimisation: all that code generation may make narrower.
  mutating func run(on function: LLVMValueRef) {
    function.forEachInstruction { instruction in
      switch LLVMGetInstructionOpcode(instruction) {
      case LLVMLoad: keepWidth(ofLoad: instruction)
      case LLVMStore: keepWidth(ofStore: instruction)
      default: break
      }
    }
  }

  private mutating func keepWidth(ofLoad load: LLVMValueRef) {
    let width = Self.byteCount(LLVMTypeOf(load))
    guard width > 1, width == 16 || LLVMGetVolatile(load) == 0, isGuestAccess(load) else { return }
    visited.removeAll(keepingCapacity: true)
    guard demanded(load, depth: 0) >> UInt64(width - 1) == 0 else { return }
    if width == 16 { use(load) } else { LLVMSetVolatile(load, 1) }
  }

  /// Uses all of a vector, in assembly that does nothing: instructions that extend half of one are
  /// selected for volatile loads too.
  private func use(_ load: LLVMValueRef) {
    let type = types.function(types.void, [LLVMTypeOf(load)])
    let nothing: LLVMValueRef = LLVMGetInlineAsm(
      type, "", 0, "x", 1, 1, 0, LLVMInlineAsmDialectATT, 0)
    builder.position(before: LLVMGetNextInstruction(load))
    _ = builder.call(type, nothing, [load])
  }

  /// LLVM makes `*p = *p & c` and its like an operation on the bytes that change.
  private func keepWidth(ofStore store: LLVMValueRef) {
    let (value, place): (LLVMValueRef, LLVMValueRef) = (
      LLVMGetOperand(store, 0), LLVMGetOperand(store, 1)
    )
    let width = Self.byteCount(LLVMTypeOf(value))
    guard width > 1, LLVMGetVolatile(store) == 0, isGuestAccess(store),
      Self.isUpdate(value, of: place, width: width)
    else { return }
    LLVMSetVolatile(store, 1)
  }

  private func isGuestAccess(_ access: LLVMValueRef) -> Bool {
    guard let tag = LLVMGetMetadata(access, tbaaKind) else { return false }
    return memories.contains(tag)
  }

  // MARK: Updates in place.

  /// Whether `value` is what is loaded from `place` with bits set, cleared or replaced, the last byte
  /// maybe not among them.
  private static func isUpdate(
    _ value: LLVMValueRef, of place: LLVMValueRef, width: Int
  ) -> Bool {
    guard isBitwise(value) else { return false }
    let (left, right): (LLVMValueRef, LLVMValueRef) = (
      LLVMGetOperand(value, 0), LLVMGetOperand(value, 1)
    )
    if LLVMIsAConstantInt(right) != nil, isLoad(left, from: place) {
      let bits = LLVMConstIntGetZExtValue(right)
      let isAnd = LLVMGetInstructionOpcode(value) == LLVMAnd
      let changed = (isAnd ? ~bits : bits) >> UInt64(width * 8 - 8) & 0xFF
      return changed == 0
    }
    return [left, right].contains {
      isBitwise($0) && isLoad(LLVMGetOperand($0, 0), from: place)
    }
  }

  private static func isBitwise(_ value: LLVMValueRef) -> Bool {
    guard LLVMIsABinaryOperator(value) != nil else { return false }
    switch LLVMGetInstructionOpcode(value) {
    case LLVMAnd, LLVMOr, LLVMXor: return true
    default: return false
    }
  }

  private static func isLoad(_ value: LLVMValueRef, from place: LLVMValueRef) -> Bool {
    LLVMIsALoadInst(value) != nil && LLVMGetOperand(value, 0) == place
  }

  // MARK: Demanded bytes.

  /// The bytes of `value` that something needs whatever LLVM finds out; too few rather than too many.
  private mutating func demanded(_ value: LLVMValueRef, depth: Int) -> Bytes {
    guard depth < Self.depthLimit, visited.insert(value).inserted else { return 0 }
    let width = Self.byteCount(LLVMTypeOf(value))
    let all = Self.mask(width)
    var bytes: Bytes = 0
    var use = LLVMGetFirstUse(value)
    while let current = use, bytes >> UInt64(width - 1) == 0 {
      let user: LLVMValueRef = LLVMGetUser(current)
      bytes |= demanded(of: value, by: user, width: width, depth: depth) & all
      use = LLVMGetNextUse(current)
    }
    return bytes
  }

  private mutating func demanded(
    of value: LLVMValueRef, by user: LLVMValueRef, width: Int, depth: Int
  ) -> Bytes {
    let opcode = LLVMGetInstructionOpcode(user)
    switch opcode {
    case LLVMTrunc, LLVMAnd, LLVMOr, LLVMXor, LLVMZExt, LLVMSExt, LLVMShl, LLVMLShr, LLVMAShr,
      LLVMAdd, LLVMSub, LLVMMul, LLVMPHI, LLVMSelect, LLVMFreeze, LLVMBitCast, LLVMExtractElement,
      LLVMInsertElement, LLVMShuffleVector:
      break
    case LLVMCall:
      let callee: LLVMValueRef = LLVMGetCalledValue(user)
      let moves =
        LLVMIsAFunction(callee) != nil && movingIntrinsics.contains(LLVMGetIntrinsicID(callee))
      return moves ? 0 : .max
    default: return .max
    }
    let result = demanded(user, depth: depth + 1)
    if result == 0 { return 0 }
    switch opcode {
    case LLVMExtractElement, LLVMInsertElement, LLVMShuffleVector:
      return Self.demandedLanes(of: value, by: user, result)
    case LLVMTrunc, LLVMZExt, LLVMSExt:
      return Self.isVector(value)
        ? Self.demandedByLane(of: value, by: user, result)
        : Self.demanded(byCast: user, result, width)
    case LLVMShl, LLVMLShr, LLVMAShr: return Self.demanded(byShift: user, of: value, result, width)
    case LLVMAnd: return result & Self.constantBytes(LLVMGetOperand(user, 1), width)
    // A carry goes upwards.
    case LLVMAdd, LLVMSub, LLVMMul: return Self.mask(64 - result.leadingZeroBitCount)
    default: return result
    }
  }

  private static func demanded(
    byCast user: LLVMValueRef, _ result: Bytes, _ width: Int
  ) -> Bytes {
    let isSigned = LLVMGetInstructionOpcode(user) == LLVMSExt
    return isSigned && result >> UInt64(width) != 0 ? result | 1 << UInt64(width - 1) : result
  }

  private static func demanded(
    byShift user: LLVMValueRef, of value: LLVMValueRef, _ result: Bytes, _ width: Int
  ) -> Bytes {
    let amount: LLVMValueRef = LLVMGetOperand(user, 1)
    guard LLVMGetOperand(user, 0) == value, LLVMIsAConstantInt(amount) != nil else { return .max }
    let bits = min(LLVMConstIntGetZExtValue(amount), UInt64(width * 8 - 1))
    let (whole, isPartial) = (bits / 8, bits % 8 != 0)
    switch LLVMGetInstructionOpcode(user) {
    case LLVMShl: return result >> whole | (isPartial ? result >> (whole + 1) : 0)
    case LLVMLShr: return result << whole | (isPartial ? result << (whole + 1) : 0)
    default:
      let bytes = result << whole | (isPartial ? result << (whole + 1) : 0)
      return bytes >> UInt64(width) != 0 ? bytes | 1 << UInt64(width - 1) : bytes
    }
  }

  /// The bytes of `value` that an `and` with `constant` leaves; all where it is no constant.
  private static func constantBytes(_ constant: LLVMValueRef, _ width: Int) -> Bytes {
    if LLVMIsAConstantInt(constant) != nil {
      let bits = LLVMConstIntGetZExtValue(constant)
      return (0..<min(width, 8)).reduce(0) { bytes, place in
        bits >> UInt64(place * 8) & 0xFF == 0 ? bytes : bytes | 1 << UInt64(place)
      }
    }
    guard LLVMIsConstant(constant) != 0, isVector(constant) else { return .max }
    let type: LLVMTypeRef = LLVMTypeOf(constant)
    let (lanes, laneWidth) = (Int(LLVMGetVectorSize(type)), laneByteCount(type))
    return (0..<lanes).reduce(0) { bytes, lane in
      guard let element = LLVMGetAggregateElement(constant, UInt32(lane)) else { return .max }
      return LLVMIsNull(element) != 0
        ? bytes : bytes | mask(laneWidth) << UInt64(lane * laneWidth)
    }
  }

  // MARK: Vectors.

  /// A vector's lanes go where `user` takes them.
  private static func demandedLanes(
    of value: LLVMValueRef, by user: LLVMValueRef, _ result: Bytes
  ) -> Bytes {
    let operand: LLVMValueRef = LLVMGetOperand(user, 0)
    let laneWidth = laneByteCount(LLVMTypeOf(operand))
    switch LLVMGetInstructionOpcode(user) {
    case LLVMExtractElement:
      guard let lane = constantLane(LLVMGetOperand(user, 1)) else { return .max }
      return result << UInt64(lane * laneWidth)
    case LLVMInsertElement:
      guard let lane = constantLane(LLVMGetOperand(user, 2)) else { return .max }
      let inserted = mask(laneWidth) << UInt64(lane * laneWidth)
      return operand == value
        ? result & ~inserted : (result & inserted) >> UInt64(lane * laneWidth)
    default:
      let count = Int(LLVMGetVectorSize(LLVMTypeOf(operand)))
      var bytes: Bytes = 0
      for place in 0..<Int(LLVMGetNumMaskElements(user)) {
        let lane = Int(LLVMGetMaskValue(user, UInt32(place)))
        let part = result >> UInt64(place * laneWidth) & mask(laneWidth)
        guard lane >= 0, part != 0 else { continue }
        let source: LLVMValueRef = LLVMGetOperand(user, lane < count ? 0 : 1)
        if source == value { bytes |= part << UInt64(lane % count * laneWidth) }
      }
      return bytes
    }
  }

  /// Each lane of the result comes from the same lane of `value`.
  private static func demandedByLane(
    of value: LLVMValueRef, by user: LLVMValueRef, _ result: Bytes
  ) -> Bytes {
    let (from, to) = (laneByteCount(LLVMTypeOf(value)), laneByteCount(LLVMTypeOf(user)))
    var bytes: Bytes = 0
    for lane in 0..<Int(LLVMGetVectorSize(LLVMTypeOf(value)))
    where result >> UInt64(lane * to) & mask(to) != 0 {
      bytes |= mask(min(from, to)) << UInt64(lane * from)
    }
    return bytes
  }

  private static func constantLane(_ value: LLVMValueRef) -> Int? {
    LLVMIsAConstantInt(value) == nil ? nil : Int(LLVMConstIntGetZExtValue(value) & 63)
  }

  // MARK: Widths.

  private static func isVector(_ value: LLVMValueRef) -> Bool {
    LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMVectorTypeKind
  }

  private static func laneByteCount(_ type: LLVMTypeRef) -> Int {
    byteCount(LLVMGetElementType(type))
  }

  /// Bytes of a value of `type`, rounded up.
  private static func byteCount(_ type: LLVMTypeRef) -> Int {
    switch LLVMGetTypeKind(type) {
    case LLVMIntegerTypeKind: (Int(LLVMGetIntTypeWidth(type)) + 7) / 8
    case LLVMFloatTypeKind: 4
    case LLVMVectorTypeKind: laneByteCount(type) * Int(LLVMGetVectorSize(type))
    default: 8
    }
  }

  /// The lowest `count` bytes.
  private static func mask(_ count: Int) -> Bytes { count >= 64 ? .max : 1 << UInt64(count) - 1 }
}
