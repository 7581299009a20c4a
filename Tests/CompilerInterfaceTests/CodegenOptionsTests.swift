// Options and their number in cache keys.

import CompilerInterface
import Testing
import WasmModule

@Suite struct CodegenOptionsTests {
  /// Different options never share a fingerprint. (Elsewhere, images made with other options
  /// collided.)
  @Test func fingerprintsDiffer() {
    var seen: Set<UInt64> = []
    var count = 0
    for (passParameters, notesPositions, usesSegmentBase) in [
      (true, true, false), (true, false, false), (false, true, false), (false, false, false),
      (false, false, true), (true, true, true),
    ] {
      for level in 1...3 {
        for features in 0..<(1 << CPUFeatures.names.count) {
          var options = CodegenOptions()
          options.passParameters = passParameters
          options.notesPositions = notesPositions
          options.usesSegmentBase = usesSegmentBase
          options.optimizationLevel = level
          options.cpuFeatures = CPUFeatures(rawValue: UInt64(features))
          seen.insert(options.fingerprint)
          count += 1
          #expect(CodegenOptions(fingerprint: options.fingerprint) == options)
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test func passingGlobalZeroCounts() {
    var options = CodegenOptions()
    let usual = options.fingerprint
    options.passesGlobalZero = true
    options.cpuFeatures = [.sse41, .avx2]
    #expect(options.fingerprint != usual)
    #expect(CodegenOptions(fingerprint: options.fingerprint) == options)
  }

  @Test func whoPassesTheMemoryBase() {
    var options = CodegenOptions()
    var module = Module()
    #expect(!options.passesMemoryBase(module))
    module.memories = [MemoryType(limits: Limits(minimum: 0, is64Bit: true))]
    #expect(options.passesMemoryBase(module))
    module.memories = [MemoryType(limits: Limits(minimum: 0))]
    #expect(options.passesMemoryBase(module))
    options.passParameters = false
    #expect(!options.passesMemoryBase(module))
  }

  /// GS is for memories that need no checks, where nothing passes the base.
  @Test func whatIsReachedBySegment() {
    var options = CodegenOptions()
    options.usesSegmentBase = true
    var module = Module()
    module.memories = [MemoryType(limits: Limits(minimum: 0))]
    #expect(!options.reachesMemoryBySegment(module))
    options.passParameters = false
    #expect(options.reachesMemoryBySegment(module))
    module.memories.insert(MemoryType(limits: Limits(minimum: 0, is64Bit: true)), at: 0)
    #expect(!options.reachesMemoryBySegment(module))
    #expect(!options.reachesMemoryBySegment(Module()))
    #expect(options.contradiction != nil)
    options.cpuFeatures.insert(.fsgsbase)
    #expect(options.contradiction == nil)
  }

  @Test func whichMemoriesAreGuarded() {
    #expect(MemoryType(limits: Limits(minimum: 0)).isGuarded)
    #expect(!MemoryType(limits: Limits(minimum: 0), pageSizeLog2: 0).isGuarded)
    #expect(!MemoryType(limits: Limits(minimum: 0, is64Bit: true)).isGuarded)
  }
}
