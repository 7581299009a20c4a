// The sections that lines are read from, and strings in them.

/// Sections of one file by DWARF's names for them; empty where the file has none. Whoever makes this
/// keeps the bytes alive.
package struct DebugSections {
  /// `.debug_line`.
  package var lines = UnsafeRawBufferPointer(start: nil, count: 0)
  /// `.debug_line_str`.
  package var lineStrings = UnsafeRawBufferPointer(start: nil, count: 0)
  /// `.debug_str`.
  package var strings = UnsafeRawBufferPointer(start: nil, count: 0)
  /// `.debug_info`.
  package var units = UnsafeRawBufferPointer(start: nil, count: 0)
  /// `.debug_abbrev`.
  package var abbreviations = UnsafeRawBufferPointer(start: nil, count: 0)

  package init() {}

  /// A section that strings lie in.
  enum StringSection: UInt8 {
    case lines
    case lineStrings
    case strings
    case units
  }

  /// Names are cut off here: nothing has to be longer, and many entries can name the same bytes.
  private static let longestName = 4_096

  /// The string at `place`; empty where there is none.
  func text(_ place: StringPlace) -> String {
    let section =
      switch place.section {
      case .lines: lines
      case .lineStrings: lineStrings
      case .strings: strings
      case .units: units
      }
    guard place.offset < UInt64(section.count) else { return "" }
    let bytes = section[Int(place.offset)...].prefix(Self.longestName).prefix { $0 != 0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Where a string is.
struct StringPlace {
  var section: DebugSections.StringSection
  var offset: UInt64
}

/// How a value is written: the ones that lines and the roots of units need. Source: DWARF 5 §7.5.6.
enum Form {
  static let address: UInt64 = 0x01
  static let string: UInt64 = 0x08
  static let stringOffset: UInt64 = 0x0E
  static let unsigned: UInt64 = 0x0F
  static let indirect: UInt64 = 0x16
  static let sectionOffset: UInt64 = 0x17
  static let lineStringOffset: UInt64 = 0x1F
  static let implicitConstant: UInt64 = 0x21

  /// A value as far as anybody asks for it.
  enum Value {
    case number(UInt64)
    case text(StringPlace)
    case other
  }

  /// Reads a value in `form`; strings that lie here are in `section`.
  static func read(
    _ form: UInt64, _ cursor: inout ByteCursor, in section: DebugSections.StringSection,
    addressByteCount: Int, offsetByteCount: Int
  ) throws(Malformed) -> Value {
    switch form {
    case address: return .number(try cursor.number(byteCount: addressByteCount))
    case string: return .text(StringPlace(section: section, offset: UInt64(try cursor.string())))
    case stringOffset:
      return .text(
        StringPlace(section: .strings, offset: try cursor.number(byteCount: offsetByteCount)))
    case lineStringOffset:
      return .text(
        StringPlace(section: .lineStrings, offset: try cursor.number(byteCount: offsetByteCount)))
    case sectionOffset: return .number(try cursor.number(byteCount: offsetByteCount))
    case 0x0B, 0x0C, 0x11: return .number(try cursor.number(byteCount: 1))  // data1, flag, ref1
    case 0x05, 0x12: return .number(try cursor.number(byteCount: 2))  // data2, ref2
    case 0x06, 0x13: return .number(try cursor.number(byteCount: 4))  // data4, ref4
    case 0x07, 0x14, 0x20: return .number(try cursor.number(byteCount: 8))  // data8, ref8, ref_sig8
    case unsigned, 0x15: return .number(try cursor.unsigned())  // udata, ref_udata
    case 0x0D: return .number(UInt64(bitPattern: try cursor.signed()))  // sdata
    case 0x0A: try cursor.skip(try cursor.number(byteCount: 1))  // block1
    case 0x03: try cursor.skip(try cursor.number(byteCount: 2))  // block2
    case 0x04: try cursor.skip(try cursor.number(byteCount: 4))  // block4
    case 0x09, 0x18: try cursor.skip(try cursor.unsigned())  // block, exprloc
    case 0x10: try cursor.skip(UInt64(offsetByteCount))  // ref_addr
    case 0x19: break  // flag_present
    case 0x1E: try cursor.skip(16)  // data16
    case 0x1A, 0x1B, 0x22, 0x23: _ = try cursor.unsigned()  // strx, addrx, loclistx, rnglistx
    case 0x25...0x28: try cursor.skip(form - 0x24)  // strx1 to strx4
    case 0x29...0x2C: try cursor.skip(form - 0x28)  // addrx1 to addrx4
    default: throw Malformed()
    }
    return .other
  }
}
