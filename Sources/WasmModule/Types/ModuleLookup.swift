// Ways to look things up in a decoded module.

extension Module {
  /// The export of that name, if there is one.
  package func export(named name: String) -> Export? {
    exports.first { NameKey($0.name) == NameKey(name) }
  }

  /// The imports that are functions; the place in the list is the function's index.
  package var importedFunctions: [Import] {
    imports.filter { if case .function = $0.descriptor { true } else { false } }
  }

  package func isImportedFunction(_ index: UInt32) -> Bool { index < importedFunctionCount }

  /// The body of function `index`, which must be a defined one.
  package func body(of index: UInt32) -> FunctionBody { bodies[Int(index) - importedFunctionCount] }

  /// The type of an import of a valid module.
  package func type(of import: Import) -> ExternType {
    switch `import`.descriptor {
    case .function(let typeIndex): .function(definedFunctionType(typeIndex))
    case .table(let type): .table(type)
    case .memory(let type): .memory(type)
    case .global(let type): .global(type)
    case .tag(let typeIndex): .tag(definedFunctionType(typeIndex))
    }
  }

  /// The type of an export of a valid module.
  package func type(of export: Export) -> ExternType {
    let index = Int(export.index)
    return switch export.kind {
    case .function: .function(functionType(export.index))
    case .table: .table(tables[index].type)
    case .memory: .memory(memories[index])
    case .global: .global(globals[index].type)
    case .tag: .tag(tagType(export.index))
    }
  }

  /// The type of tag `index` of a valid module.
  package func tagType(_ index: UInt32) -> FunctionType {
    definedFunctionType(tags[Int(index)])
  }

  /// What a block of a valid module takes and leaves.
  package func signature(of blockType: BlockType) -> FunctionType {
    switch blockType {
    case .empty: FunctionType()
    case .value(let type): FunctionType(results: [type])
    case .function(let typeIndex): definedFunctionType(typeIndex)
    }
  }

  /// The family of `heapType`; a defined one must be valid.
  package func hierarchy(of heapType: HeapType) -> HeapTypeHierarchy {
    if let index = heapType.typeIndex { return types[Int(index)].composite.hierarchy }
    return heapType.abstractHierarchy ?? .any
  }

  /// The family of references of `type`; nil for numbers and vectors.
  package func hierarchy(of type: ValueType) -> HeapTypeHierarchy? {
    type.heapType.map { hierarchy(of: $0) }
  }

  /// The place of function `index` in `referencedFunctions`; nil if no reference is made of it.
  package func referencePlace(of index: UInt32) -> Int? {
    var low = 0
    var high = referencedFunctions.count
    while low < high {
      let middle = (low + high) / 2
      if referencedFunctions[middle] < index { low = middle + 1 } else { high = middle }
    }
    return low < referencedFunctions.count && referencedFunctions[low] == index ? low : nil
  }
}
