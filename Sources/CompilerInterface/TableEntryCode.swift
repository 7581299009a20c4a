// What a table entry does before it goes on in the body: it sets what the body gets from its callers
// within the instance, but not from others.

package import WasmModule

extension CodegenOptions {
  /// The code of `module`'s table entries under these options; empty where bodies are their own.
  package func tableEntryCode(_ module: Module, _ layout: VMContextLayout) -> [UInt8] {
    var code: [UInt8] = []
    if passedGlobalZero(module) != nil {
      code += Self.loadsGlobalZero
      code += withUnsafeBytes(of: Int32(layout.globals[0]).littleEndian, Array.init)
    }
    let usesSegment = reachesMemoryBySegment(module)
    if passesMemoryBase(module) || usesSegment { code += Self.loadsMemoryBase }
    if usesSegment { code += Self.setsSegmentBase }
    return code
  }

  /// `mov rax, [r12 + offset]`, without the offset.
  private static let loadsGlobalZero: [UInt8] = [0x49, 0x8B, 0x84, 0x24]
  /// `mov r13, [r12]`
  private static let loadsMemoryBase: [UInt8] = [0x4D, 0x8B, 0x2C, 0x24]
  /// `wrgsbase r13`
  private static let setsSegmentBase: [UInt8] = [0xF3, 0x49, 0x0F, 0xAE, 0xDD]
}
