// Which locals live in registers, and where the others are in the frame.

internal import CompilerInterface

/// The registers by what they are used for. See `CallingConvention` for the first lists.
enum RegisterRoles {
  /// Where integer parameter `index` arrives.
  @inline(__always)
  static func integerParameter(_ index: Int) -> Register {
    // A nibble each: 14, 15, 7, 6, 2, 1, 8, 9.
    let order: UInt64 = 0x9812_67FE
    return Register(
      UInt8(truncatingIfNeeded: order &>> (UInt64(truncatingIfNeeded: index) &* 4) & 15))
  }

  @inline(__always)
  static func vectorParameter(_ index: Int) -> Register { .xmm(UInt8(truncatingIfNeeded: index)) }

  /// What can be a home: not the registers that divisions, shifts and results need. r13 can, too,
  /// where GS has memory 0's base.
  static let generalHomes: UInt32 =
    Register.r14.bit | Register.r15.bit | Register.rdi.bit | Register.rsi.bit | Register.r8.bit
    | Register.r9.bit | Register.rbx.bit
  static let vectorHomes: UInt32 = 0x01FE_0000  // xmm1 to xmm8
  /// Never homes; r11 and xmm15 are nobody's.
  static let generalTemporaries: UInt32 =
    Register.rax.bit | Register.rcx.bit | Register.rdx.bit | Register.r10.bit
  static let vectorTemporaries: UInt32 = 0x7E01_0000  // xmm0, xmm9 to xmm14
  /// What a C function leaves as it was.
  static let preservedByC: UInt32 =
    Register.rbx.bit | Register.r12.bit | Register.r13.bit | Register.r14.bit | Register.r15.bit
}

/// A local that may get a home.
private struct Candidate: BitwiseCopyable {
  var local: UInt32
  var weight: UInt32
}

extension FunctionCompiler {
  // MARK: Homes.

  /// Gives the most used locals of either kind the registers there are. A parameter stays in the
  /// register that it arrives in if that one can be a home.
  mutating func chooseHomes() {
    free = RegisterRoles.generalTemporaries | RegisterRoles.vectorTemporaries
    let homes = RegisterRoles.generalHomes | (usesSegmentBase ? Register.r13.bit : 0)
    let general = chooseHomes(from: homes, vector: false)
    let vector = chooseHomes(from: RegisterRoles.vectorHomes, vector: true)
    free |= general | vector
    temporaries = free
    resident = Register.r12.bit | (passesMemoryBase ? Register.r13.bit : 0)
    dirty = 0
  }

  /// Returns the homes that nobody needs.
  private mutating func chooseHomes(from homes: UInt32, vector: Bool) -> UInt32 {
    let limit = homes.nonzeroBitCount
    return withUnsafeTemporaryAllocation(of: Candidate.self, capacity: limit) { best in
      var count = 0
      for index in 0..<localCount where locals[index].kind.isVector == vector {
        let weight = use.weights[index]
        // A declared local that is met once is as well off in its slot.
        if weight == 0 || weight < 2 && index >= signature.parameterCount { continue }
        if count == limit, weight <= best[count - 1].weight { continue }
        var place = count == limit ? count - 1 : count
        while place > 0, best[place - 1].weight < weight {
          best[place] = best[place - 1]
          place -= 1
        }
        best[place] = Candidate(local: UInt32(index), weight: weight)
        count = min(count + 1, limit)
      }
      return assign(homes, UnsafeMutableBufferPointer(rebasing: best[..<count]))
    }
  }

  private mutating func assign(
    _ homes: UInt32, _ chosen: UnsafeMutableBufferPointer<Candidate>
  ) -> UInt32 {
    var left = homes
    for candidate in chosen {
      let arrival = arrivalRegister(Int(candidate.local))
      guard arrival != .none, left & arrival.bit != 0 else { continue }
      left &= ~arrival.bit
      setHome(arrival, Int(candidate.local))
    }
    for candidate in chosen where locals[Int(candidate.local)].home == .none {
      let home = Register(UInt8(left.trailingZeroBitCount))
      left &= ~home.bit
      setHome(home, Int(candidate.local))
    }
    return left
  }

  private mutating func setHome(_ home: Register, _ local: Int) {
    locals[local].home = home
    homeLocals[Int(home.code)] = UInt32(truncatingIfNeeded: local)
  }

  /// The register that parameter `index` arrives in; `.none` for what comes through the argument
  /// area, and for declared locals.
  private mutating func arrivalRegister(_ index: Int) -> Register {
    guard index < signature.parameterCount else { return .none }
    let isVector = signature.parameters[index].isVector
    var place = 0
    for other in 0..<index where signature.parameters[other].isVector == isVector { place += 1 }
    guard place < 8 else { return .none }
    return isVector
      ? RegisterRoles.vectorParameter(place) : RegisterRoles.integerParameter(place)
  }

  // MARK: Slots.

  /// Where vmctx and m0 are kept across calls.
  static var vmctxSlot: Address { Address(.rbp, -8) }
  static var memoryBaseSlot: Address { Address(.rbp, -16) }

  /// Gives every local a slot.
  mutating func placeSlots() {
    var offset: Int32 = 16
    for index in 0..<localCount {
      if usesRoots, locals[index].kind == .reference {
        placeRoot(index)
        continue
      }
      offset += locals[index].kind == .v128 ? 16 : 8
      locals[index].slot = -offset
    }
    operandBase = offset
    operandStride = tables.hasVectors || use.hasVectorInstruction ? 16 : 8
  }
}
