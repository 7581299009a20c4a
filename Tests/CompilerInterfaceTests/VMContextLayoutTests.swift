// The VMContext's layout, over random shapes of modules: every slot aligned, none on another, all
// inside the block.

import CompilerInterface
import ModuleMutation
import Testing
import WasmModule

@Suite struct VMContextLayoutTests {
  /// A slot of a layout, as its users read it.
  private struct Slot {
    let what: String
    let offset: Int
    let byteCount: Int
    let alignment: Int
  }

  private static let valueTypes: [ValueType] = [
    .i32, .i64, .f32, .f64, .v128, .funcref, .externref, .exnref,
  ]

  /// A module of a random shape; only what the layout looks at is filled in.
  private static func randomModule(_ generator: inout SeededGenerator, upTo limit: Int) -> Module {
    var module = Module()
    func count() -> Int { Int.random(in: 0...limit, using: &generator) }
    module.types = (0..<count()).map { _ in
      SubType(Bool.random(using: &generator) ? .function(FunctionType()) : .structure([]))
    }
    module.importedFunctionCount = count()
    module.functions = Array(repeating: 0, count: module.importedFunctionCount + count())
    module.importedGlobalCount = count()
    for _ in 0..<(module.importedGlobalCount + count()) {
      let value = valueTypes.randomElement(using: &generator)!
      module.globals.append(Global(type: GlobalType(value: value, isMutable: false)))
    }
    module.importedMemoryCount = count()
    let memory = MemoryType(limits: Limits(minimum: 0))
    module.memories = Array(repeating: memory, count: module.importedMemoryCount + count())
    module.importedTableCount = count()
    let table = TableType(element: .funcref, limits: Limits(minimum: 0))
    module.tables = Array(
      repeating: Table(type: table), count: module.importedTableCount + count())
    module.tags = Array(repeating: 0, count: count())
    module.referencedFunctions = module.functions.indices.map(UInt32.init).filter { _ in
      Bool.random(using: &generator)
    }
    return module
  }

  /// All slots of `module`'s layout, the header's among them.
  private static func slots(_ module: Module, _ layout: VMContextLayout) -> [Slot] {
    var slots = [
      Slot(what: "header", offset: 0, byteCount: VMContextLayout.headerByteCount, alignment: 16)
    ]
    for (index, offset) in layout.globals.enumerated() {
      let isImported = index < module.importedGlobalCount
      let byteCount = isImported ? 8 : module.globals[index].type.value.byteCount
      slots.append(
        Slot(what: "global \(index)", offset: offset, byteCount: byteCount, alignment: byteCount))
    }
    // Memory 0 lies in the header.
    for (index, offset) in layout.memories.enumerated().dropFirst() {
      slots.append(Slot(what: "memory \(index)", offset: offset, byteCount: 16, alignment: 8))
    }
    for (index, offset) in layout.tables.enumerated() {
      slots.append(Slot(what: "table \(index)", offset: offset, byteCount: 16, alignment: 8))
    }
    for (index, offset) in layout.importedFunctions.enumerated() {
      slots.append(Slot(what: "import \(index)", offset: offset, byteCount: 16, alignment: 8))
    }
    for (index, offset) in layout.tags.enumerated() {
      slots.append(Slot(what: "tag \(index)", offset: offset, byteCount: 8, alignment: 8))
    }
    for (index, offset) in layout.funcRefs.enumerated() {
      slots.append(
        Slot(
          what: "funcref \(index)", offset: offset, byteCount: VMContextLayout.funcRefByteCount,
          alignment: 8))
    }
    for (index, offset) in layout.typeRecords.enumerated() {
      guard let offset else { continue }
      slots.append(Slot(what: "record \(index)", offset: offset, byteCount: 8, alignment: 8))
    }
    for (index, offset) in layout.typeIDs.enumerated() {
      slots.append(Slot(what: "type \(index)", offset: offset, byteCount: 4, alignment: 4))
    }
    return slots
  }

  @Test(arguments: [1, 2, 3, 5, 8, 40]) func randomShapes(limit: Int) {
    var generator = SeededGenerator(seed: UInt64(limit))
    for _ in 0..<500 {
      let module = Self.randomModule(&generator, upTo: limit)
      let layout = VMContextLayout(module)
      #expect(layout.globals.count == module.globals.count)
      #expect(layout.memories.count == module.memories.count)
      #expect(layout.memories.first ?? 0 == VMContextLayout.memoryBase)
      #expect(layout.tables.count == module.tables.count)
      #expect(layout.importedFunctions.count == module.importedFunctionCount)
      #expect(layout.tags.count == module.tags.count)
      #expect(layout.funcRefs.count == module.referencedFunctions.count)
      #expect(layout.typeIDs.count == module.types.count)
      #expect(layout.typeRecords.map { $0 == nil } == module.types.map { $0.function != nil })
      #expect(layout.byteCount % VMContextLayout.alignment == 0)
      expectSound(Self.slots(module, layout), byteCount: layout.byteCount)
    }
  }

  private func expectSound(_ slots: [Slot], byteCount: Int) {
    let sorted = slots.sorted { $0.offset < $1.offset }
    for slot in sorted {
      #expect(slot.offset % slot.alignment == 0, "\(slot.what) is not aligned")
      #expect(slot.offset + slot.byteCount <= byteCount, "\(slot.what) is outside")
    }
    for (slot, next) in zip(sorted, sorted.dropFirst()) {
      #expect(
        slot.offset + slot.byteCount <= next.offset, "\(slot.what) lies on \(next.what)")
    }
  }

  private func module(globals: [ValueType], imported: Int = 0) -> Module {
    var module = Module()
    module.importedGlobalCount = imported
    module.globals = globals.map { Global(type: GlobalType(value: $0, isMutable: true)) }
    return module
  }

  /// The globals of what clang makes are reached with a displacement of a signed byte.
  @Test func hotGlobalsAreNear() {
    let few = VMContextLayout(module(globals: [.i32, .i32, .i64, .f64, .v128, .i32]))
    for (index, offset) in few.globals.enumerated() where index != 4 { #expect(offset <= 127) }
    #expect(few.globals[0] == VMContextLayout.headerByteCount)
    // Imports before them do not push them out.
    let linked = VMContextLayout(
      module(globals: Array(repeating: .i32, count: 20), imported: 4))
    #expect(linked.globals[4] == VMContextLayout.headerByteCount)
    #expect(linked.globals[4..<20].allSatisfy { $0 <= 127 })
  }

  /// No bytes between scalars of one size, and holes of four bytes are filled.
  @Test func scalarsArePacked() {
    let layout = VMContextLayout(module(globals: [.i32, .i64, .i32, .i32, .f64, .f32]))
    #expect(layout.globals == [64, 72, 68, 80, 88, 84])
    #expect(layout.byteCount == 96)
  }

  /// An odd count of 4-byte slots must not leave those behind it askew.
  @Test func oddCounts() {
    for count in 1...9 {
      var module = module(globals: Array(repeating: .i32, count: count) + [.v128, .i64])
      module.types = Array(repeating: SubType(FunctionType()), count: count)
      module.importedFunctionCount = count
      module.functions = Array(repeating: 0, count: count)
      let layout = VMContextLayout(module)
      expectSound(Self.slots(module, layout), byteCount: layout.byteCount)
    }
  }

  @Test func elementSizes() {
    #expect(VMContextLayout.elementByteCount(.function) == VMContextLayout.funcRefByteCount)
    for hierarchy in [HeapTypeHierarchy.any, .external, .exception] {
      #expect(VMContextLayout.elementByteCount(hierarchy) == 8)
    }
  }

  @Test func hostRecordBeginsLikeAVMContext() {
    #expect(HostRecordLayout.function >= VMContextLayout.headerByteCount)
    #expect(HostRecordLayout.environment == HostRecordLayout.function + 8)
    #expect(HostRecordLayout.byteCount == HostRecordLayout.environment + 8)
  }
}
