// From a body's instructions to LLVM IR: the state, the dispatch, and the function's edges.
//
// The instructions' families are in extensions, one file each. Bodies are validated already, so
// operands are popped without checks.

internal import CLLVM
internal import CompilerInterface
internal import WasmModule

/// Translates one body. Locals are stack slots, which LLVM turns into values (mem2reg); within a
/// straight run of code the last known value of each is used at once.
struct FunctionTranslator {
  let unit: UnitModule
  let program: Program
  let builder: IRBuilder
  let types: IRTypes
  let alias: AliasTags
  let inlining: InliningPlan
  let function: LLVMValueRef
  private let functionIndex: UInt32
  let signature: Signature
  /// The instance that the function belongs to.
  let vmctx: LLVMValueRef
  var activation: Activation

  /// Operands, the top last. All v128 are `<2 x i64>`.
  var stack: [LLVMValueRef] = []
  var frames: [ControlFrame] = []
  /// All that there have been in the function.
  var handlers: [Handler] = []
  /// Where exceptions go that a call ends with: an index in `handlers`; nil: to the callers.
  var activeHandler: Int?
  /// False behind a branch that is always taken, until the block's `else` or `end`.
  var isReachable = true
  /// Blocks opened in unreachable code.
  var skippedBlocks = 0

  /// Changes whenever control may come from elsewhere, so that remembered values hold no more.
  var run = 0

  /// Ends with the branch to the body; values that hold in the whole function are made in it.
  let entry: LLVMBasicBlockRef
  var entryEnd: LLVMValueRef
  var memoryBases: [LLVMValueRef?]
  /// Where global 0's value is as this function knows it; nil where it is not passed.
  var globalZeroSlot: LLVMValueRef?
  /// By `TrapCode`.
  var trapBlocks: [LLVMBasicBlockRef?] = Array(repeating: nil, count: 32)

  /// What the positions of instructions are noted in; nil where they are not.
  private let scope: LLVMMetadataRef?
  /// The position of the current instruction.
  private var location: LLVMMetadataRef?
  private var instructionOffset = 0

  var roots = RootFrame()

  /// Where a loop's head is to be the way in; nil: the body's beginning is.
  var loopEntry: LoopEntry?

  /// Begins the definition of `function`, whose declaration is in `unit`: function `index`, or what
  /// is left of it from its loop `loop` on.
  init(
    _ unit: UnitModule, _ inlining: InliningPlan, index: UInt32, function: LLVMValueRef,
    enteredAt loop: Int? = nil
  ) {
    self.unit = unit
    program = unit.program
    builder = unit.builder
    types = unit.types
    alias = unit.alias
    self.inlining = inlining
    self.function = function
    functionIndex = index
    signature =
      loop == nil ? unit.signature(ofFunction: index) : unit.signature(ofLoopIn: index)
    vmctx = LLVMGetParam(function, 0)
    activation = Activation(
      index: index, reader: InstructionReader(bytes: program.bytes, range: 0..<0),
      outermostFrame: 0)
    memoryBases = Array(repeating: nil, count: program.memories.count)
    let offset = program.module.body(of: index).bytes.lowerBound
    scope = unit.positions?.begin(function, at: offset)
    location = scope.flatMap { unit.positions?.location(offset, inlining: 0, in: $0) }
    builder.locate(location)
    entry = builder.newBlock(in: function)
    let body = builder.newBlock(in: function)
    builder.position(atEndOf: entry)
    builder.branch(body)
    entryEnd = LLVMGetBasicBlockTerminator(entry)
    builder.position(atEndOf: body)
    loopEntry = loop.map { LoopEntry(place: $0, arrival: body) }
  }

  /// Translates the whole body.
  mutating func translate() throws(CompilationError) {
    do throws(ModuleError) {
      try beginFunction()
      try translateInstructions()
      finishRoots()
    } catch {
      throw .invalid(error)
    }
  }

  /// Translates the instructions of the activation's body.
  mutating func translateInstructions() throws(ModuleError) {
    while !activation.reader.isAtEnd {
      let instruction = try activation.reader.next()
      if scope != nil { notePosition(of: instruction) }
      if isReachable {
        try translate(instruction)
      } else {
        try skip(instruction)
      }
    }
  }

  /// What is made from here on is of `instruction`, which shares no trap with another.
  private mutating func notePosition(of instruction: Instruction) {
    guard let scope, let positions = unit.positions else { return }
    instructionOffset = instruction.offset
    location = positions.location(
      instructionOffset, inlining: activation.inlining, in: scope)
    builder.locate(location)
    for code in trapBlocks.indices where trapBlocks[code] != nil { trapBlocks[code] = nil }
  }

  /// The number of the body that is put in place of the current instruction, a call in `caller`.
  func numberInlining(in caller: Activation) -> UInt32 {
    guard scope != nil else { return 0 }
    return unit.addInlining(
      ofCallAt: UInt32(instructionOffset), in: caller.inlining, functionIndex)
  }

  /// Goes back to the end of `block`, after having been elsewhere.
  func goBack(to block: LLVMBasicBlockRef) {
    builder.position(atEndOf: block)
    if scope != nil { builder.locate(location) }
  }

  /// Where instructions share no trap, keeps LLVM from making one of the trap that is made next and
  /// others: by nothing, in a form that differs. (`nomerge` counts for calls only.)
  func keepApart() {
    guard let location else { return }
    let type = types.function(types.void, [types.i64])
    let nothing = LLVMGetInlineAsm(
      type, "", 0, "i", 1, 1, 0, LLVMInlineAsmDialectATT, 0)
    let place =
      UInt64(LLVMDILocationGetColumn(location)) << 32 | UInt64(LLVMDILocationGetLine(location))
    _ = builder.call(type, nothing!, [types.i64(place)])
  }

  // MARK: The function's edges.

  /// Takes the parameters out of registers and argument area, and opens the outermost block.
  private mutating func beginFunction() throws(ModuleError) {
    var register: UInt32 = 2
    var area: LLVMValueRef?
    for (type, location) in zip(signature.type.parameters, signature.convention.parameters) {
      switch location {
      case .register:
        addLocal(type, LLVMGetParam(function, register))
        register += 1
      case .area(let offset):
        let base = area ?? argumentArea()
        area = base
        addLocal(type, loadArea(type, base, offset))
      }
    }
    beginGlobalZero()
    try addDeclaredLocals()
    openFrame(.block, .init(parameters: [], results: signature.type.results))
  }

  /// Adds the locals that the activation's body declares, zero whenever the body is entered, and
  /// moves the reader behind the declarations.
  mutating func addDeclaredLocals() throws(ModuleError) {
    var declarations = try LocalDeclarations(
      bytes: program.bytes, body: program.module.body(of: activation.index))
    while let group = try declarations.next() {
      let zero = types.zero(group.type)
      for _ in 0..<group.count { addLocal(group.type, zero) }
    }
    activation.reader = declarations.instructions
  }

  mutating func addLocal(_ valueType: ValueType, _ value: LLVMValueRef) {
    let type = types.type(valueType)
    // In the entry block, where LLVM looks for slots that it can do without.
    let slot = inEntry { $0.builder.alloca(type) }
    builder.store(value, toStack: slot)
    activation.locals.append(LocalVariable(slot: slot, type: type, value: value, run: run))
    if type == types.reference { beginRooting(activation.locals.count - 1, value) }
  }

  /// Returns what the operand stack holds: the first result in a register, the others in the area.
  mutating func emitReturn() {
    let results = popMany(signature.type.results.count)
    storeResults(results)
    let last =
      if let first = results.first { builder.return(first) } else { builder.returnVoid() }
    roots.exits.append(last)
  }

  /// Makes something in the entry block, so that it holds everywhere in the function.
  mutating func inEntry(_ make: (inout Self) -> LLVMValueRef) -> LLVMValueRef {
    let here = builder.block
    builder.position(before: entryEnd)
    let value = make(&self)
    goBack(to: here)
    return value
  }

  // MARK: Operands.

  mutating func push(_ value: LLVMValueRef) { stack.append(value) }

  mutating func pop() -> LLVMValueRef { stack.removeLast() }

  /// The topmost `count` operands, the deepest first.
  mutating func popMany(_ count: Int) -> [LLVMValueRef] {
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  /// The two topmost operands in the order in which they were pushed.
  mutating func popPair() -> (LLVMValueRef, LLVMValueRef) {
    let second = pop()
    return (pop(), second)
  }

  /// An `i1` that is true where the i32 on top is not zero; takes it off.
  mutating func popCondition() -> LLVMValueRef {
    let value = pop()
    // The result of a comparison is a widened i1: use that instead of comparing again.
    if LLVMIsAZExtInst(value) != nil {
      let narrow: LLVMValueRef = LLVMGetOperand(value, 0)
      if LLVMTypeOf(narrow) == types.i1 { return narrow }
    }
    return builder.compare(LLVMIntNE, value, types.i32(0))
  }

  /// Pushes an `i1` as the i32 0 or 1.
  mutating func push(condition: LLVMValueRef) {
    push(builder.cast(LLVMZExt, condition, to: types.i32))
  }

  func intrinsic(
    _ name: String, _ overloads: [LLVMTypeRef], _ arguments: [LLVMValueRef]
  ) -> LLVMValueRef {
    let callable = unit.intrinsic(name, overloads)
    return builder.call(callable.type, callable.function, arguments)
  }
}
