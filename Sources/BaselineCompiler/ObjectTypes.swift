// Structure and array types as the compiler reads them.

internal import CompilerInterface
internal import WasmModule

/// A field of a structure or an array's element.
struct FieldPlace: BitwiseCopyable {
  enum Packing: UInt8 {
    case none
    case one
    case two
  }

  /// In the object; of an element in the array's first.
  var offset: Int32
  /// On the operand stack.
  var kind: ValueKind
  var packing: Packing
  /// log2 of its bytes.
  var sizeLog2: UInt8
}

/// A type of the module.
struct TypePlace: BitwiseCopyable {
  /// Offset in the VMContext of the address of its record; 0 for functions.
  var record: Int32
  /// Offset in the VMContext of its canonical id.
  var id: Int32
  var isFunction: Bool
  /// Nothing is a subtype of it.
  var isFinal: Bool
  /// How many supertypes it has.
  var depth: Int32
  /// Its fields, in `ModuleTables.fields`; an array has one.
  var firstField: Int32
  var fieldCount: Int32
}

/// What bodies refer to of the type section.
struct ObjectTypes {
  private(set) var types: [TypePlace] = []
  private(set) var fields: [FieldPlace] = []

  init(_ module: Module, _ layout: VMContextLayout) {
    for (index, type) in module.types.enumerated() {
      types.append(
        TypePlace(
          record: Int32(layout.typeRecords[index] ?? 0), id: Int32(layout.typeIDs[index]),
          isFunction: type.function != nil, isFinal: type.isFinal,
          depth: Self.depth(of: type, in: module), firstField: Int32(fields.count),
          fieldCount: Int32(type.fields.count)))
      let isArray = if case .array = type.composite { true } else { false }
      let offsets =
        isArray ? [ObjectLayout.arrayElements] : ObjectLayout(type.fields).offsets
      for (field, offset) in zip(type.fields, offsets) {
        fields.append(Self.place(field.storage, offset, module))
      }
    }
  }

  private static func depth(of type: SubType, in module: Module) -> Int32 {
    var depth: Int32 = 0
    var type = type
    while let supertype = type.supertype {
      depth += 1
      type = module.types[Int(supertype)]
    }
    return depth
  }

  private static func place(
    _ storage: StorageType, _ offset: Int, _ module: Module
  ) -> FieldPlace {
    let packing: FieldPlace.Packing =
      switch storage {
      case .i8: .one
      case .i16: .two
      case .value: .none
      }
    return FieldPlace(
      offset: Int32(offset), kind: ModuleTables.kind(of: storage.unpacked, in: module),
      packing: packing, sizeLog2: UInt8(storage.byteCount.trailingZeroBitCount))
  }
}
