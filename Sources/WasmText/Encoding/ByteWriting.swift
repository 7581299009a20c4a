// The binary format's primitive values. Spec: core 3.0 §5.2.

extension [UInt8] {
  /// An unsigned integer as LEB128.
  @inline(__always)
  mutating func appendUnsigned(_ value: some UnsignedInteger & FixedWidthInteger) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// A signed integer as LEB128.
  mutating func appendSigned(_ value: Int64) {
    var rest = value
    while rest < -0x40 || rest >= 0x40 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest) & 0x7F)
  }

  /// The low `byteCount` bytes, little-endian.
  mutating func appendFixed(_ value: UInt64, byteCount: Int) {
    for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// A length, and the bytes themselves.
  mutating func appendSized(_ bytes: some Collection<UInt8>) {
    appendUnsigned(UInt(bytes.count))
    append(contentsOf: bytes)
  }
}
