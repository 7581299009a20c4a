// A skeleton says of a module what the module says, without its bodies.

import Testing

@testable import WasmModule

@Suite struct ModuleSkeletonTests {
  /// (type [] -> []) (func) (memory 1) (export "f") with a body, an active and, where `counts`, a
  /// passive segment with a data count; then a name section and another custom one.
  private static func module(counts: Bool) -> [UInt8] {
    var bytes: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    func section(_ id: UInt8, _ content: [UInt8]) { bytes += [id, UInt8(content.count)] + content }
    section(1, [1, 0x60, 0, 0])
    section(3, [1, 0])
    section(5, [1, 0, 1])
    section(7, [1, 1, 0x66, 0, 0])
    if counts { section(12, [2]) }
    section(10, [1, 3, 0, 0x01, 0x0B])
    section(11, counts ? [2, 0, 0x41, 5, 0x0B, 2, 7, 8, 1, 1, 9] : [1, 0, 0x41, 5, 0x0B, 2, 7, 8])
    section(0, [1, 0x78, 1, 2, 3])
    section(0, [4] + Array("name".utf8) + [1, 4, 1, 0, 1, 0x67])
    return bytes
  }

  private static func skeleton(
    counts: Bool, withoutActiveData: Bool
  ) throws -> (skeleton: ModuleSkeleton, module: Module) {
    let skeleton = try module(counts: counts).withUnsafeBytes { bytes in
      try Module.decode(bytes).skeleton(bytes: bytes, withoutActiveData: withoutActiveData)
    }
    return (skeleton, try skeleton.bytes.withUnsafeBytes { try Module.decode(skeleton: $0) })
  }

  @Test(arguments: [false, true], [false, true])
  func declarationsStay(counts: Bool, withoutActiveData: Bool) throws {
    let (skeleton, module) = try Self.skeleton(
      counts: counts, withoutActiveData: withoutActiveData)
    #expect(module.functions == [0] && module.bodies.isEmpty)
    #expect(module.definedFunctionCount == 1 && module.referencedFunctions == [0])
    #expect(module.memories.count == 1 && module.exports.map(\.name) == ["f"])
    #expect(module.dataCount == (counts ? 2 : nil))
    #expect(module.customSections.map(\.name) == ["name"])
    skeleton.bytes.withUnsafeBytes {
      #expect(module.functionNames(bytes: $0).name(of: 0) == "g")
    }
    #expect(skeleton.namesOffset < skeleton.bytes.count)
  }

  @Test func activeDataStaysWhereItIsWanted() throws {
    let (skeleton, module) = try Self.skeleton(counts: false, withoutActiveData: false)
    #expect(module.data.map { Array(skeleton.bytes[$0.bytes]) } == [[7, 8]])
  }

  @Test func withoutADataCountNobodyCanNameSegments() throws {
    #expect(try Self.skeleton(counts: false, withoutActiveData: true).module.data.isEmpty)
  }

  @Test func withADataCountPlacesStay() throws {
    let (skeleton, module) = try Self.skeleton(counts: true, withoutActiveData: true)
    #expect(module.data.map { Array(skeleton.bytes[$0.bytes]) } == [[], [9]])
  }

  @Test func aWholeModuleStillNeedsItsBodies() throws {
    let skeleton = try Self.skeleton(counts: false, withoutActiveData: false).skeleton
    #expect(throws: ModuleError.self) {
      try skeleton.bytes.withUnsafeBytes { _ = try Module.decode($0) }
    }
  }
}
