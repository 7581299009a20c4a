// Which instruction code is of, for images that say so (`CodegenOptions.notesPositions`).
//
// Traps are behind the body, and each serves all instructions that can end in it: that is the one
// thing that differs here, where every instruction has its own.

internal import CompilerInterface

/// Jumps of one instruction to a trap behind the body.
struct TrapJumps: BitwiseCopyable {
  enum Target: BitwiseCopyable {
    case trap(Int)
    case raise
    case mismatch
  }

  var target: Target
  var chain: Int32
  var wasmOffset: UInt32
}

extension FunctionCompiler {
  /// The code from here on is of the instruction that the reader is at.
  @inline(never)
  mutating func beginInstruction() {
    setTrapJumpsAside()
    let start = UnsafeRawPointer(tables.bytes.baseAddress!)
    instructionOffset = UInt32(truncatingIfNeeded: UnsafeRawPointer(reader.next) - start)
    notePosition(instructionOffset)
  }

  /// The code from here on is of the instruction at `wasmOffset`. What was noted for code that is not
  /// there, or no longer, is forgotten.
  mutating func notePosition(_ wasmOffset: UInt32) {
    while let last = positions.last, Int(last.codeOffset) >= code.position {
      positions.removeLast()
    }
    guard positions.last?.wasmOffset != wasmOffset else { return }
    positions.append(
      PositionRecord(
        codeOffset: UInt32(truncatingIfNeeded: code.position), wasmOffset: wasmOffset))
  }

  /// Takes the jumps to traps that the last instruction has made out of the chains of all.
  private mutating func setTrapJumpsAside() {
    for code in 1..<16 where trapChains[code] != 0 {
      setAside(.trap(code), trapChains[code])
      trapChains[code] = 0
    }
    if raiseChain != 0 { setAside(.raise, raiseChain) }
    if mismatchChain != 0 { setAside(.mismatch, mismatchChain) }
    (raiseChain, mismatchChain) = (0, 0)
  }

  private mutating func setAside(_ target: TrapJumps.Target, _ chain: Int32) {
    trapJumps.append(TrapJumps(target: target, chain: chain, wasmOffset: instructionOffset))
  }

  /// Behind the body: the traps of each instruction. What follows is the prologue's.
  mutating func emitTrapsApart() {
    setTrapJumpsAside()
    var index = 0
    while index < trapJumps.count {
      let wasmOffset = trapJumps[index].wasmOffset
      while index < trapJumps.count, trapJumps[index].wasmOffset == wasmOffset {
        switch trapJumps[index].target {
        case .trap(let code): trapChains[code] = trapJumps[index].chain
        case .raise: raiseChain = trapJumps[index].chain
        case .mismatch: mismatchChain = trapJumps[index].chain
        }
        index += 1
      }
      notePosition(wasmOffset)
      emitTraps()
      (raiseChain, mismatchChain) = (0, 0)
    }
    trapJumps.removeAll(keepingCapacity: true)
    notePosition(firstInstructionOffset)
  }
}
