// What tells exceptions apart, and exceptions as the host sees them.

import CRuntime
import CompilerInterface
package import WasmModule

/// A tag of an instance or of the host; valid as long as its store. Spec: core 3.0 §4.2.10.
package struct Tag: Hashable {
  /// The address is the identity.
  let record: UnsafePointer<wasmrun_tag>

  init(record: UnsafePointer<wasmrun_tag>) { self.record = record }

  /// A tag of canonical type `typeID` for exceptions that carry `parameters`; `instance` is nil for
  /// the host's. It lies in `arena`.
  init(
    typeID: UInt32, carrying parameters: [ValueType], index: Int = 0,
    instance: UnsafeMutablePointer<wasmrun_instance>? = nil, in arena: Arena
  ) throws(ResourceError) {
    let slots = SlotLayout(parameters)
    let followed = zip(parameters, slots.offsets).filter { ObjectHeap.follows($0.0) }
    let offsets = followed.map { UInt32(ExceptionLayout.payload + $0.1) }
    let record = try arena.allocate(
      byteCount: TypeRecordLayout.display, alignment: ObjectLayout.alignment
    ).bindMemory(to: wasmrun_type.self, capacity: 1)
    record.pointee.kind = TypeRecordLayout.Kind.structure.rawValue
    record.pointee.byte_count = UInt32(ExceptionLayout.payload + slots.byteCount)
    record.pointee.reference_count = UInt32(offsets.count)
    record.pointee.reference_offsets = UnsafePointer(try arena.copy(offsets))
    let tag = try arena.allocate(wasmrun_tag.self)
    tag.pointee = wasmrun_tag(
      type_id: typeID, index: UInt32(index), instance: instance, record: record)
    self.record = UnsafePointer(tag)
  }

  /// What exceptions of the tag carry.
  package var type: FunctionType { TypeRegistry.type(record.pointee.type_id) }

  /// The instance that defines the tag, and its index there; nil for the host's.
  package var definition: (instance: Instance, index: UInt32)? {
    guard let owner = record.pointee.instance?.pointee.owner else { return nil }
    return (Unmanaged<Instance>.fromOpaque(owner).takeUnretainedValue(), record.pointee.index)
  }
}

/// An exception that the host holds, and so keeps.
package struct Exception: Hashable {
  let object: ObjectReference

  /// The exception that a reference's bits point to; nil for null.
  init?(address: UInt64, in heap: ObjectHeap) {
    guard address != 0 else { return nil }
    object = ObjectReference(address: address, in: heap)
  }

  package var tag: Tag { Tag(record: record.pointee.tag) }

  /// Stays where it is while this value lives.
  var record: UnsafeMutablePointer<wasmrun_exception> {
    UnsafeMutablePointer(bitPattern: UInt(object.address))!
  }

  /// The tag by its module; nil for the host's.
  var thrownTag: ThrownTag? {
    tag.definition.map { ThrownTag(code: $0.instance.code, index: $0.index) }
  }

  /// Whether guests of the store that `heap` is of can be given the exception.
  func belongs(to heap: ObjectHeap) -> Bool { object.belongs(to: heap) }
}
