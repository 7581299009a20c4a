// Types as their bytes in the binary format.

/// A value, storage or heap type, encoded: six bytes at most. Spec: core 3.0 §5.3.
struct EncodedType: Equatable {
  /// The first byte is the lowest.
  private(set) var bits: UInt64
  private(set) var byteCount: Int

  init(code: UInt8) {
    bits = UInt64(code)
    byteCount = 1
  }

  /// A reference to a heap type. The nullable abstract ones have a form of one byte.
  init(heapType: EncodedType, isNullable: Bool) {
    if isNullable, heapType.byteCount == 1, heapType.bits & 0x40 != 0 {
      self = heapType
    } else {
      bits = heapType.bits << 8 | (isNullable ? 0x63 : 0x64)
      byteCount = heapType.byteCount + 1
    }
  }

  /// The heap type that a type index is.
  init(typeIndex: UInt32) {
    var bytes: [UInt8] = []
    bytes.appendSigned(Int64(typeIndex))
    bits = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    byteCount = bytes.count
  }

  static let function = EncodedType(code: 0x70)
}

extension [UInt8] {
  mutating func append(_ type: EncodedType) {
    appendFixed(type.bits, byteCount: type.byteCount)
  }
}
