// Bodies in place of calls.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// What belongs to the one body that is being translated: the function's own, or one inlined there.
struct Activation {
  /// The function's index in the function index space.
  let index: UInt32
  var reader: InstructionReader
  var locals: [LocalVariable] = []
  /// The place in `frames` of the body's outermost block.
  let outermostFrame: Int
  /// Where positions are noted, the number of the body among those that the function has in place of
  /// calls; 0 for its own.
  var inlining: UInt32 = 0

  /// Whether the body belongs to another function than the one that is being defined. Its outermost
  /// block lies in that one's.
  var isInlined: Bool { outermostFrame > 0 }
}

/// A local: a stack slot, and what is known of it.
struct LocalVariable {
  let slot: LLVMValueRef
  let type: LLVMTypeRef
  /// What the slot holds, if `run` is still the translator's.
  var value: LLVMValueRef?
  var run = -1
  /// The place in the frame of roots of a reference that the collector follows.
  var root: Int?
}

extension FunctionTranslator {
  /// Translates the body of defined function `index` where it is called. Its `return` goes to the
  /// end of its outermost block, where its results are, and code goes on behind the call.
  mutating func inlineCall(_ index: UInt32) throws(ModuleError) {
    let type = unit.signature(ofFunction: index).type
    let arguments = popMany(type.parameters.count)
    let caller = activation
    activation = Activation(
      index: index, reader: caller.reader, outermostFrame: frames.count,
      inlining: numberInlining(in: caller))
    for (type, argument) in zip(type.parameters, arguments) { addLocal(type, argument) }
    try addDeclaredLocals()
    openFrame(.block, .init(parameters: [], results: type.results))
    try translateInstructions()
    activation = caller
  }
}
