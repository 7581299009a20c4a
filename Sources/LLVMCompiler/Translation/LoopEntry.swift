// On-stack replacement: a function that is entered at the head of one of its loops.
//
// The body is translated as ever, but nothing leads to its beginning, which LLVM removes. Instead
// the function's entry takes all locals out of the argument area and goes to the loop's head. That
// is possible where nothing but locals flows into the loop: no operand waits below it, and no
// exception that a `catch` around it could throw again.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// The loop that a function is entered at.
struct LoopEntry {
  /// The loop's place among the `loop` instructions of the body.
  let place: Int
  /// Where control arrives, with all locals stored.
  let arrival: LLVMBasicBlockRef
  /// `loop` instructions seen so far.
  var seen = 0
  /// Whether the loop was found, and can be entered.
  var isEntered = false
}

extension FunctionTranslator {
  /// Translates what is left of the function from the loop on. False where it cannot be entered
  /// there; then the definition is worth nothing.
  mutating func translateFromLoop() throws(CompilationError) -> Bool {
    do throws(ModuleError) {
      guard try arrive() else { return false }
      try translateInstructions()
      finishRoots()
      return loopEntry?.isEntered ?? false
    } catch {
      throw .invalid(error)
    }
  }

  /// Takes the locals out of the argument area, then begins the body where nothing leads to. False
  /// where the area does not hold so many.
  private mutating func arrive() throws(ModuleError) -> Bool {
    let area = argumentArea()
    for type in unit.signature(ofFunction: activation.index).type.parameters {
      loadLocal(type, area)
    }
    var declarations = try LocalDeclarations(
      bytes: program.bytes, body: program.module.body(of: activation.index))
    while let group = try declarations.next() {
      guard activation.locals.count + Int(group.count) <= CallingConvention.maximumArity else {
        return false
      }
      for _ in 0..<group.count { loadLocal(group.type, area) }
    }
    activation.reader = declarations.instructions
    begin(builder.newBlock(in: function))
    openFrame(.block, .init(parameters: [], results: signature.type.results))
    return true
  }

  private mutating func loadLocal(_ type: ValueType, _ area: LLVMValueRef) {
    let offset = activation.locals.count * CallingConvention.areaSlotByteCount
    addLocal(type, loadArea(type, area, offset))
  }

  /// Counts a loop that is never reached, and so never entered.
  mutating func passUnreachableLoop() {
    if !activation.isInlined { loopEntry?.seen += 1 }
  }

  /// Counts the loop whose head is `head`; if it is the one, the function's entry goes there.
  mutating func enter(loopAt head: LLVMBasicBlockRef, _ type: FunctionType) {
    guard let entry = loopEntry, !activation.isInlined else { return }
    loopEntry?.seen += 1
    guard entry.seen == entry.place, type.parameters.isEmpty, stack.isEmpty,
      !frames.contains(where: { $0.kind == .catch })
    else { return }
    builder.position(atEndOf: entry.arrival)
    builder.branch(head)
    loopEntry?.isEntered = true
  }
}
