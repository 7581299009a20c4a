// Where errors are said to be, and the functions' names in them.

import Testing

@testable import WasmModule

@Suite struct ErrorTests {
  /// An import, a good function, and one that adds a float.
  private func module(names: [UInt8]) -> ModuleBytes {
    ModuleBytes().types(functionType())
      .section(2, items: [encoded("m") + encoded("f") + [0, 0]]).functions(0, 0)
      .code(
        body([end]), body(code(op(.i32Const, 0), op(.f32Const, 0, 0, 0, 0), op(.i32Add), op(.drop)))
      )
      .custom("name", names)
  }

  private func functionNames(_ names: [(UInt8, String)]) -> [UInt8] {
    let map = vector(names.map { [$0.0] + encoded($0.1) })
    return [1] + unsigned(map.count) + map
  }

  private func names(_ section: [UInt8], _ indices: ClosedRange<UInt32>) throws -> [String?] {
    let module = ModuleBytes().custom("name", section)
    return try module.bytes.withUnsafeBytes { bytes in
      let names = try Module.decode(bytes).functionNames(bytes: bytes)
      return indices.map { names.name(of: $0) }
    }
  }

  @Test func place() throws {
    let module = module(names: [])
    let error = try #require(module.refusal)
    #expect(error.functionIndex == 2)
    let add = try #require(module.bytes.lastIndex(of: 0x6A))
    #expect(error.offset == module.bytes.distance(from: 0, to: add))
    #expect(
      error.description == "type mismatch: i32.add expects i32, found f32 at byte 0x"
        + String(add, radix: 16) + " in function 2")
  }

  @Test func nameOfTheFunction() throws {
    let module = module(names: functionNames([(0, "f"), (1, "good"), (2, "ma\u{7}in")]))
    let error = try #require(module.refusal)
    let description = try module.bytes.withUnsafeBytes { bytes in
      error.description(names: try Module.decode(bytes).functionNames(bytes: bytes))
    }
    #expect(description.hasSuffix(" in function 'ma\\u{7}in' (2)"))
  }

  @Test func placeOutsideFunctions() {
    let error = ModuleError(.malformed, "magic header not detected", at: 0)
    #expect(error.description == "magic header not detected at byte 0x0")
  }

  @Test func names() throws {
    // The module's name before, the locals' names behind.
    let section =
      [0, 2] + encoded("m") + functionNames([(0, "a"), (2, "c"), (3, "")]) + [2, 1, 0]
    #expect(try names(section, 0...4) == ["a", nil, "c", nil, nil])
  }

  @Test func namesOutOfOrder() throws {
    let section = functionNames([(2, "c"), (0, "a"), (2, "again")])
    #expect(try names(section, 0...2) == ["a", nil, "c"])
  }

  @Test func nameThatIsNotUTF8() throws {
    #expect(try names([1, 4, 1, 0, 1, 0xFF], 0...0) == ["\u{FFFD}"])
  }

  @Test(
    arguments: [
      [1], [1, 9], [1, 2, 2, 0], [1, 4, 1, 0, 9, 0x61], [1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
      [2, 0x80],
    ] as [[UInt8]])
  func malformedSectionIsIgnored(section: [UInt8]) throws {
    #expect(try names(section, 0...1) == [nil, nil])
  }

  @Test func noNameSection() throws {
    try ModuleBytes().bytes.withUnsafeBytes { bytes in
      let names = try Module.decode(bytes).functionNames(bytes: bytes)
      #expect(names.name(of: 0) == nil)
    }
  }

  /// An error in one body leaves the validator fit for the next.
  @Test func validatorAfterAnError() throws {
    let module = module(names: [])
    try module.bytes.withUnsafeBytes { bytes in
      let decoded = try Module.decode(bytes)
      try decoded.validateDeclarations(bytes: bytes)
      var validator = try FunctionValidator(decoded, bytes: bytes)
      for _ in 0..<2 {
        var refused = false
        do throws(ModuleError) { try validator.validate(functionIndex: 2) } catch {
          refused = true
          #expect(error.functionIndex == 2)
        }
        #expect(refused)
        try validator.validate(functionIndex: 1)
      }
    }
  }
}
