// What a user can choose about code generation; all of it is part of the cache key.

package import WasmModule

/// Options that change the code that a compiler makes.
package struct CodegenOptions: Hashable, Sendable {
  /// Pass memory 0's base between functions as a parameter, where the module qualifies.
  package var passParameters = true
  /// Reach memory 0 by the segment register GS where its base is no parameter and the memory is
  /// guarded (`SegmentBase`). The code needs `CPUFeatures.fsgsbase`; compilers refuse it without.
  package var usesSegmentBase = false
  /// Work that LLVM puts into optimising: 1-3.
  package var optimizationLevel = 2
  /// CPU features that the code may use.
  package var cpuFeatures: CPUFeatures = []
  /// The image says of all code which instruction it is of (`PositionRecord`), and instructions share
  /// no trap, so that of a trap this can be said, too.
  package var notesPositions = false
  /// Unsafe, and for measurements of LLVM's code alone: pass global 0's value between functions as a
  /// parameter, too. A caller takes it that the global is after a call what it was before, as it is of
  /// a stack pointer while nothing goes wrong.
  package var passesGlobalZero = false
  /// The baseline compiler's code puts garbage where the ABI allows it: for tests.
  package var poisonsUpperHalves = false

  package init() {}

  /// A number that differs for any two different values; in the image's header and in cache keys.
  package var fingerprint: UInt64 {
    (passesGlobalZero ? Self.globalZeroBit : 0)
      | cpuFeatures.rawValue << 8 | (poisonsUpperHalves ? 0x80 : 0) | (notesPositions ? 0x40 : 0)
      | UInt64(optimizationLevel) << 1 | (passParameters ? 1 : 0)
      | (usesSegmentBase ? Self.segmentBaseBit : 0)
  }

  private static let globalZeroBit: UInt64 = 1 << 63
  private static let segmentBaseBit: UInt64 = 1 << 62

  /// The options with this fingerprint; nil where there are none.
  package init?(fingerprint: UInt64) {
    passParameters = fingerprint & 1 != 0
    optimizationLevel = Int(fingerprint >> 1 & 0x1F)
    poisonsUpperHalves = fingerprint & 0x80 != 0
    notesPositions = fingerprint & 0x40 != 0
    passesGlobalZero = fingerprint & Self.globalZeroBit != 0
    usesSegmentBase = fingerprint & Self.segmentBaseBit != 0
    let others = Self.globalZeroBit | Self.segmentBaseBit
    cpuFeatures = CPUFeatures(rawValue: (fingerprint & ~others) >> 8)
    guard (1...3).contains(optimizationLevel) else { return nil }
  }

  /// Whether `module`'s bodies get memory 0's base as a parameter under these options.
  package func passesMemoryBase(_ module: Module) -> Bool {
    passParameters && !module.memories.isEmpty
  }

  /// The type of `module`'s global 0 where bodies get its value as a parameter under these options.
  package func passedGlobalZero(_ module: Module) -> ValueType? {
    guard passesGlobalZero, module.importedGlobalCount == 0, let type = module.globals.first?.type,
      type.isMutable, type.value == .i32 || type.value == .i64
    else { return nil }
    return type.value
  }
}

extension MemoryType {
  /// Whether every address that code can form lies in the memory's reservation, so that an access
  /// outside of the memory faults and needs no check. Else accesses compare with the length.
  package var isGuarded: Bool { !limits.is64Bit && pageSizeLog2 == 16 }
}

/// x86-64 features that compiled code may use. SSE4.1 (x86-64-v2) is required of every machine.
package struct CPUFeatures: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let sse41 = CPUFeatures(rawValue: 1 << 0)
  package static let sse42 = CPUFeatures(rawValue: 1 << 1)
  package static let popcnt = CPUFeatures(rawValue: 1 << 2)
  package static let lzcnt = CPUFeatures(rawValue: 1 << 3)
  package static let bmi = CPUFeatures(rawValue: 1 << 4)
  package static let bmi2 = CPUFeatures(rawValue: 1 << 5)
  package static let avx = CPUFeatures(rawValue: 1 << 6)
  package static let avx2 = CPUFeatures(rawValue: 1 << 7)
  package static let fma = CPUFeatures(rawValue: 1 << 8)
  package static let ssse3 = CPUFeatures(rawValue: 1 << 9)
  /// Programs may read and write the bases of FS and GS.
  package static let fsgsbase = CPUFeatures(rawValue: 1 << 10)

  /// Each feature with LLVM's name for it.
  package static let names: [(CPUFeatures, String)] = [
    (.ssse3, "ssse3"), (.sse41, "sse4.1"), (.sse42, "sse4.2"), (.popcnt, "popcnt"),
    (.lzcnt, "lzcnt"), (.bmi, "bmi"), (.bmi2, "bmi2"), (.avx, "avx"), (.avx2, "avx2"),
    (.fma, "fma"), (.fsgsbase, "fsgsbase"),
  ]
}
