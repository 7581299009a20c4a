// Vector instructions that move lanes: constants, splats, lane access, shuffle, swizzle.

internal import CLLVM
internal import WasmModule

extension VectorBuilder {
  /// The 16 bytes that a shuffle's or constant's immediate holds, lane 0 first.
  private func bytes(_ instruction: Instruction) -> [UInt8] {
    [instruction.value, instruction.value2].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) }
    }
  }

  func shuffle(
    _ left: LLVMValueRef, _ right: LLVMValueRef, _ instruction: Instruction
  ) -> LLVMValueRef {
    shuffle(left, right, bytes(instruction).map { UInt32($0) })
  }

  /// The bytes of `vector` that `indices` names, 0 for 16 and above: those, raised by 0x70 without
  /// wrapping, have the top bit set, for which `pshufb` gives 0; it ignores bits 4 to 6.
  func swizzle(_ vector: LLVMValueRef, _ indices: LLVMValueRef) -> LLVMValueRef {
    let raised = intrinsic("llvm.uadd.sat", .i8x16, indices, constant(.i8x16, 0x70))
    return target("ssse3.pshuf.b.128", vector, raised)
  }

  /// `scalar`, an i32 where lanes are narrower than that, as a lane of `shape`.
  func lane(_ scalar: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    shape.laneBitCount < 32 ? ir.cast(LLVMTrunc, scalar, to: laneType(shape)) : scalar
  }
}

extension FunctionTranslator {
  /// Translates what moves lanes; false where the instruction is something else.
  mutating func translateVectorLanes(_ instruction: Instruction) -> Bool {
    let shape = instruction.opcode.vectorShape
    switch instruction.opcode {
    case .v128Const:
      pushVector(
        vectors.constant([instruction.value, instruction.value2].map { vectors.types.i64($0) }))
    case .i8x16Shuffle: vectorBinary(shape) { $0.shuffle($1, $2, instruction) }
    case .i8x16Swizzle: vectorBinary(shape) { $0.swizzle($1, $2) }
    case .i8x16Splat, .i16x8Splat, .i32x4Splat, .i64x2Splat, .f32x4Splat, .f64x2Splat:
      pushVector(vectors.splat(vectors.lane(pop(), shape), shape))
    case .i8x16ExtractLaneS, .i16x8ExtractLaneS: extractLane(instruction, LLVMSExt)
    case .i8x16ExtractLaneU, .i16x8ExtractLaneU: extractLane(instruction, LLVMZExt)
    case .i32x4ExtractLane, .i64x2ExtractLane, .f32x4ExtractLane, .f64x2ExtractLane:
      push(vectors.extract(popVector(shape), lane: instruction.index))
    case .i8x16ReplaceLane, .i16x8ReplaceLane, .i32x4ReplaceLane, .i64x2ReplaceLane,
      .f32x4ReplaceLane, .f64x2ReplaceLane:
      let scalar = vectors.lane(pop(), shape)
      pushVector(vectors.insert(scalar, into: popVector(shape), lane: instruction.index))
    default: return false
    }
    return true
  }

  /// Pushes a lane narrower than i32, extended.
  private mutating func extractLane(_ instruction: Instruction, _ extension: LLVMOpcode) {
    let vector = popVector(instruction.opcode.vectorShape)
    let lane = vectors.extract(vector, lane: instruction.index)
    push(vectors.ir.cast(`extension`, lane, to: vectors.types.i32))
  }
}
