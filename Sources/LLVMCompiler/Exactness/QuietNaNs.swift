// Keeps arithmetic that quiets signalling NaNs where LLVM would find that it does nothing.
//
// `x * 1`, `x / -1`, `x - 0`, `x + -0` and a demotion of a promotion are no-ops to LLVM, but for
// negation; in wasm they turn a signalling NaN into a quiet one. The constants in question are hidden
// from LLVM: loaded from the image's read-only data, where the processor would get them anyway.

internal import CLLVM

/// Hides constants in one function whose locals are values already.
struct QuietNaNs {
  private let unit: UnitModule
  private let types: IRTypes
  private let builder: IRBuilder
  private var globals: [LLVMValueRef: LLVMValueRef] = [:]

  init(_ unit: UnitModule) {
    self.unit = unit
    types = unit.types
    builder = unit.builder
  }

  mutating func run(on function: LLVMValueRef) {
    function.forEachInstruction { instruction in
      switch LLVMGetInstructionOpcode(instruction) {
      case LLVMFAdd, LLVMFSub:
        hide(operand: 0, of: instruction, magnitude: 0)
        hide(operand: 1, of: instruction, magnitude: 0)
      case LLVMFMul:
        hide(operand: 0, of: instruction, magnitude: 1)
        hide(operand: 1, of: instruction, magnitude: 1)
      case LLVMFDiv: hide(operand: 1, of: instruction, magnitude: 1)
      case LLVMFPTrunc: quiet(truncation: instruction)
      default: break
      }
    }
  }

  // MARK: Constants.

  /// Replaces an operand that is `magnitude` of either sign.
  private mutating func hide(
    operand index: UInt32, of instruction: LLVMValueRef, magnitude: Double
  ) {
    let operand: LLVMValueRef = LLVMGetOperand(instruction, index)
    guard LLVMIsConstant(operand) != 0, let scalar = scalar(of: operand),
      HiddenConstant.value(scalar).magnitude == magnitude
    else { return }
    builder.position(before: instruction)
    LLVMSetOperand(instruction, index, hidden(scalar, like: operand))
  }

  /// The value of a constant, or of all lanes of a constant vector if it is the same.
  private func scalar(of constant: LLVMValueRef) -> LLVMValueRef? {
    let type: LLVMTypeRef = LLVMTypeOf(constant)
    guard LLVMGetTypeKind(type) == LLVMVectorTypeKind else {
      return LLVMIsAConstantFP(constant) == nil ? nil : constant
    }
    guard let first = LLVMGetAggregateElement(constant, 0), LLVMIsAConstantFP(first) != nil else {
      return nil
    }
    for lane in 1..<LLVMGetVectorSize(type)
    where LLVMGetAggregateElement(constant, lane) != first { return nil }
    return first
  }

  /// A value that is `scalar` (in every lane, if `operand` is a vector) without LLVM's knowing.
  private mutating func hidden(
    _ scalar: LLVMValueRef, like operand: LLVMValueRef
  ) -> LLVMValueRef {
    let scalarType: LLVMTypeRef = LLVMTypeOf(scalar)
    let type: LLVMTypeRef = LLVMTypeOf(operand)
    let value = builder.loadInvariant(
      scalarType, global(scalar), at: 0, alignment: scalarType == types.f32 ? 4 : 8)
    return type == scalarType ? value : builder.splat(value, type)
  }

  private mutating func global(_ constant: LLVMValueRef) -> LLVMValueRef {
    if let known = globals[constant] { return known }
    let global: LLVMValueRef = LLVMAddGlobal(
      unit.module, LLVMTypeOf(constant), HiddenConstant.name(constant))
    LLVMSetVisibility(global, LLVMHiddenVisibility)
    LLVMSetGlobalConstant(global, 1)
    globals[constant] = global
    return global
  }

  // MARK: Demotion.

  /// Multiplies what is demoted by a hidden 1 if it may be a promoted float.
  private mutating func quiet(truncation: LLVMValueRef) {
    let operand: LLVMValueRef = LLVMGetOperand(truncation, 0)
    var visited: Set<LLVMValueRef> = []
    guard mayBePromotion(operand, &visited) else { return }
    builder.position(before: truncation)
    let one = hidden(types.f64(1), like: operand)
    LLVMSetOperand(truncation, 0, builder.binary(LLVMFMul, operand, one))
  }

  /// Whether LLVM may see a promotion through what only moves or changes signs.
  private func mayBePromotion(_ value: LLVMValueRef, _ visited: inout Set<LLVMValueRef>) -> Bool {
    guard LLVMIsAInstruction(value) != nil, visited.insert(value).inserted else { return false }
    switch LLVMGetInstructionOpcode(value) {
    case LLVMFPExt: return true
    case LLVMPHI:
      for index in 0..<LLVMCountIncoming(value)
      where mayBePromotion(LLVMGetIncomingValue(value, index), &visited) { return true }
      return false
    case LLVMFNeg, LLVMSelect, LLVMCall, LLVMBitCast, LLVMShuffleVector, LLVMInsertElement,
      LLVMExtractElement:
      for index in 0..<UInt32(LLVMGetNumOperands(value))
      where mayBePromotion(LLVMGetOperand(value, index), &visited) { return true }
      return false
    default: return false
    }
  }
}

/// The constants with which arithmetic leaves a value as it is, as the image's data defines them.
enum HiddenConstant {
  private static let neutral: [Double] = [0, -0.0, 1, -1]

  /// The symbol of a neutral constant: `one_f64`, `minus_zero_f32`, …
  static func name(_ constant: LLVMValueRef) -> String {
    let isDouble = LLVMGetTypeKind(LLVMTypeOf(constant)) == LLVMDoubleTypeKind
    return name(value(constant), isDouble: isDouble)
  }

  private static func name(_ value: Double, isDouble: Bool) -> String {
    let sign = value.sign == .minus ? "minus_" : ""
    return "\(sign)\(value == 0 ? "zero" : "one")_\(isDouble ? "f64" : "f32")"
  }

  static func value(_ constant: LLVMValueRef) -> Double {
    var losesInformation: LLVMBool = 0
    return LLVMConstRealGetDouble(constant, &losesInformation)
  }

  /// Assembly that defines all of them.
  static var definitions: String {
    var text = ".section .rodata.constants, \"a\", @progbits\n.p2align 3\n"
    for value in neutral {
      text += define(name(value, isDouble: true), ".quad \(value.bitPattern)")
    }
    for value in neutral {
      text += define(name(value, isDouble: false), ".long \(Float(value).bitPattern)")
    }
    return text
  }

  private static func define(_ name: String, _ directive: String) -> String {
    ".globl \(name)\n.hidden \(name)\n\(name):\n\(directive)\n"
  }
}
