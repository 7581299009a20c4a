// The header, and the rules about sections.

import Testing

@testable import WasmModule

@Suite struct SectionTests {
  @Test func emptyModule() throws {
    let module = try ModuleBytes().decode()
    #expect(module.functions.isEmpty && module.customSections.isEmpty)
  }

  @Test(arguments: [[], [0x00], [0x00, 0x61, 0x73], [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00]])
  func truncatedHeader(bytes: [UInt8]) {
    expectRefused(ModuleBytes(bytes: bytes), .malformed, "unexpected end")
  }

  @Test func otherFile() {
    let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1, 0]
    expectRefused(ModuleBytes(bytes: elf), .malformed, "magic header not detected")
  }

  @Test func otherVersion() {
    let bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x02, 0x00, 0x00, 0x00]
    expectRefused(ModuleBytes(bytes: bytes), .malformed, "unknown binary version")
  }

  @Test func component() throws {
    let module = ModuleBytes(bytes: [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00])
    let error = try #require(module.refusal)
    #expect(error.kind == .unsupported)
    #expect(error.message.contains("component"))
  }

  @Test(arguments: [14, 0x7F, 0x80] as [UInt8])
  func unknownSection(id: UInt8) {
    expectRefused(ModuleBytes().section(id, [0]), .malformed, "malformed section id")
  }

  @Test func sectionLongerThanTheModule() {
    let module = ModuleBytes(bytes: ModuleBytes().bytes + [1, 2, 0])
    expectRefused(module, .malformed, "length out of bounds")
  }

  @Test func sectionLongerThanItsContent() {
    expectRefused(ModuleBytes().section(1, [0, 0]), .malformed, "section size mismatch")
  }

  @Test func sectionShorterThanItsContent() {
    expectRefused(ModuleBytes().section(1, [1, 0x60, 0]), .malformed, "unexpected end")
  }

  /// Every pair of sections, in the prescribed order and against it.
  @Test func order() {
    let ids: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 9, 12, 10, 11]
    for (place, first) in ids.enumerated() {
      for (otherPlace, second) in ids.enumerated() {
        let module = ModuleBytes().section(first, [0]).section(second, [0])
        if place < otherPlace {
          expectValid(module)
        } else {
          expectRefused(module, .malformed, "unexpected content after last section")
        }
      }
    }
  }

  @Test func customSectionsAnywhere() throws {
    let module = try ModuleBytes().custom("a", [1]).section(1, [0]).custom("b", [])
      .section(3, [0]).custom("a", [2, 3]).decode()
    #expect(module.customSections.map(\.name) == ["a", "b", "a"])
    #expect(module.customSections.map(\.bytes.count) == [1, 0, 2])
  }

  @Test func customSectionWithoutName() {
    expectRefused(ModuleBytes().section(0, []), .malformed, "unexpected end")
    expectRefused(ModuleBytes().section(0, [2, 0x61]), .malformed, "length out of bounds")
    expectRefused(ModuleBytes().section(0, [1, 0xFF]), .malformed, "malformed UTF-8 encoding")
  }

  @Test func bodiesWithoutFunctions() {
    let message = "function and code section have inconsistent lengths"
    expectRefused(ModuleBytes().code(body([end])), .malformed, message)
    expectRefused(ModuleBytes().types(functionType()).functions(0), .malformed, message)
    let two = ModuleBytes().types(functionType()).functions(0).code(body([end]), body([end]))
    expectRefused(two, .malformed, message)
  }

  @Test func dataCount() throws {
    let passive: [UInt8] = [1, 0]
    #expect(
      try ModuleBytes().section(12, [1]).section(11, items: [passive]).decode().dataCount == 1)
    let message = "data count and data section have inconsistent lengths"
    expectRefused(ModuleBytes().section(12, [1]), .malformed, message)
    expectRefused(
      ModuleBytes().section(12, [2]).section(11, items: [passive]), .malformed, message)
    expectValid(ModuleBytes().section(12, [0]))
  }

  /// A count that the bytes cannot hold is refused before anything is allocated for it.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 9, 10, 11] as [UInt8])
  func hugeCount(id: UInt8) {
    let module = ModuleBytes().section(id, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
    expectRefused(module, .malformed, "unexpected end")
  }

  /// The first error in the file counts, though bodies are not read when the module is decoded.
  @Test func wrongBodySizeThatMakesSectionsUnreadable() {
    let truncated: [UInt8] = [0x00, 0x41, 0x80]
    let module = ModuleBytes().types(functionType()).functions(0)
      .code([UInt8(truncated.count)] + truncated).section(0x7D, [])
    expectRefused(module, .malformed, "unexpected end of section or function")
    #expect(module.refusal?.functionIndex == 0)
  }
}
