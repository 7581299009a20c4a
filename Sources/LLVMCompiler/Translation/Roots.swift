// What the collector has to know of a running function: a frame of roots on its stack.
//
// `CallingConvention` says what a frame is. Locals that are references have a place each, written
// wherever they are set; operands have a place for each height of the operand stack, written before
// a call during which they wait. Whether the function needs a frame, and how large a one, is known
// at its end only, so its making and its taking off are put in then.

internal import CLLVM
internal import CompilerInterface

/// A function's frame of roots in the making.
struct RootFrame {
  /// Stands in for the frame's address until its size is known; made at the first use.
  var frame: LLVMValueRef?
  var count = 0
  /// The places of operands, by height.
  var operands: [Int?] = []
  /// What the places of operands hold, if `run` is still the translator's.
  var published: [(value: LLVMValueRef, run: Int)?] = []
  /// Stores to places, of no use if there is no frame.
  var stores: [LLVMValueRef] = []
  /// Whether anything is called while the frame is there.
  var isNeeded = false
  /// The instructions that leave the function: returns and tail calls.
  var exits: [LLVMValueRef] = []

  /// Bytes before the references: the parent and the count.
  static let headerByteCount = 16
}

extension FunctionTranslator {
  /// Gives local `index`, a reference that is `value` at first, its place.
  mutating func beginRooting(_ index: Int, _ value: LLVMValueRef) {
    let place = roots.count
    roots.count += 1
    activation.locals[index].root = place
    // All places are null when the function begins, but a body that is inlined may be entered again.
    if LLVMIsConstant(value) == 0 || activation.isInlined { storeRoot(value, place) }
  }

  /// Notes the new value of local `index`, if the collector follows it.
  mutating func rootLocal(_ index: Int, _ value: LLVMValueRef) {
    if let place = activation.locals[index].root { storeRoot(value, place) }
  }

  /// Notes the operands that wait while something is called which may collect.
  mutating func publishRoots() {
    roots.isNeeded = true
    for (height, value) in stack.enumerated()
    where LLVMTypeOf(value) == types.reference && LLVMIsConstant(value) == 0 {
      while roots.operands.count <= height {
        roots.operands.append(nil)
        roots.published.append(nil)
      }
      if let known = roots.published[height], known.value == value, known.run == run { continue }
      let place = roots.operands[height] ?? roots.count
      if place == roots.count { roots.count += 1 }
      roots.operands[height] = place
      roots.published[height] = (value, run)
      storeRoot(value, place)
    }
  }

  /// Gives `value`, an instruction in a block that may have gone on since, a place of its own.
  mutating func addRoot(_ value: LLVMValueRef) {
    // Making the frame moves the builder.
    _ = rootFrame()
    let here = builder.block
    if let next = LLVMGetNextInstruction(value) { builder.position(before: next) }
    storeRoot(value, roots.count)
    roots.count += 1
    goBack(to: here)
  }

  private mutating func storeRoot(_ value: LLVMValueRef, _ place: Int) {
    let frame = rootFrame()
    let address = builder.address(frame, plus: Self.offset(ofRoot: place))
    roots.stores.append(builder.store(value, address, alignment: 8, alias.roots))
  }

  private static func offset(ofRoot place: Int) -> Int { RootFrame.headerByteCount + 8 * place }

  private mutating func rootFrame() -> LLVMValueRef {
    if let frame = roots.frame { return frame }
    let frame = inEntry { $0.builder.alloca($0.types.pointer) }
    roots.frame = frame
    return frame
  }

  // MARK: At the function's end.

  /// Puts in what makes the frame and takes it off, or removes all trace of it.
  mutating func finishRoots() {
    guard roots.isNeeded, roots.count > 0 else {
      for store in roots.stores { LLVMInstructionEraseFromParent(store) }
      return
    }
    let standIn = rootFrame()
    builder.position(before: standIn)
    let byteCount = RootFrame.headerByteCount + 8 * roots.count
    let frame = builder.alloca(LLVMArrayType2(types.i64, UInt64(byteCount / 8)))
    LLVMSetAlignment(frame, 8)
    LLVMReplaceAllUsesWith(standIn, frame)
    LLVMInstructionEraseFromParent(standIn)
    roots.frame = frame

    builder.position(before: entryEnd)
    let heap = builder.loadInvariant(types.pointer, vmctx, at: VMContextLayout.heap)
    for place in 0..<roots.count {
      store(LLVMConstNull(types.reference), frame, Self.offset(ofRoot: place))
    }
    store(types.i64(roots.count), frame, 8)
    let parent = builder.load(types.pointer, heap, alignment: 8, alias.roots)
    store(parent, frame, 0)
    store(frame, heap, 0)
    for exit in roots.exits {
      builder.position(before: exit)
      let parent = builder.load(types.pointer, frame, alignment: 8, alias.roots)
      store(parent, heap, 0)
    }
  }

  private func store(_ value: LLVMValueRef, _ base: LLVMValueRef, _ offset: Int) {
    builder.store(value, builder.address(base, plus: offset), alignment: 8, alias.roots)
  }
}
