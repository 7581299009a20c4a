// The linker on objects put together by hand: layout, both kinds of calls, and what it refuses.

import CompilerInterface
import Testing

@Suite struct ImageLinkerTests {
  private static let returnCode: UInt8 = 0xC3
  private static let callCode: UInt8 = 0xE8

  /// An object with function `index`, which calls `callees`, each in an object of its own or here.
  private func object(_ index: UInt32, calling callees: UInt32...) -> LinkableObject {
    var object = LinkableObject()
    var code: [UInt8] = []
    for _ in callees { code += [Self.callCode, 0, 0, 0, 0] }
    code.append(Self.returnCode)
    var section = LinkableObject.Section(bytes: code, alignment: 16, isCode: true)
    object.symbols = [
      .init(
        name: .function(index),
        definition: .init(section: 0, offset: 0, byteCount: code.count, isGlobal: true))
    ]
    for (place, callee) in callees.enumerated() {
      let isOwn = callee == index
      if !isOwn { object.symbols.append(.init(name: .function(callee), definition: nil)) }
      section.relocations.append(
        .init(
          offset: place * 5 + 1, width: .bits32, symbol: isOwn ? 0 : object.symbols.count - 1,
          addend: -4))
    }
    object.sections = [section]
    return object
  }

  private static let tableEntryCode: [UInt8] = [1, 2, 3, 4, 5]

  private func link(
    _ objects: [LinkableObject], _ linkage: CallLinkage = .direct, imported: Int = 0,
    tableEntries: [Bool]
  ) throws -> LinkedText {
    try ImageLinker.link(
      objects, linkage, importedFunctionCount: imported, tableEntries: tableEntries,
      entryCode: Self.tableEntryCode)
  }

  /// Where the call at `offset` goes.
  private func callTarget(_ text: LinkedText, at offset: Int) throws -> Int {
    try #require(text.bytes[offset] == Self.callCode)
    return offset + 5 + Int(distance(text, at: offset + 1))
  }

  private func distance(_ text: LinkedText, at offset: Int) -> Int32 {
    text.bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Int32.self) }
  }

  // MARK: Layout.

  @Test func functionsAreAligned() throws {
    let text = try link([object(0), object(1), object(2)], tableEntries: [false, true, false])
    for case let record? in text.functions { #expect(record.body % 16 == 0) }
    #expect(text.functions.compactMap { $0?.byteCount } == [1, 1, 1])
  }

  /// Pads move with the code that they are for, and are in the text's order.
  @Test func pads() throws {
    var objects = [object(1), object(0)]
    for index in objects.indices {
      objects[index].pads = [
        .init(section: 0, start: 3, end: 4, pad: 9), .init(section: 0, start: 0, end: 2, pad: 7),
      ]
    }
    let text = try link(objects, tableEntries: [true, false])
    let starts = try [1, 0].map { try #require(text.functions[$0]).body }
    #expect(starts[0] < starts[1])
    #expect(
      text.pads
        == starts.flatMap { start in
          [
            PadRecord(start: start, end: start + 2, pad: start + 7),
            PadRecord(start: start + 3, end: start + 4, pad: start + 9),
          ]
        })
  }

  /// So do positions; inlinings of all objects stand in one list.
  @Test func positions() throws {
    var objects = [object(1), object(0)]
    for index in objects.indices {
      objects[index].positions = [
        .init(section: 0, offset: 0, wasmOffset: 40),
        .init(section: 0, offset: 2, wasmOffset: 30, inlining: 2),
      ]
      objects[index].inlinings = [.init(call: 20, outer: 0), .init(call: 21, outer: 1)]
    }
    let text = try link(objects, tableEntries: [true, false])
    let starts = try [1, 0].map { try #require(text.functions[$0]).body }
    #expect(
      text.positions
        == starts.enumerated().flatMap { place, start in
          [
            PositionRecord(codeOffset: start, wasmOffset: 40),
            PositionRecord(
              codeOffset: start + 2, wasmOffset: 30, inlining: UInt32(2 * place + 2)),
          ]
        })
    #expect(text.inlinings.map(\.call) == [20, 21, 20, 21])
    #expect(text.inlinings.map(\.outer) == [0, 1, 0, 3])
  }

  @Test func tableEntryFallsIntoTheBody() throws {
    let text = try link([object(0), object(1)], tableEntries: [true, false])
    let first = try #require(text.functions[0])
    #expect(Int(first.body - first.tableEntry) == Self.tableEntryCode.count)
    let entry = text.bytes[Int(first.tableEntry)..<Int(first.body)]
    #expect(Array(entry) == Self.tableEntryCode)
    let second = try #require(text.functions[1])
    #expect(second.tableEntry == second.body)
  }

  @Test func functionsAreCountedWithoutImports() throws {
    let text = try link([object(7)], imported: 7, tableEntries: [false])
    #expect(text.functions[0]?.body == 0)
  }

  @Test func dataComesBehindCode() throws {
    var withData = object(0)
    withData.sections.insert(.init(bytes: [1, 2, 3], alignment: 32, isCode: false), at: 0)
    withData.symbols[0].definition?.section = 1
    withData.symbols.append(
      .init(
        name: .other("constant"),
        definition: .init(section: 0, offset: 1, byteCount: 1, isGlobal: true)))
    let text = try link([withData, object(1)], tableEntries: [false, false])
    let place = try #require(text.symbols[.other("constant")])
    #expect(place % 32 == 1)
    #expect(place > text.functions[1]!.body)
    #expect(text.bytes[Int(place)] == 2)
  }

  // MARK: Calls.

  @Test func directCalls() throws {
    let text = try link([object(0, calling: 1, 0), object(1)], tableEntries: [false, true])
    #expect(try callTarget(text, at: 0) == Int(text.functions[1]!.body))
    #expect(try callTarget(text, at: 5) == 0)
  }

  /// Calls between objects jump through the callee's slot, those within one do not.
  @Test func callsThroughDispatchSlots() throws {
    let tableOffset = -4_096
    let text = try link(
      [object(3, calling: 4, 3), object(4, calling: 3, 4)],
      .dispatchSlots(tableOffset: tableOffset), imported: 3, tableEntries: [false, false])
    for (place, other) in [(0, 1), (1, 0)] {
      let body = Int(text.functions[place]!.body)
      let stub = try callTarget(text, at: body)
      #expect(text.bytes[stub...].prefix(2) == [0xFF, 0x25])
      #expect(stub + 6 + Int(distance(text, at: stub + 2)) == tableOffset + other * 8)
      #expect(try callTarget(text, at: body + 5) == body)
    }
  }

  @Test func wideDistances() throws {
    var wide = object(0)
    wide.sections[0].bytes = Array(repeating: 0, count: 16)
    wide.symbols.append(.init(name: .function(1), definition: nil))
    wide.sections[0].relocations = [.init(offset: 8, width: .bits64, symbol: 1, addend: 5)]
    let text = try link([wide, object(1)], tableEntries: [false, false])
    let distance = text.bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: 8, as: Int64.self)
    }
    #expect(distance == Int64(text.functions[1]!.body) + 5 - 8)
  }

  // MARK: Refusals.

  @Test func undefinedSymbol() {
    var calling = object(0, calling: 1)
    calling.symbols[1].name = .other("fmod")
    #expect(throws: LinkingError.undefined(symbol: "fmod")) {
      try link([calling], tableEntries: [false])
    }
    #expect(throws: LinkingError.undefined(symbol: "f1")) {
      try link([object(0, calling: 1)], tableEntries: [false, false])
    }
  }

  @Test func symbolDefinedTwice() {
    #expect(throws: LinkingError.definedTwice(symbol: "f0")) {
      try link([object(0), object(0)], tableEntries: [false])
    }
  }

  @Test(arguments: [(-1, 0), (3, 0), (1, 1 << 33)])
  func relocationThatCannotBeMade(offset: Int, addend: Int) {
    var wrong = object(0, calling: 0)
    wrong.sections[0].relocations[0].offset = offset
    wrong.sections[0].relocations[0].addend = addend
    #expect(throws: LinkingError.self) { try link([wrong], tableEntries: [false]) }
  }

  // MARK: Names.

  @Test(arguments: [
    ImageSymbol.function(0), .function(.max), .entryThunk(12), .hostThunk(3), .other("memset"),
    .other("f"), .other("f12x"), .other("f+1"), .other("f4294967296"), .other(""),
  ])
  func symbolNames(_ symbol: ImageSymbol) {
    #expect(ImageSymbol(name: symbol.name) == symbol)
  }
}
