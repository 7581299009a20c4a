// The instructions of this release: their immediates and the types of those with a fixed signature.

/// Neighbouring opcodes that share an `OpcodeEntry`.
struct OpcodeRow {
  var opcodes: ClosedRange<Opcode>
  var entry: OpcodeEntry

  /// Every row, ascending by opcode.
  static let all =
    control + variables + memory + constants + numeric + references + miscellaneous
    + vectorMemory + vectorLanes + vectorNumeric + relaxedVector + atomic + collection

  /// An instruction that code of its own validates.
  private static func special(
    _ first: Opcode, through last: Opcode? = nil, _ immediates: Immediates = .none
  ) -> OpcodeRow {
    OpcodeRow(opcodes: first...(last ?? first), entry: OpcodeEntry(immediates: immediates))
  }

  /// An instruction of type `[operands] -> [result]`.
  private static func typed(
    _ first: Opcode, through last: Opcode? = nil, _ operands: [ValueType], _ result: ValueType?,
    _ immediates: Immediates = .none, rule: ValidationRule = .signature
  ) -> OpcodeRow {
    func code(_ fromTop: Int) -> UInt8 {
      fromTop < operands.count ? UInt8(operands[operands.count - 1 - fromTop].rawValue) : 0
    }
    let entry = OpcodeEntry(
      immediates: immediates, rule: rule, operands: (code(0), code(1), code(2)),
      result: result.map { UInt8($0.rawValue) } ?? 0)
    return OpcodeRow(opcodes: first...(last ?? first), entry: entry)
  }

  private static func load(
    _ first: Opcode, through last: Opcode? = nil, _ result: ValueType, byteCountLog2: UInt8
  ) -> OpcodeRow {
    var row = typed(
      first, through: last, [.i32], result, .memoryAccess, rule: .memoryAccess)
    row.entry.naturalAlignment = byteCountLog2
    return row
  }

  private static func store(
    _ opcode: Opcode, _ operand: ValueType, byteCountLog2: UInt8
  ) -> OpcodeRow {
    var row = typed(opcode, [.i32, operand], nil, .memoryAccess, rule: .memoryAccess)
    row.entry.naturalAlignment = byteCountLog2
    return row
  }

  private static func lane(
    _ first: Opcode, through last: Opcode? = nil, _ operands: [ValueType], _ result: ValueType,
    count: UInt8
  ) -> OpcodeRow {
    var row = typed(first, through: last, operands, result, .lane, rule: .lane)
    row.entry.laneCount = count
    return row
  }

  private static func memoryLane(
    _ opcode: Opcode, _ result: ValueType?, byteCountLog2: UInt8
  ) -> OpcodeRow {
    var row = typed(opcode, [.i32, .v128], result, .memoryLane, rule: .memoryLane)
    row.entry.naturalAlignment = byteCountLog2
    row.entry.laneCount = 16 >> byteCountLog2
    return row
  }

  private static func atomicAccess(
    _ first: Opcode, through last: Opcode? = nil, _ operands: [ValueType], _ result: ValueType?,
    byteCountLog2: UInt8
  ) -> OpcodeRow {
    var row = typed(
      first, through: last, [.i32] + operands, result, .memoryAccess, rule: .atomicAccess)
    row.entry.naturalAlignment = byteCountLog2
    return row
  }

  /// The seven forms of a read-modify-write instruction, from `first` on.
  private static func atomicUpdates(_ first: Opcode, operandCount: Int = 1) -> [OpcodeRow] {
    let forms: [(ValueType, UInt8)] = [
      (.i32, 2), (.i64, 3), (.i32, 0), (.i32, 1), (.i64, 0), (.i64, 1), (.i64, 2),
    ]
    return forms.enumerated().compactMap { place, form in
      Opcode(rawValue: first.rawValue + UInt16(place)).map {
        atomicAccess(
          $0, Array(repeating: form.0, count: operandCount), form.0, byteCountLog2: form.1)
      }
    }
  }

  // MARK: No prefix.

  private static let control: [OpcodeRow] = [
    special(.unreachable),
    typed(.nop, [], nil),
    special(.block, through: .if, .blockType),
    special(.else),
    special(.try, .blockType),
    special(.catch, through: .rethrow, .index),
    special(.throwRef),
    special(.end),
    special(.br, through: .brIf, .index),
    special(.brTable, .branchTable),
    special(.return),
    special(.call, .index),
    special(.callIndirect, .twoIndices),
    special(.returnCall, .index),
    special(.returnCallIndirect, .twoIndices),
    special(.callRef, through: .returnCallRef, .index),
    special(.delegate, .index),
    special(.catchAll),
    special(.drop, through: .select),
    special(.selectT, .valueTypes),
    special(.tryTable, .tryTable),
  ]

  private static let variables: [OpcodeRow] = [
    special(.localGet, through: .globalSet, .index),
    special(.tableGet, through: .tableSet, .index),
  ]

  private static let memory: [OpcodeRow] = [
    load(.i32Load, .i32, byteCountLog2: 2),
    load(.i64Load, .i64, byteCountLog2: 3),
    load(.f32Load, .f32, byteCountLog2: 2),
    load(.f64Load, .f64, byteCountLog2: 3),
    load(.i32Load8S, through: .i32Load8U, .i32, byteCountLog2: 0),
    load(.i32Load16S, through: .i32Load16U, .i32, byteCountLog2: 1),
    load(.i64Load8S, through: .i64Load8U, .i64, byteCountLog2: 0),
    load(.i64Load16S, through: .i64Load16U, .i64, byteCountLog2: 1),
    load(.i64Load32S, through: .i64Load32U, .i64, byteCountLog2: 2),
    store(.i32Store, .i32, byteCountLog2: 2),
    store(.i64Store, .i64, byteCountLog2: 3),
    store(.f32Store, .f32, byteCountLog2: 2),
    store(.f64Store, .f64, byteCountLog2: 3),
    store(.i32Store8, .i32, byteCountLog2: 0),
    store(.i32Store16, .i32, byteCountLog2: 1),
    store(.i64Store8, .i64, byteCountLog2: 0),
    store(.i64Store16, .i64, byteCountLog2: 1),
    store(.i64Store32, .i64, byteCountLog2: 2),
    special(.memorySize, through: .memoryGrow, .index),
  ]

  private static let constants: [OpcodeRow] = [
    typed(.i32Const, [], .i32, .i32),
    typed(.i64Const, [], .i64, .i64),
    typed(.f32Const, [], .f32, .f32),
    typed(.f64Const, [], .f64, .f64),
  ]

  private static let numeric: [OpcodeRow] = [
    typed(.i32Eqz, [.i32], .i32),
    typed(.i32Eq, through: .i32GeU, [.i32, .i32], .i32),
    typed(.i64Eqz, [.i64], .i32),
    typed(.i64Eq, through: .i64GeU, [.i64, .i64], .i32),
    typed(.f32Eq, through: .f32Ge, [.f32, .f32], .i32),
    typed(.f64Eq, through: .f64Ge, [.f64, .f64], .i32),
    typed(.i32Clz, through: .i32Popcnt, [.i32], .i32),
    typed(.i32Add, through: .i32Rotr, [.i32, .i32], .i32),
    typed(.i64Clz, through: .i64Popcnt, [.i64], .i64),
    typed(.i64Add, through: .i64Rotr, [.i64, .i64], .i64),
    typed(.f32Abs, through: .f32Sqrt, [.f32], .f32),
    typed(.f32Add, through: .f32Copysign, [.f32, .f32], .f32),
    typed(.f64Abs, through: .f64Sqrt, [.f64], .f64),
    typed(.f64Add, through: .f64Copysign, [.f64, .f64], .f64),
    typed(.i32WrapI64, [.i64], .i32),
    typed(.i32TruncF32S, through: .i32TruncF32U, [.f32], .i32),
    typed(.i32TruncF64S, through: .i32TruncF64U, [.f64], .i32),
    typed(.i64ExtendI32S, through: .i64ExtendI32U, [.i32], .i64),
    typed(.i64TruncF32S, through: .i64TruncF32U, [.f32], .i64),
    typed(.i64TruncF64S, through: .i64TruncF64U, [.f64], .i64),
    typed(.f32ConvertI32S, through: .f32ConvertI32U, [.i32], .f32),
    typed(.f32ConvertI64S, through: .f32ConvertI64U, [.i64], .f32),
    typed(.f32DemoteF64, [.f64], .f32),
    typed(.f64ConvertI32S, through: .f64ConvertI32U, [.i32], .f64),
    typed(.f64ConvertI64S, through: .f64ConvertI64U, [.i64], .f64),
    typed(.f64PromoteF32, [.f32], .f64),
    typed(.i32ReinterpretF32, [.f32], .i32),
    typed(.i64ReinterpretF64, [.f64], .i64),
    typed(.f32ReinterpretI32, [.i32], .f32),
    typed(.f64ReinterpretI64, [.i64], .f64),
    typed(.i32Extend8S, through: .i32Extend16S, [.i32], .i32),
    typed(.i64Extend8S, through: .i64Extend32S, [.i64], .i64),
  ]

  private static let references: [OpcodeRow] = [
    special(.refNull, .heapType),
    special(.refIsNull),
    special(.refFunc, .index),
    special(.refEq, through: .refAsNonNull),
    special(.brOnNull, through: .brOnNonNull, .index),
  ]

  // MARK: Prefix 0xFC.

  private static let miscellaneous: [OpcodeRow] = [
    typed(.i32TruncSatF32S, through: .i32TruncSatF32U, [.f32], .i32),
    typed(.i32TruncSatF64S, through: .i32TruncSatF64U, [.f64], .i32),
    typed(.i64TruncSatF32S, through: .i64TruncSatF32U, [.f32], .i64),
    typed(.i64TruncSatF64S, through: .i64TruncSatF64U, [.f64], .i64),
    special(.memoryInit, .twoIndices),
    special(.dataDrop, .index),
    special(.memoryCopy, .twoIndices),
    special(.memoryFill, .index),
    special(.tableInit, .twoIndices),
    special(.elemDrop, .index),
    special(.tableCopy, .twoIndices),
    special(.tableGrow, through: .tableFill, .index),
    special(.i64Add128, through: .i64MulWideU),
  ]

  // MARK: Prefix 0xFD.

  private static let vectorMemory: [OpcodeRow] = [
    load(.v128Load, .v128, byteCountLog2: 4),
    load(.v128Load8x8S, through: .v128Load32x2U, .v128, byteCountLog2: 3),
    load(.v128Load8Splat, .v128, byteCountLog2: 0),
    load(.v128Load16Splat, .v128, byteCountLog2: 1),
    load(.v128Load32Splat, .v128, byteCountLog2: 2),
    load(.v128Load64Splat, .v128, byteCountLog2: 3),
    store(.v128Store, .v128, byteCountLog2: 4),
  ]

  private static let vectorLanes: [OpcodeRow] = [
    typed(.v128Const, [], .v128, .vector),
    typed(.i8x16Shuffle, [.v128, .v128], .v128, .vector, rule: .shuffle),
    typed(.i8x16Swizzle, [.v128, .v128], .v128),
    typed(.i8x16Splat, through: .i32x4Splat, [.i32], .v128),
    typed(.i64x2Splat, [.i64], .v128),
    typed(.f32x4Splat, [.f32], .v128),
    typed(.f64x2Splat, [.f64], .v128),
    lane(.i8x16ExtractLaneS, through: .i8x16ExtractLaneU, [.v128], .i32, count: 16),
    lane(.i8x16ReplaceLane, [.v128, .i32], .v128, count: 16),
    lane(.i16x8ExtractLaneS, through: .i16x8ExtractLaneU, [.v128], .i32, count: 8),
    lane(.i16x8ReplaceLane, [.v128, .i32], .v128, count: 8),
    lane(.i32x4ExtractLane, [.v128], .i32, count: 4),
    lane(.i32x4ReplaceLane, [.v128, .i32], .v128, count: 4),
    lane(.i64x2ExtractLane, [.v128], .i64, count: 2),
    lane(.i64x2ReplaceLane, [.v128, .i64], .v128, count: 2),
    lane(.f32x4ExtractLane, [.v128], .f32, count: 4),
    lane(.f32x4ReplaceLane, [.v128, .f32], .v128, count: 4),
    lane(.f64x2ExtractLane, [.v128], .f64, count: 2),
    lane(.f64x2ReplaceLane, [.v128, .f64], .v128, count: 2),
  ]

  private static func unary(_ first: Opcode, through last: Opcode? = nil) -> OpcodeRow {
    typed(first, through: last, [.v128], .v128)
  }

  private static func binary(_ first: Opcode, through last: Opcode? = nil) -> OpcodeRow {
    typed(first, through: last, [.v128, .v128], .v128)
  }

  private static func ternary(_ first: Opcode, through last: Opcode? = nil) -> OpcodeRow {
    typed(first, through: last, [.v128, .v128, .v128], .v128)
  }

  private static func shift(_ first: Opcode, through last: Opcode) -> OpcodeRow {
    typed(first, through: last, [.v128, .i32], .v128)
  }

  private static func test(_ first: Opcode, through last: Opcode? = nil) -> OpcodeRow {
    typed(first, through: last, [.v128], .i32)
  }

  private static let vectorNumeric: [OpcodeRow] = [
    binary(.i8x16Eq, through: .f64x2Ge),
    unary(.v128Not),
    binary(.v128And, through: .v128Xor),
    ternary(.v128Bitselect),
    test(.v128AnyTrue),
    memoryLane(.v128Load8Lane, .v128, byteCountLog2: 0),
    memoryLane(.v128Load16Lane, .v128, byteCountLog2: 1),
    memoryLane(.v128Load32Lane, .v128, byteCountLog2: 2),
    memoryLane(.v128Load64Lane, .v128, byteCountLog2: 3),
    memoryLane(.v128Store8Lane, nil, byteCountLog2: 0),
    memoryLane(.v128Store16Lane, nil, byteCountLog2: 1),
    memoryLane(.v128Store32Lane, nil, byteCountLog2: 2),
    memoryLane(.v128Store64Lane, nil, byteCountLog2: 3),
    load(.v128Load32Zero, .v128, byteCountLog2: 2),
    load(.v128Load64Zero, .v128, byteCountLog2: 3),
    unary(.f32x4DemoteF64x2Zero, through: .i8x16Popcnt),
    test(.i8x16AllTrue, through: .i8x16Bitmask),
    binary(.i8x16NarrowI16x8S, through: .i8x16NarrowI16x8U),
    unary(.f32x4Ceil, through: .f32x4Nearest),
    shift(.i8x16Shl, through: .i8x16ShrU),
    binary(.i8x16Add, through: .i8x16SubSatU),
    unary(.f64x2Ceil, through: .f64x2Floor),
    binary(.i8x16MinS, through: .i8x16MaxU),
    unary(.f64x2Trunc),
    binary(.i8x16AvgrU),
    unary(.i16x8ExtaddPairwiseI8x16S, through: .i16x8Neg),
    binary(.i16x8Q15mulrSatS),
    test(.i16x8AllTrue, through: .i16x8Bitmask),
    binary(.i16x8NarrowI32x4S, through: .i16x8NarrowI32x4U),
    unary(.i16x8ExtendLowI8x16S, through: .i16x8ExtendHighI8x16U),
    shift(.i16x8Shl, through: .i16x8ShrU),
    binary(.i16x8Add, through: .i16x8SubSatU),
    unary(.f64x2Nearest),
    binary(.i16x8Mul, through: .i16x8ExtmulHighI8x16U),
    unary(.i32x4Abs, through: .i32x4Neg),
    test(.i32x4AllTrue, through: .i32x4Bitmask),
    unary(.i32x4ExtendLowI16x8S, through: .i32x4ExtendHighI16x8U),
    shift(.i32x4Shl, through: .i32x4ShrU),
    binary(.i32x4Add, through: .i32x4ExtmulHighI16x8U),
    unary(.i64x2Abs, through: .i64x2Neg),
    test(.i64x2AllTrue, through: .i64x2Bitmask),
    unary(.i64x2ExtendLowI32x4S, through: .i64x2ExtendHighI32x4U),
    shift(.i64x2Shl, through: .i64x2ShrU),
    binary(.i64x2Add, through: .i64x2ExtmulHighI32x4U),
    unary(.f32x4Abs, through: .f32x4Sqrt),
    binary(.f32x4Add, through: .f32x4Pmax),
    unary(.f64x2Abs, through: .f64x2Sqrt),
    binary(.f64x2Add, through: .f64x2Pmax),
    unary(.i32x4TruncSatF32x4S, through: .f64x2ConvertLowI32x4U),
  ]

  private static let relaxedVector: [OpcodeRow] = [
    binary(.i8x16RelaxedSwizzle),
    unary(.i32x4RelaxedTruncF32x4S, through: .i32x4RelaxedTruncF64x2UZero),
    ternary(.f32x4RelaxedMadd, through: .i64x2RelaxedLaneselect),
    binary(.f32x4RelaxedMin, through: .i16x8RelaxedDotI8x16I7x16S),
    ternary(.i32x4RelaxedDotI8x16I7x16AddS),
  ]

  // MARK: Prefix 0xFB.

  private static let collection: [OpcodeRow] = [
    special(.structNew, through: .structNewDefault, .index),
    special(.structGet, through: .structSet, .twoIndices),
    special(.arrayNew, through: .arrayNewDefault, .index),
    special(.arrayNewFixed, through: .arrayNewElem, .twoIndices),
    special(.arrayGet, through: .arraySet, .index),
    special(.arrayLen),
    special(.arrayFill, .index),
    special(.arrayCopy, through: .arrayInitElem, .twoIndices),
    special(.refTest, through: .refCastNull, .heapType),
    special(.brOnCast, through: .brOnCastFail, .castBranch),
    special(.anyConvertExtern, through: .i31GetU),
  ]

  // MARK: Prefix 0xFE.

  private static let atomicAccesses: [OpcodeRow] = [
    atomicAccess(.memoryAtomicNotify, [.i32], .i32, byteCountLog2: 2),
    atomicAccess(.memoryAtomicWait32, [.i32, .i64], .i32, byteCountLog2: 2),
    atomicAccess(.memoryAtomicWait64, [.i64, .i64], .i32, byteCountLog2: 3),
    typed(.atomicFence, [], nil, .zero),
    atomicAccess(.i32AtomicLoad, [], .i32, byteCountLog2: 2),
    atomicAccess(.i64AtomicLoad, [], .i64, byteCountLog2: 3),
    atomicAccess(.i32AtomicLoad8U, [], .i32, byteCountLog2: 0),
    atomicAccess(.i32AtomicLoad16U, [], .i32, byteCountLog2: 1),
    atomicAccess(.i64AtomicLoad8U, [], .i64, byteCountLog2: 0),
    atomicAccess(.i64AtomicLoad16U, [], .i64, byteCountLog2: 1),
    atomicAccess(.i64AtomicLoad32U, [], .i64, byteCountLog2: 2),
    atomicAccess(.i32AtomicStore, [.i32], nil, byteCountLog2: 2),
    atomicAccess(.i64AtomicStore, [.i64], nil, byteCountLog2: 3),
    atomicAccess(.i32AtomicStore8, [.i32], nil, byteCountLog2: 0),
    atomicAccess(.i32AtomicStore16, [.i32], nil, byteCountLog2: 1),
    atomicAccess(.i64AtomicStore8, [.i64], nil, byteCountLog2: 0),
    atomicAccess(.i64AtomicStore16, [.i64], nil, byteCountLog2: 1),
    atomicAccess(.i64AtomicStore32, [.i64], nil, byteCountLog2: 2),
  ]

  private static let atomic: [OpcodeRow] = {
    let updates: [Opcode] = [
      .i32AtomicRmwAdd, .i32AtomicRmwSub, .i32AtomicRmwAnd, .i32AtomicRmwOr, .i32AtomicRmwXor,
      .i32AtomicRmwXchg,
    ]
    return atomicAccesses + updates.flatMap { atomicUpdates($0) }
      + atomicUpdates(.i32AtomicRmwCmpxchg, operandCount: 2)
  }()
}
