// LEB128 integers as mutations write them: not only the shortest form, and not only right ones.

/// An unsigned LEB128 integer, with `padding` bytes more than it needs.
func unsigned(_ value: UInt64, padding: Int = 0) -> [UInt8] {
  var rest = value
  var bytes: [UInt8] = []
  repeat {
    bytes.append(UInt8(rest & 0x7F) | 0x80)
    rest >>= 7
  } while rest > 0
  bytes += Array(repeating: 0x80, count: padding)
  bytes[bytes.count - 1] &= 0x7F
  return bytes
}

/// The integer at `place`, at most ten bytes of it, and where it ends; nil where there is none.
func readUnsigned(_ bytes: [UInt8], at place: Int) -> (value: UInt64, end: Int)? {
  var value: UInt64 = 0
  for index in place..<min(place + 10, bytes.count) {
    value |= UInt64(bytes[index] & 0x7F) << UInt64(7 * (index - place))
    if bytes[index] < 0x80 { return (value, index + 1) }
  }
  return nil
}

/// Another encoding or another value for an integer that was `value`.
func edited(_ value: UInt64, _ random: inout SeededGenerator) -> [UInt8] {
  switch random.number(below: 9) {
  case 0: unsigned(value &+ 1)
  case 1: unsigned(value &- 1)
  case 2: unsigned(value, padding: 1 + random.number(below: 5))
  case 3: unsigned(UInt64(random.number(below: 8)))
  case 4: unsigned(UInt64(random.number(below: 300)))
  case 5: unsigned(1 << UInt64(random.number(below: 64)))
  case 6: unsigned((1 << UInt64(random.number(below: 64))) &- 1)
  case 7: [0xFF, 0xFF, 0xFF, 0xFF, random.byte() & 0x7F]
  default: [random.byte()]
  }
}
