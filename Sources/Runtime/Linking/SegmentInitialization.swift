// Segments: active ones are copied at once, passive ones kept for the bulk instructions.

import CRuntime
import SystemCalls
import WasmModule

extension Instantiation {
  /// Evaluates and lays out all segments, then copies the active ones in order, element segments
  /// first. Spec: core 3.0 §4.7.2, steps 12-19.
  mutating func initializeSegments(
    _ initialMemory: InitialMemory?
  ) throws(InstantiationError) {
    let record = instance.record
    let data = module.data.map { segment in
      wasmrun_data_segment(
        bytes: bytes.baseAddress?.advanced(by: segment.bytes.lowerBound)
          .assumingMemoryBound(to: UInt8.self),
        byte_count: UInt64(segment.bytes.count))
    }
    record.pointee.data_segments = try Self.resources { () throws(ResourceError) in
      try store.arena.copy(data)
    }
    try makeElementSegments()
    for (index, segment) in module.elements.enumerated() { try initialize(segment, index) }
    if let initialMemory { try move(initialMemory) }
    expectActiveData()
    for (index, segment) in module.data.enumerated() {
      guard case .active(let memory, let offset) = segment.mode else { continue }
      let place = try evaluate(offset, module.memories[Int(memory)].limits)
      let status = wasmrun_initialize_memory(
        record, UInt32(index), memory, place, 0, UInt64(segment.bytes.count))
      try check(status)
      record.pointee.data_segments![index].byte_count = 0
    }
  }

  /// Makes room for what builtins know of element segments; all are empty.
  func makeElementSegments() throws(InstantiationError) {
    instance.record.pointee.element_segments = try Self.resources { () throws(ResourceError) in
      try store.arena.allocate(wasmrun_element_segment.self, count: module.elements.count)
    }
  }

  private func move(_ initialMemory: InitialMemory) throws(InstantiationError) {
    do throws(Errno) {
      try initialMemory.move(to: instance.memories)
    } catch {
      throw .image("its memory does not fit: \(error)")
    }
  }

  /// The value of a segment's `offset`, an address into something of these limits.
  private mutating func evaluate(
    _ offset: ConstantExpression, _ limits: Limits
  ) throws(InstantiationError) -> UInt64 {
    let value = try evaluate(offset).low
    return limits.is64Bit ? value : UInt64(UInt32(truncatingIfNeeded: value))
  }

  private func expectActiveData() {
    var byteCounts = [UInt64](repeating: 0, count: instance.memories.count)
    for segment in module.data {
      guard case .active(let memory, _) = segment.mode else { continue }
      byteCounts[Int(memory)] += UInt64(segment.bytes.count)
    }
    for (memory, byteCount) in zip(instance.memories, byteCounts) {
      memory.expectData(byteCount: byteCount)
    }
  }

  mutating func initialize(
    _ segment: ElementSegment, _ index: Int
  ) throws(InstantiationError) {
    switch segment.mode {
    case .declarative: break
    case .passive:
      let references = try references(of: segment)
      instance.record.pointee.element_segments![index] = wasmrun_element_segment(
        references: try Self.resources { () throws(ResourceError) in
          try store.arena.copy(references)
        }, count: UInt64(references.count))
      let kept = UnsafePointer(instance.record.pointee.element_segments! + index)
      try Self.resources { () throws(ResourceError) in
        try store.heap.add(identified(segment.type), kept)
      }
    case .active(let table, let offset):
      let place = try evaluate(offset, module.tables[Int(table)].type.limits)
      let references = try references(of: segment)
      try check(
        wasmrun_store_elements(
          instance.record.pointee.tables! + Int(table), place, references,
          UInt64(references.count)))
    }
  }

  /// The bits of a segment's references.
  private mutating func references(
    of segment: ElementSegment
  ) throws(InstantiationError) -> [UInt64] {
    switch segment.items {
    case .functions(let indices):
      return try indices.map { index throws(InstantiationError) in
        guard let place = module.referencePlace(of: index) else {
          throw .invalid(ModuleError(.invalid, "undeclared function reference", at: 0))
        }
        return UInt64(UInt(bitPattern: instance.cell(place)))
      }
    case .expressions(let expressions):
      return try expressions.map { expression throws(InstantiationError) in
        try evaluate(expression).low
      }
    }
  }

  private func check(_ status: Int32) throws(InstantiationError) {
    if status != WASMRUN_FINISHED { throw .stopped(store.reason(for: status)) }
  }
}
