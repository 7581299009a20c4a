// References that the collector has to see: they have slots of their own in a frame of roots.
//
// `CallingConvention` says what a frame of roots is. All that a body needs across a call is in the
// frame anyway, so the references among it only have to lie together: the locals first, then the
// operand slots by their place on the stack. How many of those there are is known at the body's end
// only, so they count upward from rsp, and code behind the body makes the frame. What a slot held
// before stays there, alive by being there. A body without calls needs none of this.

internal import CompilerInterface

extension FunctionCompiler {
  /// Bytes before the references: the parent and the count.
  private static let rootHeaderByteCount: Int32 = 16

  /// Decides whether the body has a frame of roots; its survey has been made.
  mutating func decideOnRoots() {
    (rootLocalCount, rootSlotCount) = (0, 0)
    usesRoots = false
    guard use.hasCall else { return }
    usesRoots = use.hasReferences
    for index in 0..<localCount where locals[index].kind == .reference { usesRoots = true }
  }

  /// Gives local `index` a place among the roots.
  mutating func placeRoot(_ index: Int) {
    locals[index].base = .rsp
    locals[index].slot = Self.rootHeaderByteCount + rootLocalCount * 8
    rootLocalCount += 1
  }

  /// Operand slot `index` among the roots.
  mutating func rootAddress(_ index: Int) -> Address {
    let place = rootLocalCount &+ Int32(truncatingIfNeeded: index)
    return Address(.rsp, Self.rootHeaderByteCount &+ place &* 8)
  }

  private var rootCount: Int32 { rootLocalCount + rootSlotCount }

  /// What the roots take of the machine frame.
  var rootByteCount: Int32 { usesRoots ? Self.rootHeaderByteCount + rootCount * 8 : 0 }

  /// Takes the frame of roots off, if there is one; its content may still be read. Changes r11 and
  /// r12, and no state of the compiler.
  mutating func takeOffRoots() {
    guard usesRoots else { return }
    restoreVMContext()
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.heap)))
    code.push(Address(.rsp, 0))
    code.pop(Address(.r11, 0))
  }

  /// The part of the prologue that makes the frame of roots, all of them null.
  mutating func emitRootFrame() {
    code.reserve()
    code.link(rootJump, to: code.position)
    let end = rootByteCount
    var place = Self.rootHeaderByteCount
    code.clearVector(.xmm15)
    if end - place > 512 {
      // A loop over 16 bytes each, upward to 0.
      let count = (end - place) / 16 * 16
      code.move(.r11, immediate: UInt64(bitPattern: Int64(-count)))
      let head = code.position
      code.vector(SSE.storeUnaligned, .xmm15, Address(.rsp, .r11, place + count))
      code.arithmetic(.add, true, .r11, immediate: 16)
      code.jump(if: .notEqual, backTo: head)
      place += count
    }
    while end - place >= 16 {
      code.vector(SSE.storeUnaligned, .xmm15, Address(.rsp, place))
      place += 16
    }
    if end - place == 8 { code.vector(SSE.storeDouble, .xmm15, Address(.rsp, place)) }
    code.store(true, Address(.rsp, 8), immediate: rootCount)
    code.load(true, .r11, Address(.r12, Int32(VMContextLayout.heap)))
    code.load(true, .rax, Address(.r11, 0))
    code.store(true, Address(.rsp, 0), .rax)
    code.store(true, Address(.r11, 0), .rsp)
    code.jump(backTo: rootJump + 4)
  }
}
