// What C and machine code know of a canonical type.

import CRuntime
import CompilerInterface
import WasmModule

/// Makes the records of types. They belong to the process and are never freed.
enum TypeRecord {
  /// Publishes the record of type `id`; functions without supertypes need none. False where memory
  /// is lacking.
  static func publish(_ id: UInt32, _ types: borrowing CanonicalTypes) -> Bool {
    let type = types.type(id)
    guard type.function == nil || type.supertype != nil else { return true }
    let lineage = types.lineage(of: id)
    let displayCount = max(lineage.count, TypeRecordLayout.minimumDisplayCount)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: TypeRecordLayout.display + 4 * displayCount, alignment: ObjectLayout.alignment)
    memory.initializeMemory(
      as: UInt8.self, repeating: 0, count: TypeRecordLayout.display + 4 * displayCount)
    let record = memory.bindMemory(to: wasmrun_type.self, capacity: 1)
    record.pointee.id = id
    record.pointee.depth = UInt32(lineage.count - 1)
    for (depth, ancestor) in lineage.enumerated() {
      memory.storeBytes(
        of: ancestor, toByteOffset: TypeRecordLayout.display + 4 * depth, as: UInt32.self)
    }
    func isFollowed(_ field: FieldType) -> Bool {
      types.hierarchy(of: field.storage.unpacked).map { $0 != .function } ?? false
    }
    switch type.composite {
    case .function: record.pointee.kind = TypeRecordLayout.Kind.function.rawValue
    case .array(let element):
      record.pointee.kind = TypeRecordLayout.Kind.array.rawValue
      record.pointee.byte_count = UInt32(element.storage.byteCount)
      record.pointee.reference_count = isFollowed(element) ? 1 : 0
    case .structure(let fields):
      let layout = ObjectLayout(fields)
      record.pointee.kind = TypeRecordLayout.Kind.structure.rawValue
      record.pointee.byte_count = UInt32(layout.byteCount)
      let offsets = fields.indices.filter { isFollowed(fields[$0]) }.map {
        UInt32(layout.offsets[$0])
      }
      record.pointee.reference_count = UInt32(offsets.count)
      let copy = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, offsets.count))
      for (place, offset) in offsets.enumerated() { (copy + place).initialize(to: offset) }
      record.pointee.reference_offsets = UnsafePointer(copy)
    }
    return wasmrun_type_publish(record)
  }
}
