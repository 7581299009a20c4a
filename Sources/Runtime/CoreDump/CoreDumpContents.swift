// What a core dump holds of a store: each memory and global once, whoever imports it, and of memories
// what is not zero.

import CompilerInterface
import WasmModule

/// A stretch of a memory's bytes.
struct CoreDumpSegment {
  let memory: Int
  let is64Bit: Bool
  let offset: Int
  let content: UnsafeRawBufferPointer

  /// All of an active data segment but its bytes. Spec: core 3.0 §5.5.14.
  var header: [UInt8] {
    var header = BinaryEncoder()
    header.append(memory == 0 ? 0 : 2)
    if memory != 0 { header.append(unsigned: memory) }
    header.append(is64Bit ? 0x42 : 0x41)
    header.append(signed: is64Bit ? Int64(offset) : Int64(Int32(truncatingIfNeeded: offset)))
    header.append(0x0B)
    header.append(unsigned: content.count)
    return header.bytes
  }
}

/// The instances of a store, with their storage numbered.
struct CoreDumpContents {
  private let instances: [Instance]
  private var memories: [LinearMemory] = []
  private var globals: [GlobalCell] = []

  init(_ store: Store) {
    instances = store.instances
    for instance in instances {
      for memory in instance.memories where !memories.contains(where: { $0 === memory }) {
        memories.append(memory)
      }
      for global in instance.globals where !globals.contains(where: { $0.cell == global.cell }) {
        globals.append(global)
      }
    }
  }

  /// Appends the sections of modules and instances; each instance has a module of its own.
  func appendInstances(to dump: inout BinaryEncoder, _ moduleName: (LoadedCode) -> String) {
    var modules = BinaryEncoder()
    modules.append(vector: instances.map { moduleName($0.code) }) { encoder, name in
      encoder.append(0)
      encoder.append(name: name)
    }
    dump.append(customSection: "coremodules", modules)
    var section = BinaryEncoder()
    section.append(vector: Array(instances.enumerated())) { encoder, instance in
      encoder.append(0)
      encoder.append(unsigned: instance.offset)
      encoder.append(vector: memoryNumbers(instance.element)) { $0.append(unsigned: $1) }
      encoder.append(vector: globalNumbers(instance.element)) { $0.append(unsigned: $1) }
    }
    dump.append(customSection: "coreinstances", section)
  }

  private func memoryNumbers(_ instance: Instance) -> [Int] {
    instance.memories.compactMap { memory in memories.firstIndex { $0 === memory } }
  }

  private func globalNumbers(_ instance: Instance) -> [Int] {
    instance.globals.compactMap { global in globals.firstIndex { $0.cell == global.cell } }
  }

  /// Appends memories and globals; what the memories hold is for the caller to write behind them.
  func appendStorage(to dump: inout BinaryEncoder) -> [CoreDumpSegment] {
    if !memories.isEmpty {
      var section = BinaryEncoder()
      section.append(vector: memories) { $0.append($1.currentType) }
      dump.append(section: .memory, section)
    }
    if !globals.isEmpty {
      var section = BinaryEncoder()
      section.append(vector: globals) { $0.append(constant: $1.value, $1.type.value) }
      dump.append(section: .global, section)
    }
    return memories.enumerated().flatMap { Self.segments(of: $1, number: $0) }
  }

  /// Memory is looked at in blocks of this many bytes.
  private static let blockByteCount = 4_096
  /// As many blocks without data end a segment: a module cannot have any number of segments.
  private static let gap = 16

  private static func segments(of memory: LinearMemory, number: Int) -> [CoreDumpSegment] {
    guard let base = memory.definition.pointee.base else { return [] }
    let bytes = UnsafeRawBufferPointer(start: base, count: Int(memory.byteCount))
    var ranges: [Range<Int>] = []
    for start in stride(from: 0, to: bytes.count, by: blockByteCount) {
      let end = min(start + blockByteCount, bytes.count)
      guard !isZero(bytes[start..<end]) else { continue }
      if let last = ranges.last, start - last.upperBound < gap * blockByteCount {
        ranges[ranges.count - 1] = last.lowerBound..<end
      } else {
        ranges.append(start..<end)
      }
    }
    return ranges.map { range in
      CoreDumpSegment(
        memory: number, is64Bit: memory.type.limits.is64Bit, offset: range.lowerBound,
        content: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  private static func isZero(_ bytes: UnsafeRawBufferPointer.SubSequence) -> Bool {
    let block = UnsafeRawBufferPointer(rebasing: bytes)
    var offset = 0
    var all: UInt64 = 0
    while offset + 8 <= block.count {
      all |= block.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < block.count {
      all |= UInt64(block[offset])
      offset += 1
    }
    return all == 0
  }
}
