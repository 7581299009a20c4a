// Integers of variable length, written. (They are read by who knows how long they may be.)

extension [UInt8] {
  /// Appends a number as unsigned LEB128. Spec: core 3.0 §5.2.2; DWARF 5 §7.6.
  package mutating func append(unsigned value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends a number as signed LEB128.
  package mutating func append(signed value: Int64) {
    var rest = value
    while !(-64..<64).contains(rest) {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest) & 0x7F)
  }
}
