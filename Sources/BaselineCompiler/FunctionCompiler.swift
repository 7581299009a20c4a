// The compiler of bodies: its state, and a body's way from the first byte to the last.
//
// One walk over the body emits its code. Where operands are, is known at every moment: constants
// and reads of locals stay what they are until an instruction needs them in a register; results
// live in temporary registers, and go to their slots in the frame when registers run out, before
// calls, and where control joins. The locals that `LocalUse` finds worth it have a home register
// for the whole body. Which homes hold their local's value at a place (`resident`), and for which
// the slot in the frame is out of date (`dirty`), is all that a join of control has to agree on.
//
// Frame, downward from rbp: vmctx, m0 (both only where the body calls), locals, operand slots; at
// its lower end, where rsp points, the roots, if there are any (`Roots`).
// r11 and xmm15 are never allocated: every emitter may use them for a moment.

internal import CompileService
internal import CompilerInterface
internal import WasmModule

/// A parameter or declared local.
struct Local: BitwiseCopyable {
  var kind: ValueKind
  /// The register that it lives in for the whole body; `.none` where it lives in its slot.
  var home: Register
  /// What the slot's displacement counts from: rbp, or for roots rsp.
  var base: Register
  var slot: Int32
  /// Operands that stand for its present value.
  var pending: UInt32

  /// The slot.
  @inline(__always) var address: Address { Address(base, slot) }
}

/// A value on the operand stack.
struct Operand: BitwiseCopyable {
  enum Place: UInt8 {
    /// A scalar of `bits`.
    case constant
    /// A temporary register, which it owns.
    case register
    /// Whatever local `index` holds: it is not set as long as this operand exists.
    case local
    /// The operand slot `index`.
    case slot
  }

  var place: Place
  var kind: ValueKind
  var register: Register
  /// An i32 in a register whose upper half is not zero.
  var isUnclean: Bool
  var index: UInt32
  var bits: UInt64

  @inline(__always)
  static func constant(_ kind: ValueKind, _ bits: UInt64) -> Operand {
    Operand(
      place: .constant, kind: kind, register: .none, isUnclean: false, index: 0, bits: bits)
  }

  @inline(__always)
  static func register(_ register: Register, _ kind: ValueKind) -> Operand {
    Operand(place: .register, kind: kind, register: register, isUnclean: false, index: 0, bits: 0)
  }
}

/// A call whose distance is written when all functions have their place.
struct CallSite: BitwiseCopyable {
  var place: UInt32
  var function: UInt32
}

/// A constant that code loads from behind the function.
struct Literal: BitwiseCopyable {
  var low: UInt64
  var high: UInt64
  /// Where the distance to it is to be written.
  var place: Int32
}

/// Compiles bodies one after the other into one buffer; its buffers serve all of them.
///
/// Helpers are `mutating` even where they only read: Swift 6.3 copies the whole of a non-copyable
/// structure to inline a borrowing method into a mutating one.
struct FunctionCompiler: ~Copyable {
  let tables: ModuleTables
  let signatures: UnsafeMutablePointer<Signature>
  let functionTypes: UnsafeMutablePointer<UInt32>
  let features: CPUFeatures
  let passesMemoryBase: Bool
  /// Memory 0 is reached by GS.
  let usesSegmentBase: Bool
  /// r13 in sets of registers where it is m0 or nothing; none where it is a home like others.
  let memoryBaseBit: UInt32
  /// The region that the code is for; nil for an image.
  let region: CodeRegion?
  /// Calls go through the region's dispatch table.
  let isShared: Bool
  /// Entries and rounds of loops are counted.
  let counts: Bool
  /// It is noted which instruction code is of.
  let notesPositions: Bool

  var code = Assembler(capacity: 1 << 20)
  var use = LocalUse()
  var reader: BodyReader

  // MARK: The current body.
  /// By its index in the function index space.
  var function: UInt32 = 0
  var signature: Signature
  var locals: UnsafeMutablePointer<Local>
  var localCapacity = 1_024
  var localCount = 0
  var operands: UnsafeMutablePointer<Operand>
  var operandCapacity = 1_024
  var depth = 0
  var frames: UnsafeMutablePointer<ControlFrame>
  var frameCapacity = 256
  var frameCount = 0
  /// Set where the body has an instruction that this compiler does not have.
  var unsupportedOpcode: UInt32?

  // MARK: Registers.
  /// Temporary registers that nothing owns.
  var free: UInt32 = 0
  /// All temporary registers of this body.
  var temporaries: UInt32 = 0
  /// By register: the place on the operand stack of what owns it.
  let owners: UnsafeMutablePointer<Int32>
  /// By home register: its local.
  let homeLocals: UnsafeMutablePointer<UInt32>
  /// Homes that hold their local's value, and r12 and r13 where they are vmctx and m0.
  var resident: UInt32 = 0
  /// Resident homes whose slot is out of date.
  var dirty: UInt32 = 0

  // MARK: The frame.
  /// Bytes below rbp that operand slots begin at.
  var operandBase: Int32 = 0
  /// Bytes of an operand slot.
  var operandStride: Int32 = 8
  /// Operand slots that are used.
  var slotCount: Int32 = 0

  /// References have slots of their own, which the collector sees.
  var usesRoots = false
  /// Locals among the roots, and how many operand slots follow them.
  var rootLocalCount: Int32 = 0
  var rootSlotCount: Int32 = 0
  /// Where the prologue jumps to what makes the frame of roots.
  var rootJump = 0

  // MARK: Control.
  var loopDepth = 0
  var nextLoop = 0

  // MARK: Exceptions.
  var handlers: UnsafeMutablePointer<Handler>
  var handlerCapacity = 64
  var handlerCount = 0
  /// What catches the exceptions of a call here; -1 for nothing in this body.
  var activeHandler: Int32 = -1
  /// Calls in the body with their handlers.
  var guardedCalls: UnsafeMutablePointer<GuardedCalls>
  var guardedCallCapacity = 64
  var guardedCallCount = 0
  /// Calls of the helpers behind the body.
  var throwChain: Int32 = 0
  var resumeChain: Int32 = 0
  /// Of all bodies in the buffer.
  var pads: [PadRecord] = []

  // MARK: What is written behind the body.
  /// By `TrapCode`: the last of the jumps to its trap, each of which holds the place of the one
  /// before; 0 is the end.
  let trapChains: UnsafeMutablePointer<Int32>
  var raiseChain: Int32 = 0
  var mismatchChain: Int32 = 0
  var literals: UnsafeMutablePointer<Literal>
  var literalCapacity = 64
  var literalCount = 0
  var callSites: UnsafeMutablePointer<CallSite>
  var callSiteCapacity = 4_096
  var callSiteCount = 0
  /// Of all bodies in the buffer, where the code is for a region.
  var references: [RegionReference] = []

  // MARK: Which instruction code is of.
  /// Of all bodies in the buffer.
  var positions: [PositionRecord] = []
  /// Of the current body.
  var trapJumps: [TrapJumps] = []
  /// Where the current instruction and the body's first one are in the module.
  var instructionOffset: UInt32 = 0
  var firstInstructionOffset: UInt32 = 0

  // MARK: Loops that are counted.
  var hotLoops: UnsafeMutablePointer<HotLoop>
  var hotLoopCapacity = 64
  var hotLoopCount = 0

  /// For code of an image, or of `region`; there `counts` makes it count how hot it is.
  init(_ tables: ModuleTables, region: CodeRegion? = nil, counts: Bool = false) {
    self.tables = tables
    self.region = region
    isShared = region != nil
    self.counts = counts && region != nil
    notesPositions = tables.options.notesPositions && region == nil
    signatures = tables.types
    functionTypes = tables.functions
    features = tables.features
    passesMemoryBase = tables.passesMemoryBase
    usesSegmentBase = tables.segmentBase.isUsed
    memoryBaseBit = usesSegmentBase ? 0 : Register.r13.bit
    let start = UnsafeRawPointer(tables.bytes.baseAddress!).assumingMemoryBound(to: UInt8.self)
    reader = BodyReader(next: start, end: start)
    signature = Signature(
      parameters: tables.singleKinds, parameterCount: 0, results: tables.singleKinds,
      resultCount: 0)
    locals = .allocate(capacity: localCapacity)
    operands = .allocate(capacity: operandCapacity)
    frames = .allocate(capacity: frameCapacity)
    owners = .allocate(capacity: 32)
    owners.initialize(repeating: -1, count: 32)
    homeLocals = .allocate(capacity: 32)
    homeLocals.initialize(repeating: 0, count: 32)
    trapChains = .allocate(capacity: 16)
    trapChains.initialize(repeating: 0, count: 16)
    literals = .allocate(capacity: literalCapacity)
    callSites = .allocate(capacity: callSiteCapacity)
    handlers = .allocate(capacity: handlerCapacity)
    guardedCalls = .allocate(capacity: guardedCallCapacity)
    hotLoops = .allocate(capacity: hotLoopCapacity)
  }

  deinit {
    locals.deallocate()
    operands.deallocate()
    frames.deallocate()
    owners.deallocate()
    homeLocals.deallocate()
    trapChains.deallocate()
    literals.deallocate()
    callSites.deallocate()
    handlers.deallocate()
    guardedCalls.deallocate()
    hotLoops.deallocate()
  }

  // MARK: A body.

  /// Compiles the body of defined function `index`, which is valid, at the end of the buffer;
  /// returns its range there.
  mutating func compile(_ index: UInt32) throws(BaselineError) -> Range<Int> {
    function = index
    hotLoopCount = 0
    try begin(index)
    let start = code.position
    if notesPositions {
      beginInstruction()
      firstInstructionOffset = instructionOffset
    }
    let frameSize = emitPrologue()
    while !reader.isAtEnd {
      code.reserve()
      if notesPositions { beginInstruction() }
      if isReachable { translateNext() } else { skipNext() }
      if let opcode = unsupportedOpcode { throw unsupported(opcode, index) }
    }
    emitTail(frameSize)
    collectPads()
    return start..<code.position
  }

  /// False behind a branch that is always taken, until the block's `else` or `end`.
  var isReachable = true
  /// Blocks opened in unreachable code.
  var skippedBlocks = 0

  private mutating func begin(_ index: UInt32) throws(BaselineError) {
    signature = signatures[Int(functionTypes[Int(index)])]
    let body = tables.module.body(of: index)
    try readLocals(body)
    depth = 0
    (isReachable, skippedBlocks, loopDepth, nextLoop) = (true, 0, 0, 0)
    owners.update(repeating: -1, count: 32)
    (raiseChain, mismatchChain, literalCount, slotCount) = (0, 0, 0, 0)
    (handlerCount, activeHandler, guardedCallCount, throwChain, resumeChain) = (0, -1, 0, 0, 0)
    unsupportedOpcode = nil
    guard use.survey(reader, localCount: localCount, tables) else {
      throw .unsupported("an instruction of function \(index)")
    }
    decideOnRoots()
    chooseHomes()
    if use.mayHaveLoops { use.summarizeLoops(locals) }
    placeSlots()
    frameCount = 0
    pushFrame(
      ControlFrame(
        kind: .function, height: 0, labelKinds: signature.results,
        labelCount: signature.resultCount, resultKinds: signature.results,
        resultCount: signature.resultCount))
  }

  /// Reads the local declarations; the reader then is at the first instruction.
  private mutating func readLocals(_ body: FunctionBody) throws(BaselineError) {
    localCount = 0
    for place in 0..<signature.parameterCount { addLocals(1, signature.parameters[place]) }
    do throws(ModuleError) {
      var declarations = try LocalDeclarations(bytes: tables.bytes, body: body)
      while let run = try declarations.next() {
        addLocals(Int(run.count), ModuleTables.kind(of: run.type, in: tables.module))
      }
      let start = UnsafeRawPointer(tables.bytes.baseAddress!).assumingMemoryBound(to: UInt8.self)
      let instructions = declarations.instructions
      reader = BodyReader(next: start + instructions.position, end: start + instructions.end)
    } catch {
      throw .invalid(error)
    }
  }

  private mutating func addLocals(_ count: Int, _ kind: ValueKind) {
    while localCount + count > localCapacity {
      locals = enlarged(locals, localCapacity)
      localCapacity *= 2
    }
    let local = Local(kind: kind, home: .none, base: .rbp, slot: 0, pending: 0)
    (locals + localCount).initialize(repeating: local, count: count)
    localCount += count
  }

  private func unsupported(_ opcode: UInt32, _ index: UInt32) -> BaselineError {
    .unsupported("instruction 0x\(String(opcode, radix: 16)) in function \(index)")
  }

  /// Notes that the instruction is one that this compiler does not have.
  @inline(never)
  mutating func markUnsupported(_ opcode: UInt32) { unsupportedOpcode = opcode }
}
