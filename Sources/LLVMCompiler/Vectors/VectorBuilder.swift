// What all vector instructions are built from: lane types, constants, splats, shuffles.

internal import CLLVM

/// Builds the IR of vector operations from values, knowing nothing of the value stack.
///
/// Operands have the lane type of the shape that a method is told; results have any 128-bit vector
/// type. Intrinsics of the target are used only where LLVM does not find the one instruction from
/// plain IR, or where plain IR does not promise the bits that wasm does.
struct VectorBuilder {
  let unit: UnitModule

  var ir: IRBuilder { unit.builder }
  var types: IRTypes { unit.types }

  // MARK: Types and constants.

  func laneType(_ shape: VectorShape) -> LLVMTypeRef {
    switch shape {
    case .i8x16: types.i8
    case .i16x8: types.i16
    case .i32x4: types.i32
    case .i64x2: types.i64
    case .f32x4: types.f32
    case .f64x2: types.f64
    }
  }

  func type(_ shape: VectorShape) -> LLVMTypeRef {
    LLVMVectorType(laneType(shape), shape.laneCount)
  }

  func zero(_ shape: VectorShape) -> LLVMValueRef { LLVMConstNull(type(shape)) }

  /// A vector constant whose lanes all have the low bits of `bits`.
  func constant(_ shape: VectorShape, _ bits: UInt64) -> LLVMValueRef {
    let lane: LLVMValueRef = LLVMConstInt(laneType(shape.integer), bits, 0)
    return bitcast(constant(Array(repeating: lane, count: Int(shape.laneCount))), shape)
  }

  func constant(_ lanes: [LLVMValueRef]) -> LLVMValueRef {
    var lanes: [LLVMValueRef?] = lanes
    return LLVMConstVector(&lanes, UInt32(lanes.count))
  }

  func bitcast(_ value: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    ir.bitcast(value, to: type(shape))
  }

  // MARK: Lanes.

  func extract(_ vector: LLVMValueRef, lane: UInt32) -> LLVMValueRef {
    LLVMBuildExtractElement(ir.reference, vector, types.i32(lane), "")
  }

  func insert(_ scalar: LLVMValueRef, into vector: LLVMValueRef, lane: UInt32) -> LLVMValueRef {
    LLVMBuildInsertElement(ir.reference, vector, scalar, types.i32(lane), "")
  }

  /// `scalar`, of the lane type, in all lanes.
  func splat(_ scalar: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    let undefined: LLVMValueRef = LLVMGetPoison(type(shape))
    let first = insert(scalar, into: undefined, lane: 0)
    return shuffle(first, undefined, Array(repeating: 0, count: Int(shape.laneCount)))
  }

  /// The lanes of `left` and `right`, counted through, that `lanes` names.
  func shuffle(_ left: LLVMValueRef, _ right: LLVMValueRef, _ lanes: [UInt32]) -> LLVMValueRef {
    LLVMBuildShuffleVector(
      ir.reference, left, right, constant(lanes.map { types.i32($0) }), "")
  }

  /// The lanes of `vector` that `lanes` names: possibly fewer than it has.
  func select(_ lanes: some Sequence<UInt32>, of vector: LLVMValueRef) -> LLVMValueRef {
    shuffle(vector, LLVMGetPoison(LLVMTypeOf(vector)), Array(lanes))
  }

  // MARK: Operations.

  /// An integer of the lanes' width for each lane: all ones where `condition`, a vector of i1, holds.
  func mask(_ condition: LLVMValueRef, _ shape: VectorShape) -> LLVMValueRef {
    ir.cast(LLVMSExt, condition, to: type(shape.integer))
  }

  func not(_ value: LLVMValueRef) -> LLVMValueRef {
    ir.binary(LLVMXor, value, LLVMConstAllOnes(LLVMTypeOf(value)))
  }

  /// Calls intrinsic `name`, overloaded by `shape`'s vector type.
  func intrinsic(
    _ name: String, _ shape: VectorShape, _ arguments: LLVMValueRef...
  ) -> LLVMValueRef {
    let callable = unit.intrinsic(name, [type(shape)])
    return ir.call(callable.type, callable.function, arguments)
  }

  /// Calls intrinsic `name` of the target, which has fixed types.
  func target(_ name: String, _ arguments: LLVMValueRef...) -> LLVMValueRef {
    let callable = unit.intrinsic("llvm.x86." + name, [])
    return ir.call(callable.type, callable.function, arguments)
  }
}
