// A function that can be referenced, called and exported.

import CRuntime
package import WasmModule

/// A function of an instance or of the host; valid as long as its store.
package struct Function: Hashable {
  /// The original, never a copy: in the VMContext of the instance that defines the function, or in
  /// the store's arena.
  let reference: UnsafeMutablePointer<wasmrun_funcref>

  /// The function that `reference`, filled in already, refers to.
  init(_ reference: UnsafeMutablePointer<wasmrun_funcref>) {
    self.reference = reference.pointee.identity ?? reference
  }

  /// The function that a reference's bits point to; nil for null.
  init?(address: UInt64) {
    guard let reference = UnsafeMutablePointer<wasmrun_funcref>(bitPattern: UInt(address)) else {
      return nil
    }
    self.init(reference)
  }

  /// A reference's bits.
  var address: UInt64 { UInt64(UInt(bitPattern: reference)) }

  /// Types in it are named by ids.
  package var type: FunctionType { TypeRegistry.type(reference.pointee.type_id) }

  /// The type of references to the function.
  var referenceType: ValueType {
    .reference(.defined(reference.pointee.type_id), nullable: false)
  }

  /// The instance that defines the function, and its index there; nil for the host's.
  package var definition: (instance: Instance, index: UInt32)? {
    guard let record = reference.pointee.vmcontext?.pointee.instance else { return nil }
    let instance = Unmanaged<Instance>.fromOpaque(record.pointee.owner).takeUnretainedValue()
    return (instance, reference.pointee.function_index)
  }

  /// The host function's record; nil for a function of an instance.
  var hostRecord: UnsafeMutablePointer<wasmrun_host_record>? {
    guard let context = reference.pointee.vmcontext, context.pointee.instance == nil else {
      return nil
    }
    return UnsafeMutableRawPointer(context).assumingMemoryBound(to: wasmrun_host_record.self)
  }
}
