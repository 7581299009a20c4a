// Instantiation, step by step. Spec: core 3.0 §4.7.2.

import CRuntime
import CompilerInterface
package import WasmModule

extension Store {
  /// Makes an instance of `module`, which must be valid: checks the imports' types, lays out its
  /// storage, copies active segments, calls the start function.
  ///
  /// `bytes` are the module's, and stay where they are as long as the store; `code` is its image;
  /// `imports` has one value an import, in order (see `Linker`). Where it fails, what was written
  /// to imported memories and tables stays written, as the specification has it. `beforeStart` sees
  /// the instance before any of its code runs: host functions may need its memory already.
  /// `initialMemory` is what memories hold before active segments are copied: a skeleton's, whose own
  /// are empty.
  package func instantiate(
    _ module: Module, bytes: UnsafeRawBufferPointer, code: LoadedCode, imports: [Extern],
    initialMemory: InitialMemory? = nil, beforeStart: (Instance) -> Void = { _ in }
  ) throws(InstantiationError) -> Instance {
    guard code.functionCount == module.definedFunctionCount else {
      throw .image(
        "it holds \(code.functionCount) functions, not \(module.definedFunctionCount)")
    }
    let instance = try Instantiation.resources { () throws(ResourceError) in
      try Instance(store: self, module: module, code: code)
    }
    var instantiation = try Instantiation(instance, bytes)
    try instantiation.connect(imports)
    instances.append(instance)
    instantiation.makeReferences()
    try instantiation.makeStorage()
    // What constant expressions have made is only in Swift's hands for a while.
    try heap.withoutCollecting { () throws(InstantiationError) in
      try instantiation.initializeStorage()
      try instantiation.initializeSegments(initialMemory)
    }
    beforeStart(instance)
    try instantiation.callStart()
    return instance
  }
}

/// One instantiation under way.
struct Instantiation {
  let instance: Instance
  let module: Module
  let store: Store
  let bytes: UnsafeRawBufferPointer
  private let typeIDs: [UInt32]
  private var evaluator: ConstantEvaluator
  /// The imported functions, and how this instance refers to them.
  private var importedFunctions: [(function: Function, reference: wasmrun_funcref)] = []

  private typealias Pointer = UnsafeMutableRawPointer

  init(
    _ instance: Instance, _ bytes: UnsafeRawBufferPointer
  ) throws(InstantiationError) {
    self.instance = instance
    self.bytes = bytes
    module = instance.module
    store = instance.store
    evaluator = ConstantEvaluator(instance, bytes: bytes)
    let module = instance.module
    typeIDs = try Self.resources { () throws(ResourceError) in try TypeRegistry.ids(of: module) }
    for (id, offset) in zip(typeIDs, instance.layout.typeIDs) {
      instance.context.storeBytes(of: id, toByteOffset: offset, as: UInt32.self)
    }
    for (id, offset) in zip(typeIDs, instance.layout.typeRecords) {
      guard let offset else { continue }
      guard let record = wasmrun_type_find(id) else { throw .resource(.tooManyTypes) }
      instance.context.storeBytes(
        of: record, toByteOffset: offset, as: UnsafePointer<wasmrun_type>.self)
    }
    store.initializeHeader(&instance.header.pointee)
    instance.header.pointee.instance = instance.record
    instance.record.pointee.owner = Unmanaged.passUnretained(instance).toOpaque()
    instance.record.pointee.growth = UnsafePointer(store.growth)
  }

  /// Runs `body`, its errors turned into instantiation's.
  static func resources<Result>(
    _ body: () throws(ResourceError) -> Result
  ) throws(InstantiationError) -> Result {
    do throws(ResourceError) { return try body() } catch { throw .resource(error) }
  }

  mutating func evaluate(_ expression: ConstantExpression) throws(InstantiationError) -> RawValue {
    do throws(ModuleError) {
      return try evaluator.evaluate(expression)
    } catch {
      throw .invalid(error)
    }
  }

  // MARK: Imports.

  /// Checks the imports' types and puts what is imported where machine code looks for it.
  mutating func connect(_ imports: [Extern]) throws(InstantiationError) {
    precondition(imports.count == module.imports.count, "one value an import")
    for (wanted, found) in zip(module.imports, imports) {
      let wantedType = identified(module.type(of: wanted))
      switch (wanted.descriptor, found) {
      case (.function(let typeIndex), .function(let function))
      where TypeRegistry.isSubtype(
        function.reference.pointee.type_id, of: typeIDs[Int(typeIndex)]):
        try connect(function, typeIndex: Int(typeIndex))
      case (.table, .table(let table)) where found.type.matches(wantedType):
        place(table.definition, at: instance.layout.tables[instance.tables.count])
        instance.tables.append(table)
      case (.memory, .memory(let memory)) where found.type.matches(wantedType):
        let offset = instance.layout.memories[instance.memories.count]
        place(memory.definition.pointee.base, at: offset)
        place(memory.definition, at: offset + 8)
        instance.memories.append(memory)
      case (.global, .global(let global)) where found.type.matches(wantedType):
        place(global.cell, at: instance.layout.globals[instance.globals.count])
        instance.globals.append(global)
      case (.tag(let typeIndex), .tag(let tag))
      where tag.record.pointee.type_id == typeIDs[Int(typeIndex)]:
        append(tag)
      default:
        let kind = LinkError.Kind.incompatibleType(
          wanted: wantedType.summary, found: found.type.summary)
        throw .link(LinkError(kind: kind, module: wanted.module, name: wanted.name))
      }
    }
  }

  // MARK: Types by ids.

  /// `type` with its module's indices turned into the process's ids.
  func identified(_ type: ValueType) -> ValueType {
    guard let index = type.heapType?.typeIndex else { return type }
    return .reference(.defined(typeIDs[Int(index)]), nullable: type.isNullableReference)
  }

  private func identified(_ type: GlobalType) -> GlobalType {
    GlobalType(value: identified(type.value), isMutable: type.isMutable)
  }

  private func identified(_ type: FunctionType) -> FunctionType {
    FunctionType(
      parameters: type.parameters.map { identified($0) },
      results: type.results.map { identified($0) })
  }

  private func identified(_ type: TableType) -> TableType {
    TableType(element: identified(type.element), limits: type.limits)
  }

  private func identified(_ type: ExternType) -> ExternType {
    switch type {
    case .function(let function): .function(identified(function))
    case .tag(let function): .tag(identified(function))
    case .table(let table): .table(identified(table))
    case .memory: type
    case .global(let global): .global(identified(global))
    }
  }

  // MARK: Imported functions.

  private mutating func connect(_ function: Function, typeIndex: Int) throws(InstantiationError) {
    var reference = function.reference.pointee
    if function.hostRecord != nil {
      guard let thunk = instance.code.hostThunk(typeIndex) else {
        throw .image("it has no host thunk for type \(typeIndex)")
      }
      reference.code = thunk
      // From now on guests can call the host's own reference too: the image lives with the store.
      if function.reference.pointee.code == nil { function.reference.pointee.code = thunk }
    }
    let offset = instance.layout.importedFunctions[importedFunctions.count]
    place(UnsafeMutableRawPointer(mutating: reference.code), at: offset)
    place(reference.vmcontext, at: offset + 8)
    importedFunctions.append((function, reference))
  }

  private func place(_ pointer: UnsafeMutableRawPointer?, at offset: Int) {
    instance.context.storeBytes(of: pointer, toByteOffset: offset, as: Pointer?.self)
  }

  // MARK: What the instance defines.

  /// Fills in the funcrefs. An import's `identity` stays the original's, so that it is one
  /// function wherever it is seen.
  func makeReferences() {
    let imported = module.importedFunctionCount
    for (place, index) in module.referencedFunctions.enumerated() {
      let cell = instance.cell(place)
      cell.pointee =
        index < imported
        ? importedFunctions[Int(index)].reference : reference(to: index, original: cell)
    }
  }

  private func reference(
    to index: UInt32, original: UnsafeMutablePointer<wasmrun_funcref>
  ) -> wasmrun_funcref {
    wasmrun_funcref(
      code: instance.code.tableEntry(Int(index) - module.importedFunctionCount),
      vmcontext: instance.header, type_id: typeIDs[Int(module.functions[Int(index)])],
      function_index: index, identity: original)
  }

  private func append(_ tag: Tag) {
    let offset = instance.layout.tags[instance.tags.count]
    place(UnsafeMutableRawPointer(mutating: tag.record), at: offset)
    instance.tags.append(tag)
  }

  /// Makes tags, memories and tables, and tells the builtins of them. Where `known` has a shared memory
  /// of that index, it is taken instead.
  func makeStorage(sharing known: [LinearMemory] = []) throws(InstantiationError) {
    let (layout, context) = (instance.layout, instance.context)
    try Self.resources { () throws(ResourceError) in
      for index in module.importedTagCount..<module.tags.count {
        append(
          try Tag(
            typeID: typeIDs[Int(module.tags[index])],
            carrying: module.tagType(UInt32(index)).parameters.map { identified($0) },
            index: index, instance: instance.record, in: store.arena))
      }
      for index in module.importedMemoryCount..<module.memories.count {
        let definition = (context + layout.memories[index]).assumingMemoryBound(
          to: MemoryDefinition.self)
        if index < known.count, known[index].type.limits.isShared {
          store.show(known[index], in: definition)
          instance.memories.append(known[index])
        } else {
          instance.memories.append(
            try store.makeMemory(module.memories[index], definition: definition))
        }
      }
      for index in module.importedTableCount..<module.tables.count {
        let definition = context + layout.tables[index]
        instance.tables.append(
          try store.makeTable(
            identified(module.tables[index].type),
            definition: definition.assumingMemoryBound(to: wasmrun_definition.self)))
      }
      let record = instance.record
      record.pointee.memories = try store.arena.copy(instance.memories.map(\.record))
      record.pointee.tables = try store.arena.copy(instance.tables.map(\.record))
    }
  }

  /// Gives globals and tables their first values.
  mutating func initializeStorage() throws(InstantiationError) {
    for index in module.importedGlobalCount..<module.globals.count {
      let global = module.globals[index]
      let cell = try Self.resources { () throws(ResourceError) in
        try GlobalCell(
          type: identified(global.type),
          cell: instance.context + instance.layout.globals[index], in: store)
      }
      if let initializer = global.initializer {
        try evaluate(initializer).store(at: cell.cell, as: global.type.value)
      }
      // Only now: an expression may name the globals before it.
      instance.globals.append(cell)
    }
    for index in module.importedTableCount..<module.tables.count {
      guard let initializer = module.tables[index].initializer else { continue }
      let reference = try evaluate(initializer).low
      let table = instance.record.pointee.tables! + index
      _ = wasmrun_fill_table(table, 0, reference, instance.tables[index].count)
    }
  }

  // MARK: The start function.

  func callStart() throws(InstantiationError) {
    guard let index = module.start else { return }
    let function: Function
    if index < module.importedFunctionCount {
      function = importedFunctions[Int(index)].function
    } else {
      // Its own reference: the module need not have one to it.
      function = Function(
        try Self.resources { () throws(ResourceError) in
          try store.arena.allocate(wasmrun_funcref.self)
        })
      function.reference.pointee = reference(to: index, original: function.reference)
    }
    do throws(InvocationError) {
      _ = try store.invoke(function)
    } catch {
      throw .stopped(error)
    }
  }
}
