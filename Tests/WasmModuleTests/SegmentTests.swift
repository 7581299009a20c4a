// Element and data segments, constant expressions, and the functions that references are made of.

import Testing

@testable import WasmModule

@Suite struct SegmentTests {
  /// Two functions, a table of functions and one of externals, a memory, and the segments.
  private func module(elements: [[UInt8]] = [], data: [[UInt8]] = []) -> ModuleBytes {
    ModuleBytes().types(functionType()).functions(0, 0)
      .section(4, items: [[funcref, 0, 4], [externref, 0, 4]]).section(5, items: [[0, 1]])
      .section(9, items: elements).code(body([end]), body([end])).section(11, items: data)
  }

  private let zero = op(.i32Const, 0) + [end]

  @Test func allFormsOfElementSegments() throws {
    let first = op(.refFunc, 0) + [end]
    let null = op(.refNull, funcref) + [end]
    let module = module(elements: [
      [0] + zero + [2, 0, 1],
      [1, 0, 1, 1],
      [2, 0] + zero + [0, 1, 0],
      [3, 0, 1, 1],
      [4] + zero + [2] + first + null,
      [5, funcref, 1] + null,
      [6, 1] + zero + [externref, 1] + op(.refNull, externref) + [end],
      [7, funcref, 1] + first,
    ])
    expectValid(module)
    let elements = try module.decode().elements
    let modes = elements.map { segment in
      switch segment.mode {
      case .passive: "passive"
      case .active(let index, _): "active \(index)"
      case .declarative: "declarative"
      }
    }
    #expect(
      modes == [
        "active 0", "passive", "active 0", "declarative", "active 0", "passive", "active 1",
        "declarative",
      ])
    #expect(elements.map(\.items.count) == [2, 1, 1, 1, 2, 1, 1, 1])
    #expect(elements[6].type == .externref)
  }

  @Test func malformedElements() {
    expectRefused(module(elements: [[8]]), .malformed, "malformed elements segment kind")
    expectRefused(module(elements: [[1, 1, 0]]), .malformed, "malformed element kind")
    expectRefused(module(elements: [[5, i32, 0]]), .malformed, "malformed reference type")
    expectRefused(module(elements: [[5, funcref, 1, 0xF3, 0, end]]), .malformed, "illegal opcode")
  }

  @Test func invalidElements() {
    expectRefused(module(elements: [[2, 2] + zero + [0, 0]]), .invalid, "unknown table 2")
    expectRefused(module(elements: [[2, 1] + zero + [0, 0]]), .invalid, "type mismatch")
    expectRefused(module(elements: [[1, 0, 1, 2]]), .invalid, "unknown function 2")
    expectRefused(
      module(elements: [[5, funcref, 1] + op(.refFunc, 2) + [end]]), .invalid,
      "unknown function 2")
    expectRefused(
      module(elements: [[5, externref, 1] + op(.refFunc, 0) + [end]]), .invalid, "type mismatch")
    expectRefused(
      module(elements: [[0] + op(.i64Const, 0) + [end, 0]]), .invalid, "type mismatch")
  }

  @Test func allFormsOfDataSegments() throws {
    let module = module(data: [[0] + zero + [2, 7, 8], [1, 1, 9], [2, 0] + zero + [0]])
    expectValid(module)
    let decoded = try module.decode()
    #expect(decoded.data.map { Array(module.bytes[$0.bytes]) } == [[7, 8], [9], []])
  }

  @Test func refusedData() {
    expectRefused(module(data: [[3, 0]]), .malformed, "malformed data segment kind")
    expectRefused(module(data: [[2, 1] + zero + [0]]), .invalid, "unknown memory 1")
    expectRefused(module(data: [[1, 5, 0]]), .malformed, "unexpected end")
  }

  @Test func referencedFunctions() throws {
    let types = functionType()
    let bodies = Array(repeating: body(op(.refFunc, 5) + op(.drop) + [end]), count: 6)
    let module = ModuleBytes().types(types).section(3, items: Array(repeating: [0], count: 6))
      .section(4, items: [[funcref, 0, 4]])
      .section(6, items: [[funcref, 0] + op(.refFunc, 5) + [end]])
      .section(7, items: [encoded("f") + [0, 2]]).section(8, [4])
      .section(9, items: [[0] + zero + [2, 2, 0], [7, funcref, 1] + op(.refFunc, 0) + [end]])
      .section(10, items: bodies)
    expectValid(module)
    let decoded = try module.decode()
    // Neither the start function nor what bodies refer to counts.
    #expect(decoded.referencedFunctions == [0, 2, 5])
    #expect(decoded.referencePlace(of: 2) == 1 && decoded.referencePlace(of: 4) == nil)
  }
}
