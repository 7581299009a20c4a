// The binary format's pieces, as far as a core dump needs them.

import WasmModule

/// Bytes of a module under construction. Spec: core 3.0 §5.
struct BinaryEncoder {
  /// Sections by their ids. Spec: core 3.0 §5.5.2.
  enum Section: UInt8 {
    case custom = 0
    case memory = 5
    case global = 6
    case data = 11
  }

  private(set) var bytes: [UInt8] = []

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// LEB128. Spec: core 3.0 §5.2.2.
  mutating func append(unsigned value: some BinaryInteger) {
    bytes.append(unsigned: UInt64(value))
  }

  mutating func append(signed value: Int64) { bytes.append(signed: value) }

  mutating func append(name: String) {
    append(unsigned: name.utf8.count)
    append(name.utf8)
  }

  mutating func append<Element>(
    vector: [Element], _ encode: (inout BinaryEncoder, Element) -> Void
  ) {
    append(unsigned: vector.count)
    for element in vector { encode(&self, element) }
  }

  mutating func append(section: Section, _ content: BinaryEncoder) {
    append(section.rawValue)
    append(unsigned: content.bytes.count)
    append(content.bytes)
  }

  mutating func append(customSection name: String, _ content: BinaryEncoder) {
    var section = BinaryEncoder()
    section.append(name: name)
    section.append(content.bytes)
    append(section: .custom, section)
  }
}

extension BinaryEncoder {
  /// Spec: core 3.0 §5.3.15, and the custom page sizes' proposal.
  mutating func append(_ type: MemoryType) {
    let limits = type.limits
    let hasOwnPageSize = type.pageSizeLog2 != 16
    append(
      (limits.maximum == nil ? 0 : 1) | (limits.isShared ? 2 : 0) | (limits.is64Bit ? 4 : 0)
        | (hasOwnPageSize ? 8 : 0))
    append(unsigned: limits.minimum)
    if let maximum = limits.maximum { append(unsigned: maximum) }
    if hasOwnPageSize { append(unsigned: type.pageSizeLog2) }
  }

  /// A global that never changes and has this value. References are not the file's to hold: their
  /// place is taken by null.
  mutating func append(constant value: Value, _ type: ValueType) {
    let mutability: UInt8 = 0
    switch value {
    case .i32(let bits):
      append([0x7F, mutability, 0x41])
      append(signed: Int64(Int32(bitPattern: bits)))
    case .i64(let bits):
      append([0x7E, mutability, 0x42])
      append(signed: Int64(bitPattern: bits))
    case .f32(let bits):
      append([0x7D, mutability, 0x43])
      append(littleEndian: bits)
    case .f64(let bits):
      append([0x7C, mutability, 0x44])
      append(littleEndian: bits)
    case .v128(let low, let high):
      append([0x7B, mutability, 0xFD, 0x0C])
      append(littleEndian: low)
      append(littleEndian: high)
    default:
      let heapType: UInt8 =
        switch TypeRegistry.hierarchy(of: type) {
        case .function: 0x70
        case .external: 0x6F
        case .exception: 0x69
        default: 0x6E
        }
      append([heapType, mutability, 0xD0, heapType])
    }
    append(0x0B)
  }

  private mutating func append(littleEndian value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { append($0) }
  }
}
