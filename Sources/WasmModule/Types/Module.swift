// A decoded module: everything outside function bodies, with bodies and data as byte ranges.

/// A module's static structure. Spec: core 3.0 §2.5.
///
/// Index spaces put imports first, as the specification does. Offsets are byte offsets in the
/// module's bytes, which the caller keeps; nothing of the bytes is copied but names of imports
/// and exports.
package struct Module: Sendable {
  package var types: [SubType] = []
  /// The recursion groups of more than one type, ascending; every other type is a group of its own.
  /// Spec: core 3.0 §2.3.11.
  package var recursionGroups: [Range<Int>] = []
  package var imports: [Import] = []
  /// The type index of each function, imported ones first.
  package var functions: [UInt32] = []
  package var tables: [Table] = []
  package var memories: [MemoryType] = []
  package var globals: [Global] = []
  /// The type index of each tag, imported ones first.
  package var tags: [UInt32] = []
  package var exports: [Export] = []
  /// The start function's index.
  package var start: UInt32?
  package var elements: [ElementSegment] = []
  package var data: [DataSegment] = []
  /// The bodies of the defined functions, in order.
  package var bodies: [FunctionBody] = []
  /// The number in the data count section, if there is one.
  package var dataCount: UInt32?
  package var importedFunctionCount = 0
  package var importedTableCount = 0
  package var importedMemoryCount = 0
  package var importedGlobalCount = 0
  package var importedTagCount = 0
  /// Functions that a reference can be made of: exported, in an element segment, in a constant
  /// expression's `ref.func`. Ascending, without repeats. Each has a funcref cell in the
  /// VMContext at its position in this list. Spec: core 3.0 §3.4.1 (`refs`).
  package var referencedFunctions: [UInt32] = []
  /// Custom sections in order.
  package var customSections: [CustomSection] = []
  /// Byte offset of each section's id, by the id; of the last one for custom sections. 0: absent.
  var sectionOffsets = Array(repeating: 0, count: Section.allCases.count)

  package init() {}

  package var definedFunctionCount: Int { functions.count - importedFunctionCount }

  /// The type of function `index`; the index must be valid.
  package func functionType(_ index: UInt32) -> FunctionType {
    definedFunctionType(functions[Int(index)])
  }

  /// The function type at `typeIndex`, which a valid module says is one.
  package func definedFunctionType(_ typeIndex: UInt32) -> FunctionType {
    types[Int(typeIndex)].function ?? FunctionType()
  }

  /// Byte offset of a section; 0 if there is none.
  func offset(of section: Section) -> Int { sectionOffsets[Int(section.rawValue)] }
}

/// An import. Spec: core 3.0 §2.5.11.
package struct Import: Sendable {
  package var module: String
  package var name: String
  package var descriptor: Descriptor

  package enum Descriptor: Sendable {
    case function(typeIndex: UInt32)
    case table(TableType)
    case memory(MemoryType)
    case global(GlobalType)
    case tag(typeIndex: UInt32)
  }

  package init(module: String, name: String, descriptor: Descriptor) {
    self.module = module
    self.name = name
    self.descriptor = descriptor
  }
}

/// An export. Spec: core 3.0 §2.5.10.
package struct Export: Sendable {
  package var name: String
  package var kind: ExternKind
  package var index: UInt32

  package init(name: String, kind: ExternKind, index: UInt32) {
    self.name = name
    self.kind = kind
    self.index = index
  }
}

/// A table with the expression that fills it at first; nil means null (or an import).
package struct Table: Sendable {
  package var type: TableType
  package var initializer: ConstantExpression?

  package init(type: TableType, initializer: ConstantExpression? = nil) {
    self.type = type
    self.initializer = initializer
  }
}

/// A global with its initial value; nil for an import.
package struct Global: Sendable {
  package var type: GlobalType
  package var initializer: ConstantExpression?

  package init(type: GlobalType, initializer: ConstantExpression? = nil) {
    self.type = type
    self.initializer = initializer
  }
}

/// A constant expression, kept as its bytes; read it with `InstructionReader`, up to and
/// including its `end`. Spec: core 3.0 §3.3.15 (with extended constants).
package struct ConstantExpression: Sendable {
  package var bytes: Range<Int>

  package init(bytes: Range<Int>) { self.bytes = bytes }
}

/// How a segment is used. Spec: core 3.0 §2.5.8, §2.5.9.
package enum SegmentMode: Sendable {
  case passive
  /// Copied into table or memory `index` at `offset` when the module is instantiated.
  case active(index: UInt32, offset: ConstantExpression)
  /// Only declares references (element segments).
  case declarative
}

/// An element segment. Spec: core 3.0 §2.5.8.
package struct ElementSegment: Sendable {
  package var type: ValueType
  package var mode: SegmentMode
  package var items: Items

  package enum Items: Sendable {
    case functions([UInt32])
    case expressions([ConstantExpression])

    package var count: Int {
      switch self {
      case .functions(let indices): indices.count
      case .expressions(let expressions): expressions.count
      }
    }
  }

  package init(type: ValueType, mode: SegmentMode, items: Items) {
    self.type = type
    self.mode = mode
    self.items = items
  }
}

/// A data segment; `bytes` is its content's range in the module. Spec: core 3.0 §2.5.9.
package struct DataSegment: Sendable {
  package var mode: SegmentMode
  package var bytes: Range<Int>

  package init(mode: SegmentMode, bytes: Range<Int>) {
    self.mode = mode
    self.bytes = bytes
  }
}

/// A defined function's code. Spec: core 3.0 §5.5.13.
package struct FunctionBody: Sendable {
  /// From the first local declaration to behind the last `end`.
  package var bytes: Range<Int>

  package init(bytes: Range<Int>) { self.bytes = bytes }
}

/// A custom section. Spec: core 3.0 §5.5.3.
package struct CustomSection: Sendable {
  package var name: String
  /// The content behind the name.
  package var bytes: Range<Int>

  package init(name: String, bytes: Range<Int>) {
    self.name = name
    self.bytes = bytes
  }
}
