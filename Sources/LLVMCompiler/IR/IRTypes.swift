// The LLVM types that stand for wasm's, one set a context.

internal import CLLVM
internal import WasmModule

/// LLVM's types in one context. A v128 is `<2 x i64>` wherever it is stored, passed or on the value
/// stack; vector instructions cast to the lanes they need and back. References to functions are `ptr`, those
/// that the collector follows are `ptr addrspace(1)`, so that an operand's type tells which it is.
struct IRTypes {
  let context: LLVMContextRef
  let void: LLVMTypeRef
  let i1: LLVMTypeRef
  let i8: LLVMTypeRef
  let i16: LLVMTypeRef
  let i32: LLVMTypeRef
  let i64: LLVMTypeRef
  let i128: LLVMTypeRef
  let f32: LLVMTypeRef
  let f64: LLVMTypeRef
  let v128: LLVMTypeRef
  let pointer: LLVMTypeRef
  /// A reference that the collector follows.
  let reference: LLVMTypeRef
  /// Counts from the base of GS: what LLVM's x86 backend takes address space 256 for.
  let segmentPointer: LLVMTypeRef
  /// By type index.
  private let isFunction: [Bool]

  init(_ context: LLVMContextRef, _ module: Module) {
    self.context = context
    void = LLVMVoidTypeInContext(context)
    i1 = LLVMInt1TypeInContext(context)
    i8 = LLVMInt8TypeInContext(context)
    i16 = LLVMInt16TypeInContext(context)
    i32 = LLVMInt32TypeInContext(context)
    i64 = LLVMInt64TypeInContext(context)
    i128 = LLVMInt128TypeInContext(context)
    f32 = LLVMFloatTypeInContext(context)
    f64 = LLVMDoubleTypeInContext(context)
    v128 = LLVMVectorType(i64, 2)
    pointer = LLVMPointerTypeInContext(context, 0)
    reference = LLVMPointerTypeInContext(context, 1)
    segmentPointer = LLVMPointerTypeInContext(context, 256)
    isFunction = module.types.map { $0.function != nil }
  }

  /// The type of values of `type`.
  func type(_ type: ValueType) -> LLVMTypeRef {
    switch type {
    case .i32: i32
    case .i64: i64
    case .f32: f32
    case .f64: f64
    case .v128: v128
    default: type.heapType.map(isFollowed) ?? false ? reference : pointer
    }
  }

  /// Whether the collector follows references to `heapType`.
  private func isFollowed(_ heapType: HeapType) -> Bool {
    if let index = heapType.typeIndex { return !isFunction[Int(index)] }
    let hierarchy = heapType.abstractHierarchy
    return hierarchy != .function
  }

  /// All zero bits: what a local holds at first.
  func zero(_ valueType: ValueType) -> LLVMValueRef { LLVMConstNull(type(valueType)) }

  func i1(_ value: Bool) -> LLVMValueRef { LLVMConstInt(i1, value ? 1 : 0, 0) }

  func i8(_ value: UInt8) -> LLVMValueRef { LLVMConstInt(i8, UInt64(value), 0) }

  func i32(_ value: UInt32) -> LLVMValueRef { LLVMConstInt(i32, UInt64(value), 0) }

  func i64(_ value: UInt64) -> LLVMValueRef { LLVMConstInt(i64, value, 0) }

  func i64(_ value: Int) -> LLVMValueRef { LLVMConstInt(i64, UInt64(bitPattern: Int64(value)), 0) }

  /// The float with exactly these bits. Made from the integer, because a signalling NaN would not
  /// survive the way through a host's `double`.
  func f32(bits: UInt32) -> LLVMValueRef { LLVMConstBitCast(i32(bits), f32) }

  func f64(bits: UInt64) -> LLVMValueRef { LLVMConstBitCast(i64(bits), f64) }

  func f32(_ value: Float) -> LLVMValueRef { f32(bits: value.bitPattern) }

  func f64(_ value: Double) -> LLVMValueRef { f64(bits: value.bitPattern) }

  func function(_ result: LLVMTypeRef, _ parameters: [LLVMTypeRef]) -> LLVMTypeRef {
    var parameters: [LLVMTypeRef?] = parameters
    return LLVMFunctionType(result, &parameters, UInt32(parameters.count), 0)
  }
}
