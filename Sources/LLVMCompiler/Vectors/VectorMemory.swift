// Vector instructions that access memory: whole vectors, extended halves, splats, single lanes.
// Spec: core 3.0 §4.4.11 (`v128.load` and what follows).

internal import CLLVM
internal import WasmModule

extension FunctionTranslator {
  /// Translates loads and stores of vectors; false where the instruction is something else.
  mutating func translateVectorMemory(_ instruction: Instruction) -> Bool {
    switch instruction.opcode {
    case .v128Load: push(loadMemory(instruction, types.v128))
    case .v128Store: storeMemory(instruction, pop())
    case .v128Load8x8S: loadExtended(instruction, .i16x8, LLVMSExt)
    case .v128Load8x8U: loadExtended(instruction, .i16x8, LLVMZExt)
    case .v128Load16x4S: loadExtended(instruction, .i32x4, LLVMSExt)
    case .v128Load16x4U: loadExtended(instruction, .i32x4, LLVMZExt)
    case .v128Load32x2S: loadExtended(instruction, .i64x2, LLVMSExt)
    case .v128Load32x2U: loadExtended(instruction, .i64x2, LLVMZExt)
    case .v128Load8Splat: loadSplat(instruction, .i8x16)
    case .v128Load16Splat: loadSplat(instruction, .i16x8)
    case .v128Load32Splat: loadSplat(instruction, .i32x4)
    case .v128Load64Splat: loadSplat(instruction, .i64x2)
    case .v128Load32Zero: loadZero(instruction, .i32x4)
    case .v128Load64Zero: loadZero(instruction, .i64x2)
    case .v128Load8Lane: loadLane(instruction, .i8x16)
    case .v128Load16Lane: loadLane(instruction, .i16x8)
    case .v128Load32Lane: loadLane(instruction, .i32x4)
    case .v128Load64Lane: loadLane(instruction, .i64x2)
    case .v128Store8Lane: storeLane(instruction, .i8x16)
    case .v128Store16Lane: storeLane(instruction, .i16x8)
    case .v128Store32Lane: storeLane(instruction, .i32x4)
    case .v128Store64Lane: storeLane(instruction, .i64x2)
    default: return false
    }
    return true
  }

  /// Loads half as many bytes and extends them to the lanes of `shape`.
  private mutating func loadExtended(
    _ instruction: Instruction, _ shape: VectorShape, _ extension: LLVMOpcode
  ) {
    let half: LLVMTypeRef = LLVMVectorType(vectors.laneType(shape.narrower), shape.laneCount)
    let loaded = loadMemory(instruction, half)
    pushVector(builder.cast(`extension`, loaded, to: vectors.type(shape)))
  }

  private mutating func loadSplat(_ instruction: Instruction, _ shape: VectorShape) {
    pushVector(vectors.splat(loadMemory(instruction, vectors.laneType(shape)), shape))
  }

  /// Loads lane 0; the others are zero.
  private mutating func loadZero(_ instruction: Instruction, _ shape: VectorShape) {
    let lane = loadMemory(instruction, vectors.laneType(shape))
    pushVector(vectors.insert(lane, into: vectors.zero(shape), lane: 0))
  }

  private mutating func loadLane(_ instruction: Instruction, _ shape: VectorShape) {
    let vector = popVector(shape)
    let lane = loadMemory(instruction, vectors.laneType(shape))
    pushVector(vectors.insert(lane, into: vector, lane: instruction.index2))
  }

  private mutating func storeLane(_ instruction: Instruction, _ shape: VectorShape) {
    storeMemory(instruction, vectors.extract(popVector(shape), lane: instruction.index2))
  }
}
