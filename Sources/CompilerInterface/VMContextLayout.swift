// The layout of a VMContext: every offset that machine code uses, computed in one place.
//
//   0    memory 0: base, then length in bytes (local) or pointer to its definition (imported)
//   16   stack limit            lowest address of the guest stack that may be used
//   24   argument area          see CallingConvention
//   32   builtins               table of C functions, by Builtin
//   40   instance               the runtime's own; machine code never reads it
//   48   interrupt word (u32), 4 bytes unused
//   56   heap                   begins with the innermost frame of roots (CallingConvention)
//   64   local scalar globals, by value, index order, 4 or 8 bytes each: those before 128 are
//        reached with an 8-bit displacement
//        local vector globals, 16 bytes each, aligned to 16
//        imported globals: a pointer to the exporter's cell
//        memories 1...: as memory 0
//        tables: base and length in elements (local), or pointer to that pair (imported)
//        imported functions: code, vmctx
//        tags: the address of each one's record
//        funcrefs: one a function that can be referenced (Module.referencedFunctions)
//        type records: the address of one (TypeRecordLayout) a structure or array type
//        canonical type ids: 4 bytes a type
//
// A memory's definition is {base: u64, length in bytes: u64}; a table's {base: u64, length: u64}.
// A funcref (VMFuncRef) is {code: u64, vmctx: u64, type id: u32, function index: u32, self: u64};
// a reference to a function is a pointer to one, null is 0. A funcref table's element is a *copy*
// of it (32 bytes, all zero for null), so that call_indirect compares one type id and loads code
// and vmctx from one place; `self` is what table.get yields. Type id 0 means null. Other tables
// have elements of 8 bytes.

package import WasmModule

/// The offsets of a module's VMContext. All are in bytes from the pointer that machine code holds.
package struct VMContextLayout: Sendable {
  package static let memoryBase = 0
  package static let memoryLength = 8
  package static let stackLimit = 16
  package static let argumentArea = 24
  package static let builtins = 32
  package static let instance = 40
  package static let interrupt = 48
  package static let heap = 56
  /// Where a VMContext's variable part begins; host function records share what is before.
  package static let headerByteCount = 64
  package static let alignment = 16

  package static let definitionByteCount = 16
  package static let funcRefByteCount = 32
  /// Fields of a funcref, and of a funcref table's element.
  package static let funcRefCode = 0
  package static let funcRefVMContext = 8
  package static let funcRefTypeID = 16
  package static let funcRefFunctionIndex = 20
  package static let funcRefSelf = 24

  /// One a global: the local cell, or for an import the pointer to it.
  package let globals: [Int]
  /// One a memory: {base, length} or {base, pointer to definition}.
  package let memories: [Int]
  /// One a table: {base, length} or {pointer to definition, unused}.
  package let tables: [Int]
  /// One an imported function: {code, vmctx}.
  package let importedFunctions: [Int]
  /// One a tag: the address of its record, which is its identity.
  package let tags: [Int]
  /// One an entry of `Module.referencedFunctions`.
  package let funcRefs: [Int]
  /// One a type of the module: the address of its record; nil for functions.
  package let typeRecords: [Int?]
  /// One a type of the module: its canonical id, u32.
  package let typeIDs: [Int]
  /// The block's size, a multiple of 16.
  package let byteCount: Int

  package init(_ module: Module) {
    var allocator = SlotAllocator(end: Self.headerByteCount)
    globals = Self.placeGlobals(module, &allocator)
    memories = module.memories.indices.map { index in
      index == 0 ? Self.memoryBase : allocator.place(16, alignment: 8)
    }
    tables = module.tables.map { _ in allocator.place(16, alignment: 8) }
    importedFunctions = (0..<module.importedFunctionCount).map { _ in
      allocator.place(16, alignment: 8)
    }
    tags = module.tags.map { _ in allocator.place(8, alignment: 8) }
    funcRefs = module.referencedFunctions.map { _ in
      allocator.place(Self.funcRefByteCount, alignment: 8)
    }
    typeRecords = module.types.map { type in
      type.function == nil ? allocator.place(8, alignment: 8) : nil
    }
    typeIDs = module.types.map { _ in allocator.place(4, alignment: 4) }
    byteCount = (allocator.end + 15) & ~15
  }

  private static func placeGlobals(_ module: Module, _ allocator: inout SlotAllocator) -> [Int] {
    var offsets = Array(repeating: 0, count: module.globals.count)
    let imported = module.importedGlobalCount
    let local = imported..<module.globals.count
    for index in local where module.globals[index].type.value.byteCount < 16 {
      let size = module.globals[index].type.value.byteCount
      offsets[index] = allocator.place(size, alignment: size)
    }
    for index in local where module.globals[index].type.value.byteCount == 16 {
      offsets[index] = allocator.place(16, alignment: 16)
    }
    for index in 0..<imported { offsets[index] = allocator.place(8, alignment: 8) }
    return offsets
  }

  /// The elements' size of a table of references of that family.
  package static func elementByteCount(_ hierarchy: HeapTypeHierarchy?) -> Int {
    hierarchy == .function ? funcRefByteCount : 8
  }
}

/// Hands out offsets upward; a 4-byte hole left by alignment is filled by the next 4-byte slot.
private struct SlotAllocator {
  var end: Int
  private var hole: Int?

  init(end: Int) { self.end = end }

  mutating func place(_ byteCount: Int, alignment: Int) -> Int {
    if byteCount == 4, let filled = hole {
      hole = nil
      return filled
    }
    let offset = (end + alignment - 1) & ~(alignment - 1)
    if offset - end == 4 { hole = end }
    end = offset + byteCount
    return offset
  }
}

/// A host function record: what stands in for the VMContext of a host function. It begins with a
/// VMContext's header (memory fields zero; stack limit, argument area and builtins set).
package enum HostRecordLayout {
  /// `int32_t (*)(void *environment, uint64_t *slots)`
  package static let function = VMContextLayout.headerByteCount
  package static let environment = VMContextLayout.headerByteCount + 8
  package static let byteCount = VMContextLayout.headerByteCount + 16
}
