// What LLVM may know about aliasing: one TBAA tag for each kind of storage that cannot overlap.

internal import CLLVM
internal import WasmModule

/// TBAA access tags of one context. Any two different tags never name the same byte. What never
/// changes (the parts of a VMContext that are set before any code runs) is loaded as invariant and
/// needs no tag.
struct AliasTags {
  let tbaaKind: UInt32
  let invariantLoadKind: UInt32
  /// `!{}`
  let empty: LLVMValueRef
  /// One a memory.
  let memories: [LLVMValueRef]
  /// One a global; imported globals share a tag, since two imports can be the same cell.
  let globals: [LLVMValueRef]
  /// One a table's elements; imported tables share one.
  let tables: [LLVMValueRef]
  /// Bases of tables, lengths of tables and memories.
  let definitions: LLVMValueRef
  let argumentArea: LLVMValueRef
  /// Fields of structures and elements of arrays.
  let objects: LLVMValueRef
  /// Frames of roots, and where the innermost is noted.
  let roots: LLVMValueRef
  /// Slots of entry and host thunks.
  let slots: LLVMValueRef
  let exceptions: LLVMValueRef

  init(_ context: LLVMContextRef, _ module: Module) {
    let tags = TagMaker(context)
    tbaaKind = LLVMGetMDKindIDInContext(context, "tbaa", 4)
    invariantLoadKind = LLVMGetMDKindIDInContext(context, "invariant.load", 14)
    empty = tags.empty
    definitions = tags.make("definitions")
    argumentArea = tags.make("argument area")
    objects = tags.make("objects")
    roots = tags.make("roots")
    slots = tags.make("slots")
    exceptions = tags.make("exceptions")

    let importedMemory = tags.make("imported memory")
    memories = module.memories.indices.map {
      $0 < module.importedMemoryCount ? importedMemory : tags.make("memory \($0)")
    }
    let importedGlobal = tags.make("imported global")
    globals = module.globals.indices.map {
      $0 < module.importedGlobalCount ? importedGlobal : tags.make("global \($0)")
    }
    let importedTable = tags.make("imported table")
    tables = module.tables.indices.map {
      $0 < module.importedTableCount ? importedTable : tags.make("table \($0)")
    }
  }
}

/// Makes tags below one root.
private struct TagMaker {
  let context: LLVMContextRef
  let root: LLVMMetadataRef

  init(_ context: LLVMContextRef) {
    self.context = context
    root = Self.node(context, [Self.string(context, "wasm")])
  }

  var empty: LLVMValueRef { LLVMMetadataAsValue(context, Self.node(context, [])) }

  /// A scalar type below the root, and the tag for accesses to all of it.
  func make(_ name: String) -> LLVMValueRef {
    let zero: LLVMMetadataRef = LLVMValueAsMetadata(
      LLVMConstInt(LLVMInt64TypeInContext(context), 0, 0))
    let type = Self.node(context, [Self.string(context, name), root, zero])
    return LLVMMetadataAsValue(context, Self.node(context, [type, type, zero]))
  }

  private static func string(_ context: LLVMContextRef, _ text: String) -> LLVMMetadataRef {
    LLVMMDStringInContext2(context, text, text.utf8.count)
  }

  private static func node(
    _ context: LLVMContextRef, _ operands: [LLVMMetadataRef]
  ) -> LLVMMetadataRef {
    var operands: [LLVMMetadataRef?] = operands
    return LLVMMDNodeInContext2(context, &operands, operands.count)
  }
}
