// The store's heap of structures, arrays and exceptions, and references to them that the host holds.

import CRuntime
import CompilerInterface
import WasmModule

/// A garbage-collected heap; its C side is in `wasmrun_heap.h`. Lives as long as its store and every
/// handle on one of its objects.
final class ObjectHeap {
  let pointer: OpaquePointer

  /// What the heap has done so far, and holds.
  package struct Statistics {
    package var collectionCount: UInt64
    /// Bytes of objects, dead ones that are not found yet among them.
    package var byteCount: UInt64
  }

  /// A heap that may take `limit` bytes.
  init(limit: UInt64) throws(ResourceError) {
    guard let heap = wasmrun_heap_create(limit) else { throw .heap }
    pointer = heap
  }

  deinit { wasmrun_heap_destroy(pointer) }

  /// Collects at every allocation.
  func beginStress() { wasmrun_heap_set_stress(pointer, true) }

  var statistics: Statistics {
    let statistics = wasmrun_heap_statistics(pointer)
    return Statistics(
      collectionCount: statistics.collections, byteCount: statistics.byte_count)
  }

  func collect() { wasmrun_heap_collect(pointer) }

  /// Runs `body` without collecting: for Swift code that holds references.
  func withoutCollecting<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    wasmrun_heap_pause(pointer)
    defer { wasmrun_heap_resume(pointer) }
    return try body()
  }

  // MARK: Roots.

  /// Whether the collector follows references of `type`, which names types by ids.
  static func follows(_ type: ValueType) -> Bool {
    TypeRegistry.hierarchy(of: type).map { $0 != .function } ?? false
  }

  func add(_ global: GlobalType, cell: UnsafeRawPointer) throws(ResourceError) {
    guard Self.follows(global.value) else { return }
    try check(wasmrun_heap_add_cell(pointer, cell))
  }

  func add(
    _ table: TableType, _ definition: UnsafePointer<wasmrun_definition>
  ) throws(ResourceError) {
    guard Self.follows(table.element) else { return }
    try check(wasmrun_heap_add_table(pointer, definition))
  }

  func add(
    _ type: ValueType, _ segment: UnsafePointer<wasmrun_element_segment>
  ) throws(ResourceError) {
    guard Self.follows(type) else { return }
    try check(wasmrun_heap_add_segment(pointer, segment))
  }

  private func check(_ isDone: Bool) throws(ResourceError) {
    if !isDone { throw .heap }
  }
}

/// An object that the host holds on to; equal to others on the same object.
package final class ObjectReference: Hashable {
  let address: UInt64
  private let heap: ObjectHeap
  private let handle: UnsafeMutablePointer<wasmrun_handle>

  init(address: UInt64, in heap: ObjectHeap) {
    self.address = address
    self.heap = heap
    handle = .allocate(capacity: 1)
    handle.initialize(to: wasmrun_handle(reference: address, next: nil, previous: nil))
    wasmrun_heap_add_handle(heap.pointer, handle)
  }

  deinit {
    wasmrun_heap_remove_handle(heap.pointer, handle)
    handle.deallocate()
  }

  package static func == (left: ObjectReference, right: ObjectReference) -> Bool {
    left.address == right.address
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(address) }

  func belongs(to heap: ObjectHeap) -> Bool { heap === self.heap }

  private var record: wasmrun_type {
    UnsafePointer<UnsafePointer<wasmrun_type>>(bitPattern: UInt(address))!.pointee.pointee
  }

  /// The canonical type's id.
  var typeID: UInt32 { record.id }

  package var isArray: Bool { record.kind == TypeRecordLayout.Kind.array.rawValue }
}

/// A reference of the `any` family that is not null.
package enum InternalReference: Hashable {
  /// 31 bits.
  case i31(UInt32)
  case object(ObjectReference)
  /// A value of the host, made internal; its number is below 2^62.
  case host(UInt64)

  /// The reference's bits; see ObjectLayout.
  var bits: UInt64 {
    switch self {
    case .i31(let value): UInt64(value & 0x7FFF_FFFF) << 1 | 1
    case .object(let object): object.address
    case .host(let number): number << 2 | 2
    }
  }

  /// nil for null.
  init?(bits: UInt64, in heap: ObjectHeap) {
    if bits == 0 { return nil }
    if bits & 1 != 0 {
      self = .i31(UInt32(truncatingIfNeeded: bits >> 1))
    } else if bits & 2 != 0 {
      self = .host(bits >> 2)
    } else {
      self = .object(ObjectReference(address: bits, in: heap))
    }
  }

  /// The most precise type of references to it; names types by ids.
  var type: ValueType {
    switch self {
    case .i31: .reference(.i31, nullable: false)
    case .object(let object): .reference(.defined(object.typeID), nullable: false)
    case .host: .reference(.any, nullable: false)
    }
  }
}
