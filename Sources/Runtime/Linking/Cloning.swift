// Another instance in the state of one that is there: for a thread of the same program, or a fork.

import CRuntime
import CompilerInterface
import WasmModule

extension Store {
  /// Makes an instance of the module that `original` is of, as `original` is now: its globals have the
  /// same values, its tables the same elements, and dropped segments are dropped. The start function
  /// is not called. Shared memories are the same; the bytes of others are copied.
  ///
  /// `bytes` are as for `instantiate`, and `imports` are the new instance's own. A reference to a
  /// function of `original`, or to one that it imports, becomes one to the new instance's. Other
  /// references to another store's functions become null; globals and elements that refer to another
  /// store's objects are what instantiation makes them.
  ///
  /// `original` may be of another store, whose thread is the caller's.
  package func clone(
    _ original: Instance, bytes: UnsafeRawBufferPointer, imports: [Extern]
  ) throws(InstantiationError) -> Instance {
    let instance = try Instantiation.resources { () throws(ResourceError) in
      try Instance(store: self, module: original.module, code: original.code)
    }
    var instantiation = try Instantiation(instance, bytes)
    try instantiation.connect(imports)
    instances.append(instance)
    instantiation.makeReferences()
    try instantiation.makeStorage(sharing: original.memories)
    try heap.withoutCollecting { () throws(InstantiationError) in
      try instantiation.initializeStorage()
      try instantiation.cloneSegments(of: original)
    }
    try StateCopy(from: original, to: instance).run()
    return instance
  }
}

extension Instance {
  /// The memories that it imports, in order.
  package var importedMemories: [LinearMemory] {
    Array(memories.prefix(module.importedMemoryCount))
  }
}

/// Copies what an instance's code has changed since it was instantiated.
private struct StateCopy {
  let original: Instance
  let instance: Instance
  /// The functions that both import: what `original` knows each by, and the new instance.
  private let imported: [UInt64: UInt64]

  init(from original: Instance, to instance: Instance) {
    self.original = original
    self.instance = instance
    let module = original.module
    var imported: [UInt64: UInt64] = [:]
    for (place, index) in module.referencedFunctions.enumerated()
    where index < module.importedFunctionCount {
      imported[Function(original.cell(place)).address] = Function(instance.cell(place)).address
    }
    self.imported = imported
  }

  func run() throws(InstantiationError) {
    let module = instance.module
    try Instantiation.resources { () throws(ResourceError) in
      for index in module.importedMemoryCount..<module.memories.count {
        try copy(original.memories[index], to: instance.memories[index])
      }
      for index in module.importedGlobalCount..<module.globals.count {
        copy(original.globals[index], to: instance.globals[index])
      }
      for index in module.importedTableCount..<module.tables.count {
        try copy(original.tables[index], to: instance.tables[index])
      }
    }
  }

  private func copy(_ memory: LinearMemory, to target: LinearMemory) throws(ResourceError) {
    guard memory !== target else { return }
    guard
      target.pageCount == memory.pageCount
        || target.grow(by: memory.pageCount - target.pageCount) != nil
    else { throw .memoryLimit(wanted: memory.byteCount, limit: target.byteCount) }
    guard let source = memory.definition.pointee.base else { return }
    target.definition.pointee.base?.copyMemory(from: source, byteCount: Int(memory.byteCount))
  }

  private func copy(_ global: GlobalCell, to target: GlobalCell) {
    let raw = global.raw
    guard let low = translated(raw.low, global.type.value) else { return }
    RawValue(low, raw.high).store(at: target.cell, as: target.type.value)
  }

  private func copy(_ table: ReferenceTable, to target: ReferenceTable) throws(ResourceError) {
    guard target.count == table.count || target.grow(by: table.count - target.count) != nil else {
      throw .tableLimit(wanted: table.count, limit: target.count)
    }
    var record = target.record
    for index in 0..<table.count {
      guard let reference = translated(table.bits(index), table.type.element) else { continue }
      _ = wasmrun_fill_table(&record, index, reference, 1)
    }
  }

  /// What stands for the bits of a value of `type` in the new instance; nil where nothing does.
  private func translated(_ bits: UInt64, _ type: ValueType) -> UInt64? {
    switch TypeRegistry.hierarchy(of: type) {
    case nil: bits
    case .function: function(bits)
    // Null, and what is its own value, are the same everywhere: see ObjectLayout.
    default: bits == 0 || bits & 3 != 0 || isSameStore ? bits : nil
    }
  }

  private var isSameStore: Bool { original.store === instance.store }

  private func function(_ reference: UInt64) -> UInt64 {
    if reference == 0 { return 0 }
    // An instance's funcrefs lie one behind the other.
    if let first = original.layout.funcRefs.first {
      let distance = reference &- UInt64(UInt(bitPattern: original.context + first))
      let place = distance / UInt64(VMContextLayout.funcRefByteCount)
      if place < UInt64(original.layout.funcRefs.count) {
        return UInt64(UInt(bitPattern: instance.cell(Int(place))))
      }
    }
    return imported[reference] ?? (isSameStore ? reference : 0)
  }
}

extension Instantiation {
  /// Lays out segments as `original` has them; none is copied anywhere.
  mutating func cloneSegments(of original: Instance) throws(InstantiationError) {
    let source = original.record.pointee
    let data = module.data.indices.map { source.data_segments![$0] }
    instance.record.pointee.data_segments = try Self.resources { () throws(ResourceError) in
      try store.arena.copy(data)
    }
    try makeElementSegments()
    for (index, segment) in module.elements.enumerated() {
      guard case .passive = segment.mode, source.element_segments![index].count > 0 else {
        continue
      }
      try initialize(segment, index)
    }
  }
}
